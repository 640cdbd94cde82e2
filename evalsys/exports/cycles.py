"""The list of assessment cycles."""

from collections.abc import Sequence
from datetime import date, tzinfo

from evalsys.domain.cycles import Cycle
from evalsys.domain.local_date import local_date
from evalsys.exports.table import Column, Table, tabulate

TITLE = "考核周期"

Row = tuple[Cycle, int]
"""A cycle, and how many scores hold in it."""


def cycles_table(rows: Sequence[Row], zone: tzinfo) -> Table:
    """Tabulate years and quarters; days are those of `zone`."""

    def closed_on(row: Row) -> date | None:
        at = row[0].closed_at
        return local_date(at, zone) if at else None

    columns: tuple[Column[Row], ...] = (
        Column("考核周期", 10, "年度写 2026，季度写 2026Q3", lambda r: r[0].code),
        Column("类别", 8, "年度或季度", lambda r: r[0].kind),
        Column("起始日", 11, "第一天", lambda r: r[0].first),
        Column("截止日", 11, "最后一天", lambda r: r[0].last),
        Column("成绩", 8, "有效的成绩数", lambda r: r[1]),
        Column("状态", 8, "开放或已关闭", lambda r: "已关闭" if r[0].is_closed else "开放"),
        Column("建立人", 12, "建立周期的人", lambda r: r[0].opened_by),
        Column("关闭人", 12, "关闭周期的人；开放的为空", lambda r: r[0].closed_by or None),
        Column("关闭日", 11, "关闭的日期；开放的为空", closed_on),
    )
    return tabulate(TITLE, (f"共 {len(rows)} 个周期",), columns, rows)
