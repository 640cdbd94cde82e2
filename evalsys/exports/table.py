"""A table to be written out: typed cells under columns that explain themselves."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from evalsys.domain.assessment import show_tenths

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Tenths:
    """A score in tenths of a point: written as a number with one decimal."""

    value: int


Cell = str | int | Tenths | date | None
"""What a cell can hold. None is an empty cell: there is no value."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: its title, its width in characters, what it means, and how to fill it."""

    title: str
    width: int
    meaning: str
    cell: Callable[[Row], Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """A finished table. `lines` stand above it in a workbook: dates and denominators.

    `rows` is read once, in order, while writing: it may be a generator of `count` rows.
    """

    title: str
    lines: tuple[str, ...]
    titles: tuple[str, ...]
    widths: tuple[int, ...]
    rows: Iterable[Sequence[Cell]]
    count: int


def tabulate(
    title: str, lines: Sequence[str], columns: Sequence[Column[Row]], rows: Sequence[Row]
) -> Table:
    """Fill `columns` from `rows`, one row of the table each."""
    return Table(
        title,
        tuple(lines),
        tuple(column.title for column in columns),
        tuple(column.width for column in columns),
        (tuple(column.cell(row) for column in columns) for row in rows),
        len(rows),
    )


def show_cell(cell: Cell) -> str:
    """Write a cell as plain text: dates as ISO, scores with one decimal, nothing as ""."""
    match cell:
        case None:
            return ""
        case Tenths():
            return show_tenths(cell.value)
        case date():
            return cell.isoformat()
        case _:
            return str(cell)
