"""How units and peer groups stand to the quota of the top statutory grade."""

from collections.abc import Sequence

from evalsys.domain.statutory import QuotaStanding
from evalsys.exports.table import Column, Table, tabulate

TITLE = "优秀比例"

Row = tuple[QuotaStanding, str]
"""A standing, and the name of the unit or group."""


def quotas_table(rows: Sequence[Row], year: int) -> Table:
    """Tabulate the list of the year's page."""
    return tabulate(TITLE, (f"考核年度 {year}　比例未核实",), COLUMNS, rows)


COLUMNS: tuple[Column[Row], ...] = (
    Column("核定范围", 10, "单位或同类组", lambda r: r[0].scope),
    Column("编码", 20, "单位编码，或同类组的名称", lambda r: r[0].code),
    Column("名称", 24, "单位或同类组的名称", lambda r: r[1]),
    Column("人数", 8, "在册干部人数", lambda r: r[0].people),
    Column("优秀人数", 9, "法定考核为优秀的人数", lambda r: r[0].top),
    Column("比例", 8, "适用的比例上限，百分比", lambda r: r[0].percent),
    Column("最多", 8, "按比例最多几人，不足一人舍去", lambda r: r[0].most),
    Column("经批准", 8, "是否经批准提高比例", lambda r: "是" if r[0].is_approved else "否"),
)
