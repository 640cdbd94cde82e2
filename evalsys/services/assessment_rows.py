"""Rows of an assessment's files as they were read, with the place of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from evalsys.domain.roster_cells import Parsed
from evalsys.domain.roster_problems import ImportProblem, Severity
from evalsys.domain.roster_sheets import Sheet
from evalsys.services.roster_reading import Source


@dataclass(frozen=True, slots=True)
class StagedRow:
    """One row as it was read: where it stands, and its values by the names of its columns."""

    sheet: Sheet
    source: Source
    line: int
    values: Mapping[str, Parsed]

    @property
    def key(self) -> tuple[object, ...]:
        """What may not stand twice."""
        return self.sheet.kind, *(self.values[name] for name in self.sheet.key)

    def text(self, column: str) -> str:
        """The value of a column as a text; empty where the column is not there."""
        return str(self.values.get(column) or "")

    def number(self, column: str) -> int | None:
        """The value of a column that holds a whole number, None where there is none."""
        value = self.values.get(column)
        return value if isinstance(value, int) else None

    def problem(self, column: str, what: str, remedy: str) -> ImportProblem:
        """Say what is wrong in one of its cells."""
        return ImportProblem(
            Severity.ERROR,
            self.source.file,
            self.source.sheet,
            self.line,
            self.sheet.column(column).header,
            self.text(column),
            what,
            remedy,
        )
