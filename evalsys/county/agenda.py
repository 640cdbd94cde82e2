"""What sixteen units of a made-up county are asked in public, and what they promise (Y69)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from evalsys.domain.agenda import Issue, Target


@dataclass(frozen=True, slots=True)
class Answered:
    """An issue, and what its unit promises on stage; nothing where the speaker does not come."""

    issue: Issue
    measure: str
    target: Target
    days: int


_ASKED: Final = (
    # bureau, issue, question, requests, places, measure, target, amount, unit, days
    (
        "住房和城乡建设局",
        "农村厕所改造",
        "报了名两年，旱厕还没有轮到改，什么时候能改完？",
        1286,
        212,
        "按报名先后分三批施工，逐户验收并公示",
        ("完成改厕", "1200", "户"),
        120,
    ),
    (
        "交通运输局",
        "村内道路硬化",
        "门前的土路一下雨就出不了门，哪年能硬化？",
        2140,
        318,
        "先修学校、卫生室门前路段，资金随工程公示",
        ("硬化村内道路", "86.5", "公里"),
        180,
    ),
    (
        "水利局",
        "饮水安全",
        "自来水隔三差五停，夏天更接不上，怎么办？",
        1733,
        164,
        "更换老旧管网，停水提前一天通知到户",
        ("更换管网", "42", "公里"),
        150,
    ),
    (
        "医疗保障局",
        "医保报销",
        "住院报销要跑三趟县城，能不能在镇上一次办完？",
        968,
        0,
        "镇街窗口受理，材料不齐当场列单",
        ("镇街可办报销窗口", "19", "个"),
        60,
    ),
    (
        "教育和体育局",
        "学校取暖",
        "村小冬天教室冷，孩子手都冻了，今年能通暖吗？",
        402,
        37,
        "入冬前完成改造，室温每日公布",
        ("完成取暖改造的学校", "37", "所"),
        75,
    ),
    (
        "民政局",
        "低保审核",
        "低保申请报上去没有回音，多久给答复？",
        655,
        0,
        "受理后限时办结，不批的当面说明理由",
        ("二十个工作日内办结率", "98", "%"),
        90,
    ),
    (
        "农业农村局",
        "果品销路",
        "苹果丰收卖不上价，有没有人帮着找销路？",
        1120,
        146,
        "建产地收购点，价格每日公布",
        ("新建产地收购点", "24", "处"),
        45,
    ),
    (
        "自然资源局",
        "宅基地确权",
        "房子盖了十年，不动产证一直办不下来。",
        873,
        91,
        "进村集中测量，一村一公示",
        ("发放不动产权证", "3600", "本"),
        180,
    ),
    (
        "生态环境分局",
        "河道污染",
        "村后的河又黑又臭，谁来管？",
        517,
        28,
        "封堵排口，设公示牌和举报电话",
        ("整治河段", "18.2", "公里"),
        150,
    ),
    (
        "人力资源和社会保障局",
        "拖欠工资",
        "在县里工地干活，工钱拖了半年，找谁要？",
        346,
        0,
        "在建项目全部开设工资专户，欠薪线索三日内核查",
        ("开设工资专户的项目", "58", "个"),
        30,
    ),
    (
        "卫生健康局",
        "村卫生室",
        "村卫生室常没人，量个血压都要去镇上。",
        720,
        133,
        "巡诊排班上墙，乡村医生缺口招录补齐",
        ("每周坐诊五天的村卫生室", "133", "个"),
        90,
    ),
    (
        "公安局",
        "户口办理",
        "孩子落户、改名要来回跑，能不能就近办？",
        288,
        0,
        "派出所全部下放权限，材料网上先审",
        ("可就近办结的户籍事项", "23", "项"),
        60,
    ),
    (
        "城市管理局",
        "垃圾清运",
        "村口垃圾池三五天没人拉，味道大。",
        1390,
        277,
        "日产日清，车辆轨迹公开可查",
        ("新增清运车", "46", "辆"),
        60,
    ),
    (
        "退役军人事务局",
        "优抚待遇",
        "优待证补贴标准不清楚，该发的没有发到。",
        164,
        0,
        "逐人核对并公示标准，漏发的一次补齐",
        ("核对优抚对象", "2310", "人"),
        60,
    ),
    (
        "行政审批服务局",
        "办事跑腿",
        "开个小店要跑好几个窗口，能不能一窗办？",
        431,
        0,
        "开办事项合并受理，帮办员全程代办",
        ("当日办结的开办事项", "31", "项"),
        45,
    ),
    (
        "残疾人联合会",
        "辅具适配",
        "老人的轮椅申请了一年，什么时候能领到？",
        233,
        0,
        "上门评估，按月发放并电话回访",
        ("适配辅助器具", "640", "件"),
        90,
    ),
)


def asked(heads: Mapping[str, tuple[str, str]], n: int) -> tuple[Answered, ...]:
    """Give the first `n` issues to units of this county, each with its head's name and post.

    `heads` gives name and post of each unit's principal by the unit's name; where a small county
    has no such bureau, its other units take the issues in turn.
    """
    others = list(_in_order(heads))
    found = []
    for i, (bureau, title, question, requests, places, measure, goal, days) in enumerate(
        _ASKED[:n]
    ):
        unit = f"县{bureau}" if f"县{bureau}" in heads else others[i % len(others)]
        speaker, post = heads[unit]
        issue = Issue(title, question, unit, speaker, post, requests, places)
        found.append(Answered(issue, measure, Target(*goal), days))
    return tuple(found)


def _in_order(heads: Mapping[str, tuple[str, str]]) -> Iterable[str]:
    return sorted(heads)
