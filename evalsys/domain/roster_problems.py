"""What is wrong with a roster file, as values: where, what, and what to do (issue: bad input)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

KEPT_PROBLEMS: Final = 50_000
"""How many problems are listed; beyond it they are counted only."""


class Severity(StrEnum):
    """Whether a problem stops the import."""

    ERROR = "错误"
    """Nothing is imported until it is put right."""
    WARNING = "提醒"
    """The import goes on; somebody should look."""


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """One problem and its place. `row` counts from 1 as spreadsheets do, 0 is the whole sheet."""

    severity: Severity
    file: str
    sheet: str
    row: int
    column: str
    """Header of the column, as in `roster_sheets`; empty for the whole row."""
    value: str
    what: str
    remedy: str

    @property
    def place(self) -> str:
        """File, sheet, row and column in one phrase."""
        return self.place_in(str)

    def place_in(self, said: Callable[[str], str]) -> str:
        """The same in the language of `said`, which is never given what stands in the file."""
        sheet = said("工作表“{sheet}”").format(sheet=self.sheet) if self.sheet else ""
        row = said("第{row}行").format(row=self.row) if self.row else ""
        column = said("“{column}”列").format(column=self.column) if self.column else ""
        return " ".join(part for part in (self.file, sheet, row, column) if part)


class ProblemLog:
    """Collects problems, all counted, the first `KEPT_PROBLEMS` kept."""

    def __init__(self) -> None:
        """Begin empty."""
        self._kept: list[ImportProblem] = []
        self._counts: Counter[Severity] = Counter()

    def add(self, problem: ImportProblem) -> None:
        """Take one problem."""
        self._counts[problem.severity] += 1
        if len(self._kept) < KEPT_PROBLEMS:
            self._kept.append(problem)

    @property
    def kept(self) -> tuple[ImportProblem, ...]:
        """The problems that are listed, in the order of files, sheets and rows as met."""
        return tuple(self._kept)

    @property
    def errors(self) -> int:
        """How many stop the import."""
        return self._counts[Severity.ERROR]

    @property
    def warnings(self) -> int:
        """How many do not."""
        return self._counts[Severity.WARNING]
