"""Appointments and ends of heads, as the page lists them."""

from collections.abc import Mapping, Sequence

from evalsys.domain.grid_head import HeadDeed, HeadProposal
from evalsys.domain.ruling import Ruling
from evalsys.exports.table import Column, Table, tabulate

DEEDS: Mapping[HeadDeed, str] = {HeadDeed.APPOINT: "任命", HeadDeed.END: "免去"}
STATES: Mapping[Ruling, str] = {
    Ruling.PROPOSED: "待批准",
    Ruling.ACCEPTED: "已批准，到日生效",
    Ruling.DONE: "已生效",
    Ruling.DECLINED: "已退回",
    Ruling.WITHDRAWN: "已撤回",
}

_COLUMNS: tuple[Column[HeadProposal], ...] = (
    Column("件号", 6, "任免的顺序号", lambda r: r.id),
    Column("日期", 12, "自这一天起任职，或自这一天起不再任职", lambda r: r.act.on),
    Column("网格编码", 18, "网格编码", lambda r: r.act.grid),
    Column("网格", 22, "提出时的名称", lambda r: r.title),
    Column("层级", 16, "网格层级的名称", lambda r: r.check.level),
    Column("任免", 6, "任命或免去", lambda r: DEEDS[r.act.deed]),
    Column("干部编号", 10, "被任免的干部", lambda r: r.act.cadre),
    Column("姓名", 10, "被任免的干部", lambda r: r.name),
    Column("当时职级", 12, "提出时登记的职级", lambda r: r.check.rank),
    Column("要求职级", 12, "当时层级要求的最低职级", lambda r: r.check.least_rank),
    Column("应有", 6, "当时层级应有几名负责人", lambda r: r.check.asked, "人"),
    Column("之后负责人", 24, "自这一天起的负责人", lambda r: "、".join(r.check.heads_after)),
    Column("接替", 10, "接替的干部编号", lambda r: r.act.replaces),
    Column("理由", 30, "文件或会议", lambda r: r.act.reason),
    Column("提出", 12, "提出人", lambda r: r.proposed_by),
    Column("结果", 16, "办到哪一步", lambda r: STATES[r.state]),
    Column("批准或退回", 12, "作出决定的人", lambda r: r.ruled_by),
    Column("批复意见", 24, "退回的理由", lambda r: r.why),
)


def head_act_table(rows: Sequence[HeadProposal], lines: Sequence[str]) -> Table:
    """Tabulate what was proposed and decided about heads."""
    return tabulate("网格负责人任免", lines, _COLUMNS, rows)
