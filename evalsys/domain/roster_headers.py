"""Recognising a sheet by its header row, whatever its name and the titles above it."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evalsys.domain.roster_cells import Cell, shown
from evalsys.domain.roster_sheets import SHEETS, Column, Sheet

TITLE_ROWS: Final = 10
"""Header rows are looked for in the first ten rows: tables often begin with a title."""

_ORNAMENT = re.compile(r"[\s*]|\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A sheet that can be read. `at` counts rows from 0; `positions` columns from 0."""

    sheet: Sheet
    at: int
    positions: Mapping[str, int]
    unknown: tuple[str, ...]
    """Headers that mean nothing here; their columns are left out."""
    width: int
    """Columns up to the last that has a header; nothing may stand to the right of it."""


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A sheet that cannot be read; when it resembles one, `nearest` and what it lacks."""

    nearest: Sheet | None
    at: int
    missing: tuple[str, ...]
    repeated: tuple[str, ...]


def recognise(
    rows: Sequence[Sequence[Cell]], sheets: Collection[Sheet] = SHEETS.values()
) -> Recognised | Unrecognised:
    """Find the header among the first rows of a sheet and tell which of `sheets` it is."""
    best = Unrecognised(None, 0, (), ())
    best_share = 0.5
    for at, row in enumerate(rows[:TITLE_ROWS]):
        headers = [_plain(cell) for cell in row]
        whole = [sheet for sheet in sheets if not _missing(sheet, headers)]
        if whole:
            # 联系关系 is part of 走访记录: the sheet that asks for more is meant.
            return _read(max(whole, key=_needed_count), at, headers, row)
        for sheet in sheets:
            missing = _missing(sheet, headers)
            share = 1 - len(missing) / _needed_count(sheet)
            if share >= best_share:
                best, best_share = Unrecognised(sheet, at, missing, ()), share + 1e-9
    return best


def letter_of(index: int) -> str:
    """Name a column from 0 as spreadsheets do: A, B, ... Z, AA; for those without a header."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _read(
    sheet: Sheet, at: int, headers: Sequence[str], row: Sequence[Cell]
) -> Recognised | Unrecognised:
    positions: dict[str, int] = {}
    unknown, repeated = [], []
    for index, header in enumerate(headers):
        column = next((column for column in sheet.columns if header in _names(column)), None)
        if column is None:
            unknown.extend([shown(row[index])] if header else [])
        elif column.name in positions:
            repeated.append(header)
        else:
            positions[column.name] = index
    if repeated:
        return Unrecognised(sheet, at, (), tuple(repeated))
    width = max(index for index, header in enumerate(headers, start=1) if header)
    return Recognised(sheet, at, positions, tuple(unknown), width)


def _missing(sheet: Sheet, headers: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        column.header
        for column in sheet.columns
        if column.needed and not any(name in headers for name in _names(column))
    )


def _needed_count(sheet: Sheet) -> int:
    return sum(column.needed for column in sheet.columns)


def _names(column: Column) -> tuple[str, ...]:
    return (column.header, *column.other_headers)


def _plain(cell: Cell) -> str:
    """Take out spaces, asterisks and a remark in brackets: " 姓 名*（必填）" is 姓名."""
    if not isinstance(cell, str):
        return ""
    return _ORNAMENT.sub("", _ORNAMENT.sub("", unicodedata.normalize("NFKC", cell)))
