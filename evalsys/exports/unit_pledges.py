"""What units promised at pledge assemblies and was ruled on in a year, as the page lists it."""

from collections.abc import Sequence
from dataclasses import dataclass

from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.unit_pledges import UnitPledge
from evalsys.exports.decisions import heading
from evalsys.exports.table import Column, Table, tabulate

TITLE = "单位公开承诺"


@dataclass(frozen=True, slots=True)
class UnitPledgeRow:
    """One pledge, its unit by name, and the principals to whom a broken one is noted."""

    pledge: UnitPledge
    unit: str
    principals: tuple[str, ...]


def unit_pledge_rows(evaluation: Evaluation) -> list[UnitPledgeRow]:
    """List the pledges ruled on in the evaluation's year, the broken ones first."""
    units = {unit.unit: unit for unit in evaluation.units}
    rows = []
    for one in evaluation.facts.unit_pledges:
        if one.ruled_on.year != evaluation.year:
            continue
        unit = units.get(one.unit)
        names = tuple(cadre.name for cadre in unit.principals) if unit else ()
        rows.append(UnitPledgeRow(one, unit.name if unit else one.unit, names))
    return sorted(rows, key=lambda row: row.pledge.kept)


def unit_pledges_table(evaluation: Evaluation, rows: Sequence[UnitPledgeRow]) -> Table:
    """Tabulate them, with how many were not kept."""
    broken = sum(not row.pledge.kept for row in rows)
    told = f"{evaluation.year} 年认定 {len(rows)} 项，未兑现 {broken} 项"
    return tabulate(TITLE, (*heading(evaluation), told), COLUMNS, rows)


COLUMNS: tuple[Column[UnitPledgeRow], ...] = (
    Column("单位编码", 12, "作出承诺的单位", lambda r: r.pledge.unit),
    Column("单位", 22, "单位名称", lambda r: r.unit),
    Column("承诺大会", 24, "作出承诺的大会", lambda r: r.pledge.session),
    Column("议题", 18, "所答复的共性问题", lambda r: r.pledge.issue),
    Column("承诺", 40, "当众承诺的措施", lambda r: r.pledge.measure),
    Column("期限", 11, "承诺的最后一天", lambda r: r.pledge.due_on),
    Column("认定", 9, "具名认定的结果", lambda r: "已兑现" if r.pledge.kept else "未兑现"),
    Column("认定日", 11, "作出认定的日期", lambda r: r.pledge.ruled_on),
    Column("依据", 40, "认定的依据", lambda r: r.pledge.basis),
    Column("认定人", 12, "作出认定的人", lambda r: r.pledge.ruled_by),
    Column(
        "主要负责人",
        14,
        "未兑现的，在考核和选拔中向其提示（审慎-5）；名册没有登记的为空",
        lambda r: "" if r.pledge.kept else "、".join(r.principals),
    ),
)
