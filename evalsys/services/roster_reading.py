"""Reading roster files into rows, with every problem noted.

It needs no database and no key: a process of its own can do it (`evalsys.store.ahead`).
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from string import digits
from typing import Final

from evalsys.domain.household_form_sheet import form_sheet
from evalsys.domain.phone_number import BadPhone
from evalsys.domain.programme_sheet import SERVICES
from evalsys.domain.roster_cells import Cell, Parsed, is_empty
from evalsys.domain.roster_headers import (
    TITLE_ROWS,
    Recognised,
    Unrecognised,
    letter_of,
    recognise,
)
from evalsys.domain.roster_problems import ImportProblem, Severity
from evalsys.domain.roster_rows import Row, RowReader
from evalsys.domain.roster_sheets import PHONE_COLUMNS, Kind
from evalsys.store.roster_files import Table, names_of, open_tables

_HOUSEHOLDS: Final = form_sheet("", ())
"""A table with a household's code, whatever else it asks."""
CHUNK: Final = 5_000
"""Rows staged at a time; the progress is told as often."""

_Row = tuple[int, int, *tuple[Parsed, ...]]
_Phone = tuple[Parsed, int, bool, str]
Report = Callable[[ImportProblem], None]


@dataclass(frozen=True, slots=True)
class Source:
    """One sheet of one file."""

    file: str
    sheet: str

    @property
    def name(self) -> str:
        """File and sheet in one phrase."""
        return f"{self.file} 工作表“{self.sheet}”" if self.sheet else self.file


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of one sheet. Even an empty sheet gives one part."""

    number: int
    """Of the sheet among those that were recognised, from 1."""
    source: Source
    kind: Kind
    columns: tuple[str, ...]
    """Columns of `rows` after the line."""
    brought: tuple[str, ...]
    """All columns of the sheet: those of telephone numbers, too."""
    rows: list[_Row]
    """Number of the sheet, line, and values of each row without an error."""
    phones: list[_Phone]
    """Owner, position, whether it is usable, and text of each telephone number."""
    problems: list[ImportProblem]
    """In the order of rows."""
    refused: tuple[Parsed, ...]
    """With the last part: the keys of all rows that had an error."""
    reached: int
    """The line up to which the sheet was read, of `height`."""
    height: int


@dataclass(frozen=True, slots=True)
class Unread:
    """A sheet whose header was refused: what its rows hold, nobody knows."""

    kind: Kind


Read = Part | ImportProblem | Unread


def read_files(files: Sequence[Path]) -> Generator[Read, None, None]:
    """Read every table of every file; what is no sheet of the roster gives problems only.

    Raises:
        InvalidInput: a file cannot be opened or read at all.
    """
    number = 1
    for path, name in names_of(files).items():
        for table in open_tables(path, name):
            number += yield from _read_table(number, table)
            del table  # its sheet with it, before the next one is laid out


def _read_table(number: int, table: Table) -> Generator[Read, None, bool]:
    """Read one table as the one with a number; say whether it was a sheet of the roster."""
    problems: list[ImportProblem] = []
    first = list(islice(table.rows, TITLE_ROWS))
    found = recognise([cells for _, cells in first])
    if isinstance(found, Unrecognised):
        note_unrecognised(table, first, found, problems.append)
        yield from problems
        if found.nearest is not None and problems[0].severity is Severity.ERROR:
            yield Unread(found.nearest.kind)
        return False
    note_oddities(table, found, problems.append)
    rows = chain(first[found.at + 1 :], table.rows)
    yield from _parts(number, table, found, rows, problems)
    return True


def _parts(
    number: int,
    table: Table,
    found: Recognised,
    rows: Iterator[Row],
    problems: list[ImportProblem],
) -> Iterator[Part]:
    reader = RowReader(found, table.file, table.sheet, problems.append)
    names = tuple(column.name for column in reader.columns)
    columns = tuple(name for name in names if name not in PHONE_COLUMNS)
    width = len(columns)
    clean = reader.read(rows)
    is_last = False
    while not is_last:
        taken, phones = _taken(islice(clean, CHUNK), number, width)
        is_last = not taken
        yield Part(
            number,
            Source(table.file, table.sheet),
            found.sheet.kind,
            columns,
            names,
            taken,
            phones,
            problems.copy(),
            tuple(reader.refused_keys) if is_last else (),
            table.height if is_last else min(taken[-1][1], table.height),
            table.height,
        )
        problems.clear()


def _taken(
    clean: Iterable[tuple[int, list[Parsed]]], number: int, width: int
) -> tuple[list[_Row], list[_Phone]]:
    """Give rows and telephone numbers as a part has them; phones begin at column `width`.

    One pass, while a row still lies in the processor's cache.
    """
    rows: list[_Row] = []
    phones: list[_Phone] = []
    for line, values in clean:
        rows.append((number, line, *values[:width]))
        if len(values) == width:
            continue
        given = [each for cell in values[width:] if isinstance(cell, tuple) for each in cell]
        each_once = given if len(given) == 1 else dict.fromkeys(given)
        for position, each in enumerate(each_once, start=1):
            usable, text = (False, each.text) if isinstance(each, BadPhone) else (True, each)
            phones.append((values[0], position, usable, text))
    return rows, phones


def note_unrecognised(
    table: Table,
    first: Sequence[Row],
    found: Unrecognised,
    report: Report,
    page: str = "docs/formats/roster.md",
) -> None:
    """Say why a table cannot be read: empty, of another kind, or with columns missing.

    `page` is where the columns are explained.
    """
    severity, row = Severity.ERROR, found.at + 1
    if all(is_empty(cell) for _, cells in first for cell in cells):
        severity, row, what, remedy = Severity.WARNING, 0, "空表，已跳过", ""
    elif found.repeated:
        what = f"表头列重复：{'、'.join(found.repeated)}"
        remedy = "请删去或更名多余的列。"
    elif isinstance(recognise([cells for _, cells in first], (SERVICES,)), Recognised):
        severity, row = Severity.WARNING, 0
        what, remedy = f"是“{SERVICES.title}”表，未导入", "请用 evalsys import programme 导入。"
    elif found.nearest is None and _is_by_household([cells for _, cells in first]):
        severity, row, what = Severity.WARNING, 0, "不是花名册的表，未导入"
        remedy = "若是民情表，请用 evalsys import forms 导入。"
    elif found.nearest is not None:
        what = f"像是“{found.nearest.title}”表，但缺少列：{'、'.join(found.missing)}"
        remedy = f"请补上这些列，列名见 {page}。"
    else:
        severity, row, what = Severity.WARNING, 0, "认不出是什么表，未导入"
        remedy = f"若应导入，请核对表头，列名见 {page}。"
    report(ImportProblem(severity, table.file, table.sheet, row, "", "", what, remedy))


def _is_by_household(rows: Sequence[Sequence[Cell]]) -> bool:
    """Say whether a table is about households, as filled household forms are."""
    return isinstance(recognise(rows, (_HOUSEHOLDS,)), Recognised)


def note_oddities(table: Table, found: Recognised, report: Report) -> None:
    """Say which columns are left out; refuse merged cells and what nobody sees in the sheet.

    Whoever answers for a file answers for what stands in it; a row that a filter put aside, or
    a sheet from last year behind it, would come in unread.
    """
    header = found.at + 1
    for column in found.unknown:
        report(
            ImportProblem(
                Severity.WARNING,
                table.file,
                table.sheet,
                header,
                column,
                "",
                "不认识的列，未导入",
                "若应导入，请更正列名。",
            )
        )
    for row, part in table.unseen:
        what, remedy = f"{part}是隐藏的", "请取消隐藏（清除筛选）并核对，或删除。"
        report(ImportProblem(Severity.ERROR, table.file, table.sheet, row, "", "", what, remedy))
    for problem in _failed_formulas(table, found):
        report(problem)
    for first, last in table.merged:
        if last > header:
            report(
                ImportProblem(
                    Severity.ERROR,
                    table.file,
                    table.sheet,
                    first,
                    "",
                    "",
                    f"第{first}至{last}行有合并单元格",
                    "请取消合并，并在每一行填写完整。",
                )
            )


def _failed_formulas(table: Table, found: Recognised) -> Iterator[ImportProblem]:
    """Name cells that read as empty and are not: a number that is missing would be taken away."""
    headers = {
        letter_of(at): found.sheet.column(name).header for name, at in found.positions.items()
    }
    for cell, stands in table.failed.items():
        letters = cell.rstrip(digits)
        row = int(cell.removeprefix(letters))
        if row <= found.at + 1 or letters not in headers:
            continue
        what, remedy = "公式出错的结果", "请改正公式，或粘贴为数值。"
        if stands.startswith("="):
            what, remedy = "公式没有计算过，文件里没有结果", "请打开后重新保存，或粘贴为数值。"
        yield ImportProblem(
            Severity.ERROR, table.file, table.sheet, row, headers[letters], stands, what, remedy
        )
