"""Loads of cadres and heads of grids, as the pages list them."""

from collections.abc import Mapping, Sequence

from evalsys.domain.roster_load import CadreLoad, GridHeads, HeadFault, LoadLimits, LoadStanding
from evalsys.exports.table import Column, Table, tabulate

STANDINGS: Mapping[LoadStanding, str] = {
    LoadStanding.NONE: "没有联系户",
    LoadStanding.BELOW: "偏少",
    LoadStanding.WITHIN: "适中",
    LoadStanding.ABOVE: "偏多",
    LoadStanding.UNLIMITED: "不比较",
}
FAULTS: Mapping[HeadFault, str] = {
    HeadFault.NOBODY: "没有负责人",
    HeadFault.TOO_FEW: "负责人不足",
    HeadFault.TOO_MANY: "负责人超额",
    HeadFault.RANK: "职级不符",
    HeadFault.LEFT: "负责人已离任",
    HeadFault.ROLES: "角色未配齐",
}


def load_columns(limits: LoadLimits) -> tuple[Column[CadreLoad], ...]:
    """Give the columns of the list of loads."""
    return (
        Column("编号", 10, "干部编号", lambda c: c.number),
        Column("姓名", 10, "干部姓名", lambda c: c.name),
        Column("单位", 24, "干部所在单位", lambda c: c.unit),
        Column("网格", 22, "干部所在网格", lambda c: c.grid),
        Column("上级网格", 16, "第二级网格的名称", lambda c: c.township),
        Column("联系户", 10, "当日联系的户数", lambda c: c.households, "户"),
        Column("比较", 10, "与户数标准比较", lambda c: STANDINGS[limits.standing(c.households)]),
        Column("期满户数", 10, "其中联系期限已满的", lambda c: c.expired, "户"),
    )


def load_table(cadres: Sequence[CadreLoad], limits: LoadLimits, lines: Sequence[str]) -> Table:
    """Tabulate the loads of cadres."""
    return tabulate("联系户数", lines, load_columns(limits), cadres)


HeadRow = tuple[GridHeads, tuple[HeadFault, ...]]

HEAD_COLUMNS: tuple[Column[HeadRow], ...] = (
    Column("编码", 18, "网格编码", lambda r: r[0].code),
    Column("名称", 22, "网格名称", lambda r: r[0].name),
    Column("层级", 14, "网格层级的名称", lambda r: r[0].level.name),
    Column("上级网格", 16, "第二级网格的名称", lambda r: r[0].township),
    Column("应有", 8, "同时应有几名负责人", lambda r: r[0].level.head_count, "人"),
    Column("现有", 8, "当日有几名负责人", lambda r: len(r[0].heads), "人"),
    Column(
        "负责人",
        36,
        "姓名（职级）",
        lambda r: "；".join(f"{one.name}（{one.rank}）" for one in r[0].heads),
    ),
    Column("缺的角色", 30, "网格方案要求而无人担任的", lambda r: "、".join(r[0].missing_roles)),
    Column("问题", 24, "与层级要求不符之处", lambda r: "、".join(FAULTS[one] for one in r[1])),
)


def head_table(rows: Sequence[HeadRow], lines: Sequence[str]) -> Table:
    """Tabulate grids whose heads are not as their level asks."""
    return tabulate("网格负责人", lines, HEAD_COLUMNS, rows)
