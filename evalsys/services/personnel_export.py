"""Taking lists out of the personnel room: what is on screen, as a workbook or as CSV."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import IO, assert_never

from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.personnel_filter import EVERYBODY, Filter
from evalsys.exports.annual import annual_table
from evalsys.exports.coverage import coverage_table
from evalsys.exports.csv import write_csv
from evalsys.exports.decisions import decisions_table
from evalsys.exports.rules import rules_table
from evalsys.exports.sessions import sessions_table
from evalsys.exports.table import Table, at_level
from evalsys.exports.workbook import write_workbook
from evalsys.exports.xlsx import write_xlsx
from evalsys.services.personnel import Personnel


class ListKind(StrEnum):
    """Which list."""

    DECISIONS = "decisions"
    SESSIONS = "sessions"
    COVERAGE = "coverage"
    ASSESSMENT = "assessment"
    RULES = "rules"


class ListFormat(StrEnum):
    """For people, or for programs."""

    XLSX = "xlsx"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """The type that a web answer declares; text is UTF-8."""
        match self:
            case ListFormat.XLSX:
                return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            case ListFormat.CSV:
                return "text/csv"
            case never:
                assert_never(never)


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants to take out; day and year as in `Personnel.evaluate`."""

    kind: ListKind
    form: ListFormat
    as_of: date | None = None
    year: int | None = None
    wanted: Filter = EVERYBODY
    """Which cadres; only the lists of decisions and of years can be narrowed."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    evaluation: Evaluation
    rows: int


def export(personnel: Personnel, order: Order, out: IO[bytes], *, by: str) -> Exported:
    """Write a list to `out` and note who took it.

    Decisions as a workbook come with the other sheets: sessions, coverage, rules, dictionary.

    Raises:
        InvalidInput: the day lies ahead, or the year has not begun on it.
    """
    evaluation = personnel.evaluate(by=by, as_of=order.as_of, year=order.year)
    table = at_level(_table(personnel, evaluation, order), personnel.second_level())
    made_at = personnel.now().astimezone(personnel.zone)
    if order.form is ListFormat.CSV:
        write = partial(write_csv, table, out)
    elif order.kind is ListKind.DECISIONS:
        roster = personnel.coverage()
        write = partial(write_workbook, table, evaluation, roster, out, made_at=made_at)
    else:
        write = partial(write_xlsx, [table], out, made_at=made_at)
    personnel.aside(write, ())
    personnel.note_export(order.kind.value, by=by, evaluation=evaluation, rows=table.count)
    return Exported(evaluation, table.count)


def _table(personnel: Personnel, evaluation: Evaluation, order: Order) -> Table:
    match order.kind:
        case ListKind.DECISIONS:
            return decisions_table(
                evaluation,
                order.wanted.choose(evaluation),
                personnel.decided(evaluation.year),
                zone=personnel.zone,
                selection=order.wanted.in_words(evaluation),
            )
        case ListKind.SESSIONS:
            return sessions_table(evaluation)
        case ListKind.ASSESSMENT:
            rows = personnel.annual_rows(evaluation, order.wanted.choose(evaluation))
            return annual_table(evaluation, rows, order.wanted.in_words(evaluation))
        case ListKind.RULES:
            return rules_table(evaluation)
        case ListKind.COVERAGE:
            return coverage_table(evaluation, personnel.coverage())
        case never:
            assert_never(never)
