"""Versions of the county's rule set as the page lists them, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from evalsys.domain.local_date import local_date
from evalsys.domain.rule_versions import RuleVersion
from evalsys.exports.table import Column, Table, tabulate

TITLE = "规则版本"


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version, whether it is in force, and where days are counted."""

    version: RuleVersion
    in_force: bool
    zone: tzinfo


def rule_versions_table(
    versions: Sequence[RuleVersion], in_force: RuleVersion | None, day: date, zone: tzinfo
) -> Table:
    """Tabulate all versions; `in_force` is the one of `day`, None for the rulebook shipped."""
    told = in_force.name if in_force else "随软件提供的规则集"
    rows = [
        VersionRow(one, in_force is not None and one.id == in_force.id, zone) for one in versions
    ]
    return tabulate(TITLE, (f"基准日 {day.isoformat()} 适用：{told}",), COLUMNS, rows)


def _ruled_on(row: VersionRow) -> date | None:
    at = row.version.ruled_at
    return local_date(at, row.zone) if at else None


COLUMNS: tuple[Column[VersionRow], ...] = (
    Column("版本号", 8, "按提出的先后编号", lambda r: r.version.id),
    Column("名称", 24, "提出时的名称", lambda r: r.version.name),
    Column("SHA-256", 66, "规则表内容的哈希", lambda r: r.version.sha256),
    Column("启用日", 11, "自这一天起适用", lambda r: r.version.since),
    Column("规则数", 8, "适用的规则", lambda r: sum(x.enabled for x in r.version.sheet.rules)),
    Column(
        "未核实",
        8,
        "未核实而不予适用的规则",
        lambda r: sum(not x.enabled for x in r.version.sheet.rules),
    ),
    Column("提出人", 12, "谁提出", lambda r: r.version.proposed_by),
    Column(
        "提出日",
        11,
        "提出的日期",
        lambda r: local_date(r.version.proposed_at, r.zone),
    ),
    Column("复核", 8, "批准或退回；等待的为空", lambda r: r.version.ruling),
    Column("复核人", 12, "谁批准或退回", lambda r: r.version.ruled_by),
    Column("复核日", 11, "批准或退回的日期", _ruled_on),
    Column("意见", 30, "退回的理由", lambda r: r.version.reason),
    Column("适用", 6, "基准日适用的为是", lambda r: "是" if r.in_force else "否"),
)
