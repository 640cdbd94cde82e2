"""Units, posts and ranks of a made-up county, from clerk to head of county."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evalsys.county.dice import Dice, apportion
from evalsys.domain.roster_ranks import StaffType

LEADERSHIP: Final = "县级领导班子"
ZONE: Final = "经济开发区"

_COMMITTEE = "常务副县长 纪委书记 组织部部长 宣传部部长 统战部部长 政法委书记 人武部部长 县委办主任"
LEADERS: Final = (
    ("县委书记", "正处级"),
    ("县委副书记、县长", "正处级"),
    ("县人大常委会主任", "正处级"),
    ("县政协主席", "正处级"),
    ("县委副书记", "副处级"),
    *((f"县委常委、{post}", "副处级") for post in _COMMITTEE.split()),
    *(("副县长", "副处级"),) * 6,
    *(("县人大常委会副主任", "副处级"),) * 5,
    *(("县政协副主席", "副处级"),) * 5,
    ("县法院院长", "副处级"),
    ("县检察院检察长", "副处级"),
    ("县总工会主席", "副处级"),
    ("经济开发区党工委书记", "副处级"),
)

_BUREAUS = """
委办公室 政府办公室 纪委监委机关 委组织部 委宣传部 委统战部 委政法委 人大常委会机关 政协机关
发展和改革局 教育和体育局 科学技术局 工业和信息化局 公安局 民政局 司法局 财政局
人力资源和社会保障局 自然资源局 生态环境分局 住房和城乡建设局 城市管理局 交通运输局 水利局
农业农村局 林业发展中心 商务局 文化和旅游局 卫生健康局 退役军人事务局 应急管理局 审计局
市场监督管理局 统计局 医疗保障局 行政审批服务局 信访局 乡村振兴局 机关事务服务中心 总工会 团委
妇女联合会 科学技术协会 残疾人联合会 工商业联合会 红十字会 档案馆 供销合作社 税务局 气象局
烟草专卖局 法院 检察院 融媒体中心 委党校 大数据中心 投资促进中心 公共资源交易中心
"""
_INSTITUTIONS = """
果茶服务中心 畜牧发展促进中心 农机发展服务中心 水库管护中心 公路事业发展中心 环境卫生服务中心
园林绿化服务中心 住房保障服务中心 不动产登记中心 地质灾害监测站 疾病预防控制中心 妇幼保健机关
医疗急救调度中心 社会保险事业中心 公共就业服务中心 劳动人事仲裁院 社会救助服务中心 殡葬管理所
老龄事业服务中心 文化馆 图书馆 博物馆 旅游发展服务中心 招生考试服务中心 教学研究服务中心
体育事业发展中心 法律援助中心 公证处 统计普查中心 财政集中支付中心 国有资产运营中心
政府采购服务中心 产品质量检验所 食品药品检验所 安全生产监察大队 防汛抗旱服务中心
移民工作服务中心 节能监察中心 电子商务服务中心 信息网络中心
"""
BUREAUS: Final = tuple(f"县{name}" for name in _BUREAUS.split())
INSTITUTIONS: Final = tuple(f"县{name}" for name in _INSTITUTIONS.split())
_MAYORS: Final = {
    "道": ("办事处主任", "办事处副主任"),
    "镇": ("镇长", "副镇长"),
    "乡": ("乡长", "副乡长"),
    "区": ("管委会主任", "管委会副主任"),
}
"""Titles of a township's second person and the deputies, by the last character of its name."""
_COMMUNITY: Final = ("居委会主任", "居委会副主任")
_DISTRICT: Final = ("区长", "副区长")

_STAFF_RANKS: Final = (
    ("二级科员", "科员", 22, StaffType.CIVIL_SERVANT),
    ("一级科员", "科员", 22, StaffType.CIVIL_SERVANT),
    ("四级主任科员", "四级主任科员", 6, StaffType.CIVIL_SERVANT),
    ("二级主任科员", "二级主任科员", 1, StaffType.CIVIL_SERVANT),
    ("管理九级", "职员", 20, StaffType.INSTITUTION),
    ("专业技术人员", "技术员", 22, StaffType.INSTITUTION),
    ("工勤人员", "工勤人员", 7, StaffType.INSTITUTION),
)
_RANK_WEIGHTS: Final = [weight for _, _, weight, _ in _STAFF_RANKS]


@dataclass(frozen=True, slots=True)
class Office:
    """A unit; `township` is the number of the township it governs from 0, None for a bureau."""

    code: str
    name: str
    size: int
    township: int | None
    mayor: tuple[str, str] = ("", "")
    """Titles of a township's second person and of the deputies."""


@dataclass(frozen=True, slots=True)
class Post:
    """One position in a unit; the first of a unit is its principal."""

    office: Office
    title: str
    rank: str
    staff_type: StaffType


def offices(dice: Dice, cadres: int, townships: tuple[str, ...]) -> list[Office]:
    """Lay out the units of a county with so many cadres: the leadership, then the others."""
    leaders = min(len(LEADERS), max(1, round(cadres / 300)))
    others = cadres - leaders
    scale = min(1.0, cadres / 3000)
    bureaus = BUREAUS[: max(1, round(len(BUREAUS) * scale))]
    institutions = INSTITUTIONS[: round(len(INSTITUTIONS) * scale)]
    names = [*((name, None) for name in bureaus), *((name, None) for name in institutions)]
    governed = [*((name, number) for number, name in enumerate(townships)), *names]
    # A township is some twice as large as a bureau; none is like another.
    weights = [
        (2.0 if number is not None else 1.0) * dice.uniform(0.4, 1.6) for _, number in governed
    ]
    sizes = apportion(others, weights, least=1)
    found = [Office("U001", LEADERSHIP, leaders, None)]
    for index, ((name, number), size) in enumerate(zip(governed, sizes, strict=True), start=2):
        title, mayor = (name, ("", "")) if number is None else _governed(name)
        found.append(Office(f"U{index:03d}", title, size, number, mayor))
    return [office for office in found if office.size]


def _governed(name: str) -> tuple[str, tuple[str, str]]:
    """Give the name of who governs a township, and the titles of its second person and deputies."""
    if name.endswith("社区"):
        return f"{name}居委会", _COMMUNITY
    if name.endswith("区") and name != ZONE:
        return f"{name}党委政府", _DISTRICT
    return f"{name}{'管委会' if name == ZONE else '党委政府'}", _MAYORS[name[-1]]


def posts(dice: Dice, office: Office) -> Iterator[Post]:
    """Fill a unit from the top; yields `office.size` posts."""
    if office.name == LEADERSHIP:
        for title, rank in LEADERS[: office.size]:
            yield Post(office, title, rank, StaffType.CIVIL_SERVANT)
        return
    heads = list(_heads(office))[: max(1, office.size // 6)]
    for title, rank, staff_type in heads:
        yield Post(office, title, rank, staff_type)
    ranks = dice.choices(_STAFF_RANKS, _RANK_WEIGHTS, k=office.size - len(heads))
    for rank, title, _, staff_type in ranks:
        yield Post(office, title, rank, staff_type)


def _heads(office: Office) -> Iterator[tuple[str, str, StaffType]]:
    civil = StaffType.CIVIL_SERVANT
    if office.township is not None:
        yield from (
            ("党委书记", "正科级", civil),
            (f"党委副书记、{office.mayor[0]}", "正科级", civil),
        )
        yield ("人大主席", "正科级", civil)
        for title in ("党委副书记", "纪委书记", "组织委员", "宣传委员", "武装部部长"):
            yield (title, "副科级", civil)
        yield from ((office.mayor[1], "副科级", civil),) * 4
    elif office.name in INSTITUTIONS:
        yield ("主任", "管理七级", StaffType.INSTITUTION)
        yield from (("副主任", "管理八级", StaffType.INSTITUTION),) * 2
    else:
        yield ("主要负责人", "正科级", civil)
        yield from (("副职", "副科级", civil),) * 4
        yield ("纪检组组长", "副科级", civil)
