"""The report on a roster import: every problem in a list, and its row with the cell in red."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

import xlsxwriter

from evalsys.domain.roster_problems import ImportProblem

if TYPE_CHECKING:  # xlsxwriter is loaded for the first workbook
    from xlsxwriter.format import Format

_COLUMNS: Final = (
    ("级别", 6),
    ("文件", 22),
    ("工作表", 14),
    ("行", 8),
    ("列", 16),
    ("原值", 24),
    ("问题", 40),
    ("办法", 48),
)
_SHEET_NAME_CHARACTERS: Final = 31
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))


@dataclass(frozen=True, slots=True)
class ProblemRows:
    """The rows of one sheet that have problems, as they were handed in.

    `red` holds (number of the row, index of the column) of the cells to mark.
    """

    file: str
    sheet: str
    header: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    red: frozenset[tuple[int, int]]


def write_report(
    out: IO[bytes], summary: str, problems: Sequence[ImportProblem], sheets: Sequence[ProblemRows]
) -> None:
    """Write the workbook: `summary` above the list of problems, then one sheet a source."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bg_color": "#F0ECE6", "border": 1})
        red = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": "@"})
        _write_list(book, summary, problems, bold, red)
        for number, sheet in enumerate(sheets, start=1):
            _write_rows(book, number, sheet, bold, red)


def _write_list(
    book: "xlsxwriter.Workbook",
    summary: str,
    problems: Sequence[ImportProblem],
    bold: "Format",
    red: "Format",
) -> None:
    listed = book.add_worksheet("问题清单")
    for index, (_, width) in enumerate(_COLUMNS):
        listed.set_column(index, index, width)
    listed.freeze_panes(2, 0)
    listed.write_string(0, 0, summary)
    for index, (title, _) in enumerate(_COLUMNS):
        listed.write_string(1, index, title, bold)
    for at, problem in enumerate(problems, start=2):
        row = str(problem.row) if problem.row else ""
        place = (problem.severity.value, problem.file, problem.sheet, row, problem.column)
        for index, text in enumerate((*place, problem.value, problem.what, problem.remedy)):
            listed.write_string(at, index, text, red if index == len(place) else None)


def _write_rows(
    book: "xlsxwriter.Workbook", number: int, source: ProblemRows, bold: "Format", red: "Format"
) -> None:
    name = f"{number} {source.sheet or source.file}".translate(_FORBIDDEN)
    sheet = book.add_worksheet(name[:_SHEET_NAME_CHARACTERS])
    sheet.set_column(0, len(source.header), 18)
    sheet.freeze_panes(2, 1)
    sheet.write_string(0, 0, f"{source.file} {source.sheet}")
    for index, title in enumerate(("原行号", *source.header)):
        sheet.write_string(1, index, title, bold)
    for at, (row, cells) in enumerate(source.rows, start=2):
        sheet.write_string(at, 0, str(row))
        for index, text in enumerate(cells):
            sheet.write_string(at, index + 1, text, red if (row, index) in source.red else None)
