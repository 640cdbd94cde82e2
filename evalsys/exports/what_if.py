"""Who comes out differently under another version of the rules: the list as on the screen."""

from evalsys.domain.personnel_changes import Change, WhatIf
from evalsys.domain.rule_versions import RuleVersion
from evalsys.exports.decisions import heading
from evalsys.exports.table import Column, Table, tabulate

TITLE = "改动影响"


def changes_table(found: WhatIf, version: RuleVersion) -> Table:
    """Tabulate everybody who changes; above it both versions and how many go where."""
    moves = "，".join(f"{was}→{now} {count} 人" for (was, now), count in found.moves.items())
    lines = (
        *heading(found.was),
        f"新版本 {version.name}（{version.sha256[:16]}），由 {version.proposed_by} 提出",
        f"{len(found.was.assessed)} 人中 {len(found.changes)} 人的结果改变"
        + (f"：{moves}" if moves else ""),
    )
    return tabulate(TITLE, lines, COLUMNS, found.changes)


def reasons(change: Change) -> str:
    """Say what the new version goes by."""
    return "；".join(one.reason for one in (*change.now.reasons, *change.now.side))


COLUMNS: tuple[Column[Change], ...] = (
    Column("编号", 10, "干部编号", lambda c: c.cadre.number),
    Column("姓名", 9, "姓名", lambda c: c.cadre.name),
    Column("单位", 24, "所在单位", lambda c: c.cadre.unit_name),
    Column("职级", 12, "职级", lambda c: c.cadre.rank),
    Column("原结论", 10, "按现行规则的结论", lambda c: c.was.conclusion),
    Column("新结论", 10, "按新版本的结论", lambda c: c.now.conclusion),
    Column("原附带", 16, "按现行规则的附带结果", lambda c: ";".join(c.was.side_results)),
    Column("新附带", 16, "按新版本的附带结果", lambda c: ";".join(c.now.side_results)),
    Column("原规则号", 16, "现行规则中起作用的规则", lambda c: ";".join(c.was.rule_numbers)),
    Column("新规则号", 16, "新版本中起作用的规则", lambda c: ";".join(c.now.rule_numbers)),
    Column("新理由", 60, "新版本的理由，逐条列出所见的值", reasons),
)
