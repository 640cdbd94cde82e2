"""Everybody's year: total, local grade, the statutory grade beside it, peers, components with n."""

from collections.abc import Sequence

from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.statutory import AnnualRow
from evalsys.exports.decisions import counts_in_words, heading
from evalsys.exports.table import Column, Table, Tenths, tabulate

TITLE = "年度成绩"


def annual_table(evaluation: Evaluation, rows: Sequence[AnnualRow], selection: str = "") -> Table:
    """Tabulate everybody's year; `selection` says in words who is listed."""
    mixed = "联系群众考核等次是地方等次，与法定年度考核等次各自登记，互不换算。"
    lines = (*heading(evaluation), mixed, *([selection] if selection else []))
    return tabulate(TITLE, lines, COLUMNS, rows)


def _parts(row: AnnualRow) -> str:
    return "；".join(
        f"{part.component} {part.shown}×{part.weight}%{counts_in_words(part.counts)}"
        for part in row.one.annual.parts
        if part.score_tenths is not None and not part.absent
    )


COLUMNS: tuple[Column[AnnualRow], ...] = (
    Column("编号", 10, "干部的永久公开编号", lambda r: r.one.cadre.number),
    Column("姓名", 10, "干部姓名", lambda r: r.one.cadre.name),
    Column("单位", 18, "所在单位", lambda r: r.one.cadre.unit_name),
    Column("人员类别", 9, "公务员或事业", lambda r: r.one.cadre.staff_type),
    Column(
        "年度总成绩",
        10,
        "百分制；缺少基础的为空",
        lambda r: None if r.one.annual.total_tenths is None else Tenths(r.one.annual.total_tenths),
    ),
    Column("联系群众考核等次", 10, "地方等次；空为待核", lambda r: r.one.annual.grade),
    Column(
        "法定年度考核等次",
        10,
        "按国家规定评定后登记的等次；空为没有登记",
        lambda r: r.statutory.grade if r.statutory else None,
    ),
    Column("联系户数", 8, "联系户总数", lambda r: r.one.annual.linked),
    Column("拨打户数", 8, "拨打过的户数", lambda r: r.one.annual.households.called),
    Column("接通户数", 8, "有人应答的户数", lambda r: r.one.annual.households.reached),
    Column("参评户数", 8, "参加评议的户数", lambda r: r.one.annual.answered),
    Column("各部分", 40, "计入的部分：得分、权重、人数", _parts),
    Column(
        "未计入的部分",
        24,
        "没有计入的部分及原因；缺席的不按零分计",
        lambda r: "；".join(f"{part.component}（{part.absent}）" for part in r.one.annual.excluded),
    ),
    Column("同类组", 20, "按单位类别和职级段，或由组织部指定", lambda r: r.peers.group),
    Column("组内有成绩", 9, "同类组中有成绩的人数", lambda r: r.peers.graded),
    Column(
        "组内中位",
        9,
        "同类组成绩的中位；人数过少的不显示",
        lambda r: None if r.peers.median_tenths is None else Tenths(r.peers.median_tenths),
    ),
    Column("组内名次", 9, "同分并列；人数过少的不显示", lambda r: r.peers.place),
    Column("四分位", 7, "1 为最好的四分之一", lambda r: r.peers.quartile),
    Column("待核原因", 20, "为什么还没有等次", lambda r: r.one.annual.pending or None),
)
