"""Cadres who have not visited in the window, the longest silence first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evalsys.domain.personnel import Cadre
from evalsys.exports.table import Column, Table, tabulate

TITLE = "联系中断"


@dataclass(frozen=True, slots=True)
class InactiveRow:
    """A cadre, for how many households, and when the last visit was."""

    cadre: Cadre
    households: int
    last_visit: date | None
    days: int | None


def inactivity_table(rows: Sequence[InactiveRow], today: date, window: int, serving: int) -> Table:
    """Tabulate the report; the lines above say of how many cadres and over which days it is."""
    lines = (
        f"基准日 {today.isoformat()}　超过 {window} 天没有走访记录",
        f"有联系户的在册干部 {serving} 人，其中联系中断 {len(rows)} 人",
        "走访记录由干部自己登记，未经联系户核实。",
    )
    return tabulate(TITLE, lines, COLUMNS, rows)


COLUMNS: tuple[Column[InactiveRow], ...] = (
    Column("编号", 10, "干部的永久公开编号", lambda r: r.cadre.number),
    Column("姓名", 10, "干部姓名", lambda r: r.cadre.name),
    Column("单位", 18, "所在单位", lambda r: r.cadre.unit_name),
    Column("乡镇", 12, "联系网格所在的乡镇", lambda r: r.cadre.township),
    Column("联系户数", 8, "基准日的联系户数", lambda r: r.households),
    Column("最近走访", 11, "最近一次走访的日期；没有记录的为空", lambda r: r.last_visit),
    Column("间隔天数", 9, "距最近一次走访的天数；没有记录的为空", lambda r: r.days),
)
