"""A table to be written out: typed cells under columns that explain themselves."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from evalsys.domain.assessment import show_tenths
from evalsys.domain.roster import SECOND_LEVEL

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
    unit: str = ""
    """What a number counts; empty for what has no unit."""
    source: str = ""
    """Which register or form it comes from; empty for what is worked out from the other columns."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What a dictionary says of one column, whoever fills it."""

    title: str
    meaning: str
    unit: str
    source: str


def explained(
    columns: Sequence[Column[Row]],
    units: Mapping[str, Sequence[str]],
    sources: Mapping[str, Sequence[str]],
) -> tuple[Column[Row], ...]:
    """Add units and sources to columns, each given with the titles that have it.

    Raises:
        ValueError: a title is no column's.
    """
    unit = {title: name for name, titles in units.items() for title in titles}
    source = {title: name for name, titles in sources.items() for title in titles}
    unknown = {*unit, *source} - {column.title for column in columns}
    if unknown:
        message = f"no such columns: {sorted(unknown)}"
        raise ValueError(message)
    return tuple(
        replace(c, unit=unit.get(c.title, c.unit), source=source.get(c.title, c.source))
        for c in columns
    )


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
    explained: tuple[Explained, ...] = ()
    """One for each column, or none when the columns are not explained."""


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
        tuple(Explained(c.title, c.meaning, c.unit, c.source) for c in columns),
    )


def at_level(table: Table, level: str) -> Table:
    """Call the second level what the county calls it, in titles and explanations."""
    if level == SECOND_LEVEL:
        return table

    def named(text: str) -> str:
        return text.replace(f"{SECOND_LEVEL}大网格", level).replace(SECOND_LEVEL, level)

    return replace(
        table,
        title=named(table.title),
        lines=tuple(line.replace(f"{SECOND_LEVEL}“", f"{level}“") for line in table.lines),
        titles=tuple(map(named, table.titles)),
        explained=tuple(
            replace(one, title=named(one.title), meaning=named(one.meaning))
            for one in table.explained
        ),
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


def read_cell(cell: Cell) -> str:
    """Write a cell for people to read on a page: as `show_cell`, a number's thousands set apart."""
    return f"{cell:,}" if isinstance(cell, int) else show_cell(cell)
