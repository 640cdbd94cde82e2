"""The personnel room's workbook: 决定, 会议结果, 覆盖, 规则参数, and what their columns mean."""

from datetime import datetime
from typing import IO

from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.roster_coverage import Coverage
from evalsys.exports import coverage, rules, sessions
from evalsys.exports.table import Table
from evalsys.exports.xlsx import write_xlsx


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
    )
    write_xlsx(tables, out, made_at=made_at)
