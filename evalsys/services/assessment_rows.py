"""Rows of an assessment's files as they were read, with the place of each."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

from evalsys.domain.cycles import CycleCode, calendar_days
from evalsys.domain.roster_cells import Cell, Parsed, is_empty, shown
from evalsys.domain.roster_headers import letter_of
from evalsys.domain.roster_problems import ImportProblem, ProblemLog, Severity
from evalsys.domain.roster_rows import Row
from evalsys.domain.roster_sheets import Sheet
from evalsys.services.roster_reading import Source
from evalsys.store.roster_files import Table
from evalsys.store.xlsx_cells import calculated_cells

_SHOWN: Final = 200
"""Cells with formulas that are named."""


def oddities(path: Path, table: Table, header: int) -> Iterator[ImportProblem]:
    """Find what a reader of values passes over: merged titles, formulas.

    A formula that was never calculated reads as 0, a stale one as what it was: a score by
    mistake. `header` is the number of the row with the titles.
    """
    if not table.sheet:
        return
    for (top, left), (bottom, right) in table.areas:
        if top < header <= bottom + 1 and right > left:
            what = f"{letter_of(left)}至{letter_of(right)}列的列名是合并单元格"
            yield _of_sheet(table, header, "", "", what, "请取消合并，给每一列写上列名。")
    for place in islice(calculated_cells(path, table.file, (table.sheet.strip(),)), _SHOWN):
        cell = place.rpartition("!")[2]
        letters = cell.rstrip("0123456789")
        row = int(cell[len(letters) :])
        if row > header:
            what, remedy = "是公式或公式出错的结果", "请复制整列，粘贴为数值。"
            yield _of_sheet(table, row, letters, cell, what, remedy)


def named_only(
    rows: Iterable[Row], titles: Sequence[Cell], table: Table, log: ProblemLog
) -> Iterator[Row]:
    """Pass rows on that have nothing under a column without a title; name the others."""
    blank = [at for at, title in enumerate(titles) if is_empty(title)]
    for number, cells in rows:
        lost = next((at for at in blank if at < len(cells) and not is_empty(cells[at])), None)
        if lost is None:
            yield number, cells
            continue
        what, remedy = "这一列没有列名", "请写上列名；若是备注，写“备注”，或删去这一列。"
        log.add(_of_sheet(table, number, letter_of(lost), shown(cells[lost]), what, remedy))


def _of_sheet(
    table: Table, row: int, column: str, value: str, what: str, remedy: str
) -> ImportProblem:
    return ImportProblem(Severity.ERROR, table.file, table.sheet, row, column, value, what, remedy)


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


def cycle_problems(
    row: StagedRow, shut: Collection[CycleCode], begun: Mapping[CycleCode, date], today: date
) -> Iterator[ImportProblem]:
    """Refuse what comes for a cycle that is closed, or has not begun; `begun` has first days."""
    code = CycleCode(row.text("cycle"))
    if code in shut:
        yield row.problem(
            "cycle", "这一考核周期已经关闭", "有误的成绩请在页面上提出更正，由第二人批准。"
        )
    elif code and (begun.get(code) or calendar_days(code)[0]) > today:
        yield row.problem("cycle", "这一考核周期还没有开始", "请核对年份和季度。")
