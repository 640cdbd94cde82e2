"""How far the cells of a worksheet lie apart, told from its XML before a parser lays it out.

The reader lays a sheet out as one rectangle, and one that does not fit into memory ends the
process. So every way in which a cell may say where it stands is counted: by its own address, by
its row's number, or by its turn among cells and rows that say nothing; in any case, with any
prefix, in single quotes. What is counted is never too little; it may be too much for a file that
no spreadsheet program writes.
"""

import re
from typing import Final

_DIGITS: Final = b"0123456789"
_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FAR: Final = 10**9
"""Stands for what is too long to be a row or a column of any sheet."""

_NUMBERED_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
_ADDRESS = re.compile(rb"(?<![\w:])r\s*=\s*[\"']([A-Za-z]*)0*([0-9]*)")
_ROW_STARTS = re.compile(rb"<(?:\w+:)?row(?=[\s/>])")
_ROW_WITHOUT_NUMBER = re.compile(rb"<(?:\w+:)?row(?=[\s/>])(?![^<>]*?(?<![\w:])r\s*=)")
_CELL_WITHOUT_ADDRESS = re.compile(rb"<(?:\w+:)?c(?=[\s/>])(?![^<>]*?(?<![\w:])r\s*=)")


class Extent:
    """Counts rows and columns while the parts of a sheet pass by."""

    def __init__(self) -> None:
        self._width, self._height = 1, 1
        self._rows_by_turn = self._cells_by_turn = self._in_this_row = 0
        self.entries = 0
        """Cells and shared strings."""
        self._further = _further(1, 1)
        self._is_sheet = False

    @property
    def width(self) -> int:
        """Columns, never too few."""
        return self._width + self._cells_by_turn

    @property
    def height(self) -> int:
        """Rows, never too few."""
        return self._height + self._rows_by_turn

    def see(self, chunk: bytes, window: bytes) -> None:
        """Take the next `chunk`; `window` is the same with the end of the one before it."""
        self._is_sheet = self._is_sheet or b"sheetData" in window
        if self._is_sheet:
            self._see_addresses(window)
            self._see_turns(chunk)
        else:
            self.entries += chunk.count(b"<si>") + chunk.count(b"<si/") + chunk.count(b":si")

    def _see_addresses(self, window: bytes) -> None:
        width, height = self._width, self._height
        height = max([height, *map(int, _NUMBERED_ROW.findall(window))])
        if height != self._height:
            self._further = _further(width, height)
        if self._further.search(window):
            for letters, digits in set(_ADDRESS.findall(window)):
                width = max(width, _column(letters.upper()))
                height = max(height, int(digits or b"1") if len(digits) < 9 else _FAR)
            self._further = _further(width, height)
        self._width, self._height = width, height

    def _see_turns(self, chunk: bytes) -> None:
        cells, rows, prefixed = chunk.count(b"<c"), chunk.count(b"<row"), chunk.count(b":c")
        self.entries += cells + prefixed
        if b":row" in chunk or rows != chunk.count(b'<row r="'):
            self._rows_by_turn += len(_ROW_WITHOUT_NUMBER.findall(chunk))
        if prefixed or cells != chunk.count(b'<c r="'):
            self._count_cells(chunk)
        elif rows:
            self._in_this_row = 0

    def _count_cells(self, chunk: bytes) -> None:
        first, *others = _ROW_STARTS.split(chunk)
        self._in_this_row += len(_CELL_WITHOUT_ADDRESS.findall(first))
        longest = max(self._cells_by_turn, self._in_this_row)
        is_prefixed = b":c" in chunk
        for row in others:
            # Most rows are no longer than the one before: counting alone is quicker.
            if row.count(b"<c") + (row.count(b":c") if is_prefixed else 0) > longest:
                longest = max(longest, len(_CELL_WITHOUT_ADDRESS.findall(row)))
        if others:
            self._in_this_row = len(_CELL_WITHOUT_ADDRESS.findall(others[-1]))
        self._cells_by_turn = longest


def _further(width: int, height: int) -> re.Pattern[bytes]:
    """Find an address to the right of a column or below a row."""
    columns = _greater(_letters(width), _LETTERS, _LETTERS)
    rows = _greater(str(height).encode(), _DIGITS, _DIGITS[1:])
    return re.compile(
        rb"r\s*=\s*[\"'](?:(?:%s)[0-9]|[A-Za-z]*0*(?:%s))" % (b"|".join(columns), b"|".join(rows))
    )


def _greater(word: bytes, signs: bytes, first: bytes) -> list[bytes]:
    """Give patterns that together match every longer word, and every greater one as long."""
    found = [b"[%s][%s]{%d,}" % (_either(first), _either(signs), len(word))]
    for at, sign in enumerate(word):
        above = signs[signs.index(sign) + 1 :]
        if above:
            begins = b"".join(b"[%s]" % _either(bytes([one])) for one in word[:at])
            rest = len(word) - at - 1
            found.append(b"%s[%s][%s]{%d}" % (begins, _either(above), _either(signs), rest))
    return found


def _either(signs: bytes) -> bytes:
    return signs if signs.isdigit() else signs + signs.lower()


def _letters(column: int) -> bytes:
    letters = b""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = bytes([_LETTERS[rest]]) + letters
    return letters


def _column(letters: bytes) -> int:
    if len(letters) > 3:  # XFD is the last
        return _FAR
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
