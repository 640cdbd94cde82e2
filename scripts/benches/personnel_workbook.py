"""A workbook of 10,180 rows and 40 columns: ours beside raw XlsxWriter and beside openpyxl."""

import io
from datetime import UTC, datetime

import openpyxl
import xlsxwriter

from evalsys.exports.table import Cell, Table
from evalsys.exports.xlsx import write_xlsx
from scripts.benches.figure import Figure, in_turn

ROWS, COLUMNS = 10_180, 40
AT = datetime(2026, 11, 26, tzinfo=UTC)
SLOWER_THAN_RAW = 1.5


def workbook_figures(repeat: int) -> list[Figure]:
    """Write the same cells three ways."""
    rows = [tuple(_cell(row, column) for column in range(COLUMNS)) for row in range(ROWS)]
    ours, raw, slow = in_turn(
        repeat, lambda: _ours(rows), lambda: _raw(rows), lambda: _openpyxl(rows)
    )
    what = f"workbook of {ROWS:,} x {COLUMNS}"
    target = raw * SLOWER_THAN_RAW
    return [
        Figure("personnel", what, ours, "s", "raw XlsxWriter", raw, target),
        Figure("personnel", what, ours, "s", "openpyxl, write-only", slow),
    ]


def _cell(row: int, column: int) -> Cell:
    return row * column if column % 4 == 0 else f"第{row}行第{column}列"


def _ours(rows: list[tuple[Cell, ...]]) -> None:
    titles = tuple(f"列{column}" for column in range(COLUMNS))
    table = Table("决定", ("说明",), titles, (12,) * COLUMNS, rows, len(rows))
    write_xlsx([table], io.BytesIO(), made_at=AT)


def _raw(rows: list[tuple[Cell, ...]]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(io.BytesIO(), options) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)


def _openpyxl(rows: list[tuple[Cell, ...]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(io.BytesIO())
