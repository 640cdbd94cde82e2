"""Workbooks for people: XLSX in which every text is a text and nothing can be calculated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from evalsys.exports.table import Cell, Table, Tenths

CELL_LIMIT = 32_767
"""Characters that a cell can hold; XLSX knows no more."""
CUT = "…（过长，已截断）"

_FONT = "Microsoft YaHei"
_A4 = 9
_PAGE_WIDTH = 220
"""Characters that still can be read when they are fitted to the width of a page."""
_KEPT_COLUMNS = 2
"""Number and name stay in sight in a wide table."""


@dataclass(frozen=True, slots=True)
class _Formats:
    title: Format
    line: Format
    head: Format
    text: Format
    whole: Format
    tenths: Format
    day: Format


def write_xlsx(tables: Sequence[Table], out: IO[bytes], *, made_at: datetime) -> None:
    """Write one sheet a table: title and lines on top, header frozen, filters on.

    Rows go to disk as they come, so memory does not grow with them. The same tables and
    `made_at` give the same bytes.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None), "author": "evalsys"})
        formats = _formats(book)
        for table in tables:
            _write_sheet(book.add_worksheet(table.title), table, formats)


def _formats(book: xlsxwriter.Workbook) -> _Formats:
    def made(**properties: object) -> Format:
        return book.add_format({"font_name": _FONT, "font_size": 10, "valign": "top"} | properties)

    return _Formats(
        title=made(bold=True, font_size=15, font_color="#6F1418"),
        line=made(font_color="#5B524B"),
        head=made(
            bold=True,
            bg_color="#8F1D22",
            font_color="#FFFFFF",
            border=1,
            border_color="#DCD5CA",
            text_wrap=True,
            valign="vcenter",
        ),
        text=made(num_format="@", text_wrap=True),
        whole=made(num_format="0"),
        tenths=made(num_format="0.0"),
        day=made(num_format="yyyy-mm-dd", align="left"),
    )


def _write_sheet(sheet: Worksheet, table: Table, formats: _Formats) -> None:
    for i, width in enumerate(table.widths):
        sheet.set_column(i, i, width)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, table.title, formats.title)
    for r, line in enumerate(table.lines, start=1):
        sheet.write_string(r, 0, line, formats.line)
    head = len(table.lines) + 2
    sheet.set_row(head, 32)  # two lines: titles are longer than their figures
    for c, title in enumerate(table.titles):
        sheet.write_string(head, c, title, formats.head)
    last = head
    for last, row in enumerate(table.rows, start=head + 1):
        for c, cell in enumerate(row):
            _write_cell(sheet, last, c, cell, formats)
    sheet.freeze_panes(head + 1, _KEPT_COLUMNS if _is_wide(table) else 0)
    sheet.autofilter(head, 0, last, len(table.titles) - 1)
    _set_up_print(sheet, table, head)


def _set_up_print(sheet: Worksheet, table: Table, head: int) -> None:
    """Print on A4 across: narrow tables fitted to the page, wide ones continued on the next."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(head)
    if _is_wide(table):
        sheet.set_print_scale(75)
        sheet.repeat_columns(0, _KEPT_COLUMNS - 1)
    else:
        sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")


def _is_wide(table: Table) -> bool:
    return sum(table.widths) > _PAGE_WIDTH


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, formats: _Formats) -> None:
    """Write by the type of the value; XlsxWriter is never left to guess."""
    match cell:
        case None | "":
            pass
        case str():
            text = cell if len(cell) <= CELL_LIMIT else cell[: CELL_LIMIT - len(CUT)] + CUT
            sheet.write_string(row, column, text, formats.text)
        case Tenths():
            sheet.write_number(row, column, cell.value / 10, formats.tenths)
        case date():
            sheet.write_datetime(row, column, datetime.combine(cell, time()), formats.day)
        case int():
            sheet.write_number(row, column, cell, formats.whole)
