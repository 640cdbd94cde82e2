"""What a county's bureaus did for households this year, programme by programme."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

from evalsys.county.dice import Dice
from evalsys.county.offices import Office
from evalsys.ids import HouseholdCode, ProgrammeNumber

SERVED_PER_MILLE: Final = 120
"""Households that some programme did something for within the year."""
AGAIN_PER_MILLE: Final = 150
"""Of those, how many were served once more."""
LEAST_SERVED: Final = 400
"""Small counties serve a larger share, so that there is somebody to ask."""

_DONE: Final = (
    ("民政局", "城乡低保申请办理", 10, ("低保申请受理", "低保复核", "临时救助金发放")),
    ("医疗保障局", "医保报销服务", 16, ("住院费用报销", "门诊慢性病认定", "异地就医备案")),
    ("住房和城乡建设局", "农村危房改造", 6, ("危房鉴定", "改造补助发放", "竣工验收")),
    ("水利局", "农村饮水安全工程", 12, ("入户水管改造", "水质检测", "停水抢修")),
    ("交通运输局", "户户通道路硬化", 9, ("门前路硬化", "排水沟修复")),
    ("农业农村局", "耕地地力保护补贴", 18, ("补贴面积核实", "补贴资金发放")),
    ("人力资源和社会保障局", "就业技能培训", 7, ("电焊培训报名", "家政培训结业", "创业贷款贴息")),
    ("卫生健康局", "家庭医生签约服务", 15, ("签约随访", "老年人体检", "慢病用药指导")),
    ("残疾人联合会", "残疾人证办理", 3, ("上门评残", "换发残疾人证", "辅助器具发放")),
    ("教育和体育局", "家庭困难学生资助", 5, ("助学金发放", "营养餐补助")),
    ("自然资源局", "宅基地确权登记", 8, ("宅基地丈量", "不动产权证发放")),
    ("退役军人事务局", "退役军人优抚", 3, ("优待证发放", "抚恤金核发")),
)
"""Bureau (without the county's 县), programme, how often, and what it does for a household."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A programme of a unit of this county."""

    number: ProgrammeNumber
    name: str
    office: Office
    items: tuple[str, ...]


Service = tuple[Offered, HouseholdCode, str, date]
"""What was done for a household, and when."""


class Services:
    """Decides whom each programme served; a stream of chance of its own."""

    def __init__(self, seed: int, offices: Sequence[Office], households: int, as_of: date) -> None:
        """Spread programmes over `offices`; days lie in the year of `as_of`, up to it."""
        self._dice = Dice(seed, "programmes")
        self._offered = tuple(_offered(offices))
        self._parts = list(accumulate(often for _, _, often, _ in _DONE))
        self._share = max(SERVED_PER_MILLE, 1000 * LEAST_SERVED // max(1, households))
        self._days = (as_of - date(as_of.year, 1, 1)).days + 1
        self._as_of = as_of

    def of(self, household: HouseholdCode) -> Iterator[Service]:
        """Give what was done for one household, each thing once."""
        dice = self._dice
        if not dice.happens(self._share):
            return
        done: set[tuple[ProgrammeNumber, str, date]] = set()
        while True:
            (offered,) = dice.choices(self._offered, cum_weights=self._parts)
            item = dice.one_of(offered.items)
            day = self._as_of - timedelta(days=int(dice.random() * self._days))
            if (offered.number, item, day) not in done:
                done.add((offered.number, item, day))
                yield offered, household, item, day
            if not dice.happens(AGAIN_PER_MILLE):
                return


def _offered(offices: Sequence[Office]) -> Iterator[Offered]:
    """Give each programme to its bureau; in a small county townships do it in turn."""
    by_name = {one.name: one for one in offices}
    others = [one for one in offices if one.township is not None] or list(offices)
    for n, (bureau, name, _, items) in enumerate(_DONE):
        office = by_name.get(f"县{bureau}", others[n % len(others)])
        yield Offered(ProgrammeNumber(f"9{n + 1:07d}"), name, office, items)
