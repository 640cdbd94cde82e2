"""Names of people who do not exist, some written with characters that only GB18030 knows."""

from evalsys.county.dice import Dice

SURNAMES = (
    "王王王王李李李李张张张张刘刘刘陈陈杨杨赵赵黄周周吴徐徐孙孙胡朱高高林何郭郭马马罗梁宋宋"
    "郑谢韩韩唐冯于于董董萧程曹曹袁邓许许傅沈曾彭吕吕苏卢蒋蔡贾丁魏魏薛薛叶阎余潘杜戴夏钟汪田"
    "任姜姜范方石姚谭廖邹熊金陆郝孔孔白崔崔康毛邱秦秦江史顾侯侯邵孟孟龙万段雷钱汤尹尹黎易常武"
    "乔贺赖龚文庞庞樊兰殷施陶洪翟安颜倪严牛牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢岳路齐梅莫"
)
COMPOUND_SURNAMES = ("欧阳", "上官", "诸葛", "司马", "夏侯", "皇甫", "公孙", "慕容")
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文海波山林东春生成斌宁鹏"
    "飞云鑫浩宇轩子涵雨欣怡佳琪思远晨光辉耀祥福贵财宝荣昌盛兴旺德义仁礼信忠孝廉洁正清淑贤惠珍"
    "凤莲菊香翠萍琴瑞庆喜长永恒久安康泰和顺利民富民新立功学习绍延传家继业守田保全增产丰收金银铜"
)
RARE = (
    "䶮",
    "㛃",
    "垚",
    "淼",
    "犇",
    "翀",
    "燚",
    "喆",
    "堃",
    "昇",
    "頔",
    "玥",
    "㭎",
    "𬱖",
    "𬍛",
    "𣲗",
    "𬭎",
)
"""In names of real people, and beyond GBK in part: 䶮㛃㭎 and the last four need GB18030."""

ENDINGS = (
    "庄",
    "村",
    "峪",
    "官庄",
    "家庄",
    "家峪",
    "家沟",
    "家岭",
    "家埠",
    "旺",
    "泉",
    "店子",
    "家洼",
)
SIDES = ("东", "西", "南", "北", "前", "后", "上", "下", "大", "小", "新", "中", "")


def person(dice: Dice) -> str:
    """Make up a name of two or three characters, seldom more."""
    chance = dice.random()
    surname = dice.one_of(SURNAMES) if chance < 0.997 else dice.one_of(COMPOUND_SURNAMES)
    given = dice.one_of(GIVEN)
    if chance < 0.003:
        return surname + dice.one_of(RARE)
    return surname + given + dice.one_of(GIVEN) if chance > 0.2 else surname + given


def villages(dice: Dice, count: int) -> list[str]:
    """Make up `count` different names of villages."""
    roots = sorted(set(SURNAMES)) + sorted(set(GIVEN))
    names = [side + root + end for root in roots for side in SIDES for end in ENDINGS]
    if count > len(names):
        names += [
            f"{name}{number}" for number in range(2, count // len(names) + 2) for name in names
        ]
    return dice.sample(names, count)
