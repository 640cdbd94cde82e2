"""Investigations and promises after the show, as their lists show them."""

from collections.abc import Sequence
from datetime import date

from evalsys.domain.followup_rows import DeniedRow, InvestigationRow, PledgeRow
from evalsys.exports.sessions import SESSION_VERDICTS
from evalsys.exports.table import Column, Table, tabulate


def investigations_table(rows: Sequence[InvestigationRow], day: date, selection: str) -> Table:
    """Tabulate investigations as they stand on `day`; evidence only as a number of pieces."""
    lines = (f"基准日 {day.isoformat()}　共 {len(rows)} 件", *([selection] if selection else []))
    return tabulate("调查办理", lines, INVESTIGATION_COLUMNS, rows)


def denied_table(rows: Sequence[DeniedRow], day: date, selection: str) -> Table:
    """Tabulate the closes that households deny, as they stand on `day`."""
    lines = (f"基准日 {day.isoformat()}　共 {len(rows)} 件", *([selection] if selection else []))
    return tabulate("回访不一致", lines, DENIED_COLUMNS, rows)


def pledges_table(rows: Sequence[PledgeRow], day: date, selection: str) -> Table:
    """Tabulate promises as they stand on `day`."""
    lines = (f"基准日 {day.isoformat()}　共 {len(rows)} 项", *([selection] if selection else []))
    return tabulate("承诺台账", lines, PLEDGE_COLUMNS, rows)


def _outcome(row: InvestigationRow | DeniedRow) -> str | None:
    return row.inquiry.concluded.outcome if row.inquiry.concluded else None


INVESTIGATION_COLUMNS: tuple[Column[InvestigationRow], ...] = (
    Column("会议日期", 11, "大会举行的日期，调查自此起算", lambda r: r.finding.held_on),
    Column("会议", 26, "会议名称", lambda r: r.finding.title),
    Column("编号", 10, "干部的永久公开编号", lambda r: r.finding.cadre),
    Column("姓名", 10, "姓名", lambda r: r.card.name if r.card else None),
    Column("单位", 20, "所在单位", lambda r: r.card.unit_name if r.card else None),
    Column("会上认定", 13, "大会的认定", lambda r: SESSION_VERDICTS[r.finding.verdict]),
    Column("应结至", 11, "最迟报告的日期", lambda r: r.due_on),
    Column("状态", 9, "基准日的状态", lambda r: r.stage),
    Column("证据", 7, "登记的证据件数", lambda r: len(r.inquiry.evidence)),
    Column("结论", 14, "调查结论", _outcome),
    Column(
        "结论日期",
        11,
        "结论的日期",
        lambda r: r.inquiry.concluded.concluded_on if r.inquiry.concluded else None,
    ),
    Column(
        "调查报告",
        28,
        "结论依据的报告",
        lambda r: r.inquiry.concluded.basis if r.inquiry.concluded else None,
    ),
    Column(
        "处理决定",
        24,
        "依规作出的处理",
        lambda r: r.inquiry.sanctioned.sanction if r.inquiry.sanctioned else None,
    ),
    Column(
        "处理依据",
        28,
        "处理依据的文件",
        lambda r: r.inquiry.sanctioned.basis if r.inquiry.sanctioned else None,
    ),
    Column(
        "影响期至",
        11,
        "处理影响期的最后一天",
        lambda r: r.inquiry.sanctioned.until if r.inquiry.sanctioned else None,
    ),
)

DENIED_COLUMNS: tuple[Column[DeniedRow], ...] = (
    Column("诉求", 16, "诉求编号", lambda r: r.request),
    Column("编号", 10, "联系干部的永久公开编号", lambda r: r.cadre),
    Column("姓名", 10, "联系干部", lambda r: r.card.name if r.card else None),
    Column("单位", 20, "联系干部的单位", lambda r: r.card.unit_name if r.card else None),
    Column("办结人", 16, "谁称已解决", lambda r: r.closed_by),
    Column("发现", 11, "群众说没有解决的日期，调查自此起算", lambda r: r.found_on),
    Column("应结至", 11, "最迟报告的日期", lambda r: r.due_on),
    Column("状态", 9, "基准日的状态", lambda r: r.stage),
    Column("启动", 9, "调查是否已经启动", lambda r: "是" if r.is_open else "否"),
    Column("证据", 7, "登记的证据件数", lambda r: len(r.inquiry.evidence)),
    Column("结论", 14, "调查结论", _outcome),
)

PLEDGE_COLUMNS: tuple[Column[PledgeRow], ...] = (
    Column("会议", 26, "会议名称", lambda r: r.title),
    Column("性质", 8, "正式或彩排", lambda r: "彩排" if r.rehearsal else "正式"),
    Column("编号", 10, "干部的永久公开编号", lambda r: r.cadre),
    Column("姓名", 10, "姓名", lambda r: r.card.name if r.card else None),
    Column("单位", 20, "所在单位", lambda r: r.card.unit_name if r.card else None),
    Column("措施", 44, "当众承诺的措施", lambda r: r.record.promise.measure),
    Column("期限", 11, "承诺完成的最后一天", lambda r: r.record.promise.due_on),
    Column("责任人", 12, "谁负责", lambda r: r.record.promise.responsible),
    Column("状态", 9, "基准日的状态", lambda r: r.standing),
    Column("提醒", 7, "登记过的提醒次数", lambda r: len(r.record.reminded_on)),
    Column("佐证", 7, "提交的佐证件数", lambda r: len(r.record.proofs)),
    Column(
        "回访办到", 9, "说办到的户数", lambda r: r.record.recheck.yes if r.record.recheck else None
    ),
    Column(
        "回访没办到",
        10,
        "说没有办到的户数",
        lambda r: r.record.recheck.no if r.record.recheck else None,
    ),
    Column(
        "回访说不清",
        10,
        "说不清的户数",
        lambda r: r.record.recheck.unsure if r.record.recheck else None,
    ),
    Column(
        "认定依据", 30, "认定的依据", lambda r: r.record.ruling.basis if r.record.ruling else None
    ),
    Column("认定人", 10, "谁认定", lambda r: r.record.ruling.by if r.record.ruling else None),
    Column(
        "认定日", 11, "认定的日期", lambda r: r.record.ruling.ruled_on if r.record.ruling else None
    ),
)
