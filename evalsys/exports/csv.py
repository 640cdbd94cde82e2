"""CSV that spreadsheets open as text: UTF-8 with BOM, CRLF, and never a formula."""

import csv
import io
from collections.abc import Iterator
from itertools import chain
from typing import IO

from evalsys.exports.table import Cell, Table, show_cell

BOM = b"\xef\xbb\xbf"
MARK = "'"
"""Put before a text that a spreadsheet might calculate; `docs/formats/decisions.md`."""

_STARTS_A_FORMULA = frozenset("=+-@\t\r\n＝＋－＠﹦﹢﹣−﹫")  # noqa: RUF001 - the look-alikes are the point
_UNSEEN = " \u00a0\u3000\ufeff\u200b\u200c\u200d\u2060\v\f\0"
"""Characters that a spreadsheet may skip before it looks for a formula."""
_SUSPECT = _STARTS_A_FORMULA | frozenset(_UNSEEN) | {MARK}


def write_csv(table: Table, out: IO[bytes]) -> None:
    """Write a table; one row at a time, so memory does not grow with it."""
    out.write(BOM)
    text = io.TextIOWrapper(out, "utf-8", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows(
        [neutral(cell) for cell in cells] for cells in chain([table.titles], table.rows)
    )
    text.detach()


def csv_lines(table: Table) -> Iterator[bytes]:
    """Yield the header and each row as bytes, without the BOM."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for cells in chain([table.titles], table.rows):
        writer.writerow([neutral(cell) for cell in cells])
        yield _taken(buffer)


def neutral(cell: Cell) -> str:
    """Write a cell so that no spreadsheet calculates it.

    Text that could start a formula, or that starts with the mark itself, gets one
    apostrophe in front; taking one leading apostrophe away gives the text back exactly.
    Numbers are written as they are.
    """
    if not isinstance(cell, str):
        return show_cell(cell)
    text = str(cell)
    if text[:1] not in _SUSPECT:
        return text
    begin = text.lstrip(_UNSEEN)[:1]
    return MARK + text if begin == MARK or begin in _STARTS_A_FORMULA else text


def _taken(buffer: io.StringIO) -> bytes:
    line = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return line
