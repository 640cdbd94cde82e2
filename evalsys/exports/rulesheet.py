"""A rule set as the workbook that its author edits: three sheets, every cell a text."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO

import xlsxwriter

_WIDTHS = (8, 44)
"""The narrowest and the widest column, in characters."""
_PER_HAN = 2
_FIRST_ROWS = 400
"""Rows that are looked at for the width of a column."""


def write_rule_workbook(
    tables: Mapping[str, Sequence[Sequence[str]]], out: IO[bytes], *, made_at: datetime
) -> None:
    """Write the sheets so that they compile to what they came from; the same gives the same bytes.

    Texts only: a spreadsheet turns nothing into a number, a day or a formula.
    """
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None), "author": "evalsys"})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "bg_color": "#8F1D22", "font_color": "#FFFFFF"})
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            for column in range(max(map(len, rows), default=0)):
                sheet.set_column(column, column, _width(rows, column), text)
            for r, cells in enumerate(rows):
                for c, cell in enumerate(cells):
                    if cell:
                        sheet.write_string(r, c, cell, text if r else head)
            sheet.freeze_panes(1, 1)


def _width(rows: Sequence[Sequence[str]], column: int) -> int:
    longest = max((len(row[column]) for row in rows[:_FIRST_ROWS] if column < len(row)), default=0)
    least, most = _WIDTHS
    return min(max(longest * _PER_HAN, least), most)
