"""Cadres in order for honours or for a choice among candidates (Y58)."""

from collections.abc import Sequence
from dataclasses import dataclass

from evalsys.domain.listings import is_honourable
from evalsys.domain.personnel_county import Assessed, Evaluation
from evalsys.exports.decisions import heading
from evalsys.exports.table import Column, Table, Tenths, tabulate

ORDER = "按总成绩；同分的显著实绩优先，再按参评率、编号。优先只用于同等条件，不是提拔理由。"


@dataclass(frozen=True, slots=True)
class RankedRow:
    """One cadre, and the place from 1."""

    place: int
    one: Assessed


def ranking_table(evaluation: Evaluation, ordered: Sequence[Assessed], title: str) -> Table:
    """Tabulate cadres that are in order already."""
    rows = [RankedRow(place, one) for place, one in enumerate(ordered, start=1)]
    return tabulate(title, (*heading(evaluation), ORDER), COLUMNS, rows)


def _total(row: RankedRow) -> Tenths | None:
    total = row.one.annual.total_tenths
    return None if total is None else Tenths(total)


COLUMNS: tuple[Column[RankedRow], ...] = (
    Column("名次", 7, "从 1 起", lambda r: r.place),
    Column("编号", 10, "干部的永久公开编号", lambda r: r.one.cadre.number),
    Column("姓名", 10, "干部姓名", lambda r: r.one.cadre.name),
    Column("单位", 18, "所在单位", lambda r: r.one.cadre.unit_name),
    Column("职务", 14, "现任职务", lambda r: r.one.cadre.post),
    Column("年度总成绩", 10, "百分制；缺少基础的为空", _total),
    Column(
        "优先", 7, "有显著实绩、同等条件下优先", lambda r: "是" if is_honourable(r.one) else "否"
    ),
    Column("参评户数", 8, "参加评议的户数", lambda r: r.one.annual.answered),
    Column("联系户数", 8, "联系户总数", lambda r: r.one.annual.linked),
    Column("结论", 10, "按规则的建议，决定由具名的人作出", lambda r: r.one.verdict.conclusion),
)
