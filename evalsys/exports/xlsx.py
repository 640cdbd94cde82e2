"""Workbooks for people: XLSX in which every text is a text and nothing can be calculated."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, TYPE_CHECKING

import xlsxwriter

from evalsys.exports.table import Cell, Column, Explained, Table, Tenths, tabulate

if TYPE_CHECKING:  # xlsxwriter is loaded for the first workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CELL_LIMIT = 32_767
"""Characters that a cell can hold; XLSX knows no more."""
CUT = "…（过长，已截断）"
_LONGEST_SHEET_NAME = 31

_FONT = "Microsoft YaHei"
_A4 = 9
_PAGE_WIDTH = 220
"""Characters that still can be read when they are fitted to the width of a page."""
_KEPT_COLUMNS = 2
"""Number and name stay in sight in a wide table."""


@dataclass(frozen=True, slots=True)
class _Formats:
    title: "Format"
    line: "Format"
    head: "Format"
    text: "Format"
    whole: "Format"
    tenths: "Format"
    day: "Format"


DICTIONARY = "数据字典"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the dictionary."""

    sheet: str
    column: Explained
    kind: str


_KINDS: Mapping[type, str] = {str: "文本", int: "整数", Tenths: "小数（一位）", date: "日期"}

DICTIONARY_COLUMNS: tuple[Column[_Entry], ...] = (
    Column("工作表", 14, "列所在的工作表", lambda e: e.sheet),
    Column("列", 20, "列名", lambda e: e.column.title),
    Column("含义", 70, "列的含义", lambda e: e.column.meaning),
    Column("类型", 12, "文本、整数、小数或日期；本表没有数据的列为空", lambda e: e.kind),
    Column("单位", 10, "数值的计量单位；没有的为空", lambda e: e.column.unit),
    Column("来源", 22, "取自哪个名册或登记；由其他列算出的为空", lambda e: e.column.source),
)


def write_xlsx(
    tables: Sequence[Table],
    out: IO[bytes],
    *,
    made_at: datetime,
    dictionary: bool = True,
    words: Callable[[Table], Table] = lambda table: table,
) -> None:
    """Write one sheet a table: title and lines on top, header frozen, filters on.

    The last sheet explains every column: meaning, type, unit and source. A workbook that is read
    in again goes without (`dictionary=False`). `words` says that sheet in the reader's language,
    where the tables are.
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
        entries: list[_Entry] = []
        for table in tables:
            kinds = _write_sheet(book.add_worksheet(_sheet_name(table.title)), table, formats)
            entries += [
                _Entry(table.title, column, kind)
                for column, kind in zip(table.explained, kinds, strict=False)
            ]
        if dictionary and entries:
            explained = words(tabulate(DICTIONARY, tables[0].lines, DICTIONARY_COLUMNS, entries))
            _write_sheet(book.add_worksheet(_sheet_name(explained.title)), explained, formats)


def _sheet_name(title: str) -> str:
    return title[:_LONGEST_SHEET_NAME]


def _formats(book: "xlsxwriter.Workbook") -> _Formats:
    def made(**properties: object) -> "Format":
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


def _write_sheet(sheet: "Worksheet", table: Table, formats: _Formats) -> Sequence[str]:
    """Write a table; return the type of each column as its cells have it, "" for an empty one."""
    kinds = [""] * len(table.titles)
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
            if not kinds[c] and cell is not None:
                kinds[c] = _KINDS.get(type(cell), _KINDS[str])  # a word of a closed set is text
    sheet.freeze_panes(head + 1, _KEPT_COLUMNS if _is_wide(table) else 0)
    sheet.autofilter(head, 0, last, len(table.titles) - 1)
    _set_up_print(sheet, table, head)
    return kinds


def _set_up_print(sheet: "Worksheet", table: Table, head: int) -> None:
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


def _write_cell(sheet: "Worksheet", row: int, column: int, cell: Cell, formats: _Formats) -> None:
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
