"""The report of a station day, as the page shows it."""

from collections.abc import Sequence
from fractions import Fraction

from evalsys.domain.station_day import Attended, StationLine
from evalsys.exports.table import Cell, Column, Table, Tenths, tabulate

Row = StationLine


def tenths_of(share: Fraction | None) -> Cell:
    """Round a share half up to a tenth of a percent; nothing without a denominator."""
    return None if share is None else Tenths(int(share * 1000 + Fraction(1, 2)))


COLUMNS: tuple[Column[StationLine], ...] = (
    Column("名称", 24, "网格、单位或月份", lambda r: r.name),
    Column("应到", 8, "驻点名单上的人次", lambda r: r.due, "人次"),
    Column("实到", 8, "登记到岗的人次", lambda r: r.present, "人次"),
    Column("请假", 8, "未到而有原因的人次", lambda r: r.excused, "人次"),
    Column("缺岗", 8, "没有任何登记的人次", lambda r: r.missing, "人次"),
    Column("到岗率", 8, "实到除以应到，百分数", lambda r: tenths_of(r.share()), "%"),
)

PEOPLE: tuple[Column[Attended], ...] = (
    Column("编号", 10, "干部编号", lambda a: a.duty.cadre),
    Column("姓名", 10, "干部姓名", lambda a: a.duty.name),
    Column("单位", 24, "干部所在单位", lambda a: a.duty.unit),
    Column("驻点", 22, "应到哪个网格的驻点", lambda a: a.duty.station),
    Column("原因", 30, "未到的原因；缺岗的没有", lambda a: a.mark.reason if a.mark else ""),
)


def report_table(lines: Sequence[StationLine], said: Sequence[str]) -> Table:
    """Tabulate the lines, the total first."""
    return tabulate("驻点日到岗", said, COLUMNS, lines)


def people_table(people: Sequence[Attended], said: Sequence[str]) -> Table:
    """Tabulate who was not there."""
    return tabulate("驻点日未到", said, PEOPLE, people)
