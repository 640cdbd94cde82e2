"""The personnel room's workbook: 决定, 会议结果, 覆盖, 规则参数, and what their columns mean."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.roster_coverage import Coverage
from evalsys.exports import coverage, decisions, rules, sessions
from evalsys.exports.table import Column, Table, tabulate
from evalsys.exports.xlsx import write_xlsx

SHEETS: tuple[tuple[str, Sequence[Column[Any]]], ...] = (
    (decisions.TITLE, decisions.COLUMNS),
    (sessions.TITLE, sessions.COLUMNS),
    (coverage.TITLE, coverage.COLUMNS),
    (rules.TITLE, rules.COLUMNS),
)
"""The sheets that the dictionary explains."""


def write_workbook(
    decided: Table, evaluation: Evaluation, roster: Coverage, out: IO[bytes], *, made_at: datetime
) -> None:
    """Write the whole workbook of one evaluation; every sheet says of which day and run it is.

    `decided` is the table of decisions, whole or of chosen cadres.
    """
    tables = (
        decided,
        sessions.sessions_table(evaluation),
        coverage.coverage_table(evaluation, roster),
        rules.rules_table(evaluation),
        dictionary_table(evaluation),
    )
    write_xlsx(tables, out, made_at=made_at)


def dictionary_table(evaluation: Evaluation) -> Table:
    """Explain every column of the workbook."""
    rows = [(sheet, column) for sheet, columns in SHEETS for column in columns]
    return tabulate("数据字典", decisions.heading(evaluation), DICTIONARY_COLUMNS, rows)


DICTIONARY_COLUMNS: tuple[Column[tuple[str, Column[Any]]], ...] = (
    Column("工作表", 12, "工作表", lambda r: r[0]),
    Column("列", 20, "列名", lambda r: r[1].title),
    Column("含义", 80, "含义", lambda r: r[1].meaning),
)
