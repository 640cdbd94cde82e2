"""The responsibility map 鱼鳞图: every cell of the grid, who answers for it, how it stands (Y07).

横到边、纵到底、定人定责: each cell names its persons, and its figures are those of all cells below.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction

from evalsys.errors import NotFound
from evalsys.ids import CadreNumber, GridCode

VISITED_WITHIN = timedelta(days=90)
"""A household counts as visited when its cadre was there in the last quarter (G10)."""


class Measure(StrEnum):
    """What the colour of a cell says."""

    LOAD = "load"
    """Linked households a cadre (Y04)."""
    VISITED = "visited"
    """Share of linked households visited in `VISITED_WITHIN` (Y21)."""
    SOLVED = "solved"
    """Share of requests that are solved (Y72)."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of a cell and of all cells below it."""

    cadres: int = 0
    households: int = 0
    """Linked to these cadres at present."""
    visited: int = 0
    """Of these, visited lately."""
    requests: int = 0
    solved: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        """Add two cells that share nobody."""
        return Figures(
            self.cadres + other.cadres,
            self.households + other.households,
            self.visited + other.visited,
            self.requests + other.requests,
            self.solved + other.solved,
        )

    def measure(self, measure: Measure) -> Fraction | None:
        """Return a measure exactly; None where it has no denominator."""
        part, whole = {
            Measure.LOAD: (self.households, self.cadres),
            Measure.VISITED: (self.visited, self.households),
            Measure.SOLVED: (self.solved, self.requests),
        }[measure]
        return Fraction(part, whole) if whole else None


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who answers for a cell: nothing that is not on the public notice board (L12)."""

    number: CadreNumber
    name: str
    unit: str
    post: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell 网格: its own data, without figures."""

    code: GridCode
    name: str
    depth: int
    level: str
    """Name of its level, such as 村级网格."""
    parent: GridCode | None
    grid_class: str
    """A, B, C, or empty (L02)."""
    heads: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """A cell with its figures: one scale of the fish. `code` is empty for a cadre's own."""

    code: str
    name: str
    persons: tuple[Named, ...]
    figures: Figures
    grid_class: str = ""
    is_open: bool = False
    """Whether there is something below to look at."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is shown of one cell: the way to it, itself, and the scales below."""

    above: tuple[Cell, ...]
    """From the whole county down to the cell's parent."""
    cell: Cell
    figures: Figures
    below_level: str
    """Name of the level below; empty when cadres are listed."""
    below: tuple[Scale, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole tree with the cadres who are on it."""

    cells: Mapping[GridCode, Cell]
    cadres: Mapping[GridCode, tuple[tuple[Named, Figures], ...]]
    """The serving cadres of a cell, in order of their numbers."""
    _below: Mapping[GridCode | None, tuple[GridCode, ...]] = field(init=False)
    _totals: Mapping[GridCode, Figures] = field(init=False)

    def __post_init__(self) -> None:
        """Order the tree and add up, once: from the lowest level to the highest."""
        below: dict[GridCode | None, list[GridCode]] = {}
        for cell in self.cells.values():
            below.setdefault(cell.parent, []).append(cell.code)
        totals = {code: _sum(each for _, each in self.cadres.get(code, ())) for code in self.cells}
        for cell in sorted(self.cells.values(), key=lambda each: -each.depth):
            if cell.parent is not None:
                totals[cell.parent] += totals[cell.code]
        object.__setattr__(self, "_below", {up: tuple(sorted(all_)) for up, all_ in below.items()})
        object.__setattr__(self, "_totals", totals)

    def top(self) -> GridCode:
        """Return the county's own cell.

        Raises:
            NotFound: there is no grid at all.
        """
        tops = self._below.get(None, ())
        if not tops:
            raise NotFound("还没有网格。", remedy="请先导入花名册：evalsys import roster。")
        return tops[0]

    def standing(self, code: GridCode) -> Standing:
        """Return what is shown of a cell.

        Raises:
            NotFound: there is no such cell.
        """
        if code not in self.cells:
            raise NotFound("没有这个网格。", remedy="请从鱼鳞图的县总网格往下选。", place=code)
        cell = self.cells[code]
        below = self._below.get(code, ())
        own = tuple(
            Scale("", each.name, (each,), figures) for each, figures in self.cadres.get(code, ())
        )
        return Standing(
            self._above(cell),
            cell,
            self._totals[code],
            self.cells[below[0]].level if below else "",
            (*(self._scale(one) for one in below), *own),
        )

    def _above(self, cell: Cell) -> tuple[Cell, ...]:
        way: list[Cell] = []
        while cell.parent is not None:
            cell = self.cells[cell.parent]
            way.append(cell)
        return tuple(reversed(way))

    def _scale(self, code: GridCode) -> Scale:
        cell, own = self.cells[code], self.cadres.get(code, ())
        # A cell of one cadre is that cadre's: nothing more is below it.
        is_one_cadre = len(own) == 1 and not self._below.get(code)
        persons = cell.heads or ((own[0][0],) if is_one_cadre else ())
        is_open = bool(self._below.get(code)) or len(own) > 1
        return Scale(code, cell.name, persons, self._totals[code], cell.grid_class, is_open)


def _sum(figures: Iterable[Figures]) -> Figures:
    return sum(figures, Figures())
