"""What live sessions found, one row a cadre who was drawn or named."""

from collections.abc import Mapping
from dataclasses import dataclass

from evalsys.domain.live.words import Verdict as SessionVerdict
from evalsys.domain.personnel import Cadre, CadreRecord, InvestigationReport, SessionFinding
from evalsys.domain.personnel_county import Evaluation
from evalsys.exports.decisions import heading
from evalsys.exports.table import Column, Table, Tenths, explained, tabulate

TITLE = "会议结果"

SESSION_VERDICTS: Mapping[SessionVerdict, str] = {
    SessionVerdict.CONFIRMED: "属实",
    SessionVerdict.NOT_DONE: "未完成",
    SessionVerdict.ACCOUNTS_DIFFER: "说法有出入",
    SessionVerdict.FAKED_SUSPECTED: "涉嫌弄虚作假",
}
"""How a session's verdict is written."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One cadre of one session; the cadre is None when no longer in the roster."""

    finding: SessionFinding
    cadre: Cadre | None
    report: InvestigationReport | None

    @property
    def investigation(self) -> str:
        """How the investigation stands; empty when none was called for."""
        if not self.finding.calls_for_investigation:
            return ""
        if self.report is None:
            return "调查中"
        return f"{self.report.outcome}（{self.report.concluded_on.isoformat()}）"


def session_rows(evaluation: Evaluation) -> list[SessionRow]:
    """Join what sessions found, up to the day of the evaluation, with who it was."""
    records = {one.cadre.number: one.record for one in evaluation.assessed}
    return [
        _row(finding, records.get(finding.cadre))
        for finding in sorted(evaluation.facts.findings, key=lambda f: (f.held_on, f.live, f.j))
        if finding.held_on <= evaluation.as_of
    ]


def person_sessions(record: CadreRecord) -> list[SessionRow]:
    """List what sessions found about one cadre."""
    return [_row(finding, record) for finding in record.findings]


def _row(finding: SessionFinding, record: CadreRecord | None) -> SessionRow:
    if record is None:
        return SessionRow(finding, None, None)
    return SessionRow(finding, record.cadre, record.report_on(finding))


def sessions_table(evaluation: Evaluation) -> Table:
    """Tabulate what live sessions found about drawn and named cadres."""
    rows = session_rows(evaluation)
    named = sum(row.finding.is_named for row in rows)
    rehearsed = sum(row.finding.rehearsal for row in rows)
    lines = (
        *heading(evaluation),
        f"到基准日为止共抽到 {len(rows) - named} 人次，另点名 {named} 人次",
        f"其中彩排 {rehearsed} 人次",
        "彩排结果只作展示，不计入考核",
    )
    return tabulate(TITLE, lines, COLUMNS, rows)


_COLUMNS: tuple[Column[SessionRow], ...] = (
    Column("会议日期", 11, "直播调查大会举行的日期", lambda r: r.finding.held_on),
    Column("会议", 26, "会议名称", lambda r: r.finding.title),
    Column("会议编号", 34, "会议记录的编号，可据此查验抽取过程", lambda r: r.finding.live),
    Column(
        "性质", 8, "正式或彩排；彩排不计入考核", lambda r: "彩排" if r.finding.rehearsal else "正式"
    ),
    Column(
        "抽取序号",
        7,
        "在这场会上第几个抽到；点名的不是抽取，为空",
        lambda r: None if r.finding.is_named else r.finding.j,
    ),
    Column("编号", 10, "干部的永久公开编号", lambda r: r.finding.cadre),
    Column("姓名", 10, "干部姓名", lambda r: r.cadre.name if r.cadre else None),
    Column("单位", 18, "所在单位", lambda r: r.cadre.unit_name if r.cadre else None),
    Column(
        "会上认定",
        13,
        "属实、未完成、说法有出入、涉嫌弄虚作假之一；“涉嫌”只引起调查",
        lambda r: SESSION_VERDICTS[r.finding.verdict],
    ),
    Column("打分户数", 8, "在会上打分的联系户数", lambda r: r.finding.answered),
    Column(
        "平均分",
        8,
        "打分户的平均分，1 至 5 分；户数过少或打分完全一致时不显示",
        lambda r: None if r.finding.mean_tenths is None else Tenths(r.finding.mean_tenths),
    ),
    Column("承诺数", 7, "当场所作的限时承诺数", lambda r: r.finding.pledges),
    Column("承诺期限", 11, "最早一项承诺的期限", lambda r: r.finding.pledge_due_on),
    Column("调查", 22, "调查中，或调查结论及日期；不需调查的为空", lambda r: r.investigation),
    Column(
        "产生方式",
        8,
        "抽取或点名；点名不计入抽取",
        lambda r: "点名" if r.finding.is_named else "抽取",
    ),
    Column("点名人", 12, "由谁点名；抽取的为空", lambda r: r.finding.named_by),
    Column("点名理由", 30, "为何点名；抽取的为空", lambda r: r.finding.naming_reason),
)

COLUMNS = explained(
    _COLUMNS,
    units={"户": ("打分户数",), "分": ("平均分",), "项": ("承诺数",)},
    sources={
        "直播调查大会": (
            *("会议日期", "会议", "会议编号", "性质", "抽取序号", "会上认定", "打分户数"),
            *("平均分", "承诺数", "承诺期限", "产生方式", "点名人", "点名理由"),
        ),
        "干部名册": ("编号", "姓名", "单位"),
        "调查结论登记": ("调查",),
    },
)
