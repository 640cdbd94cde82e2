"""Who gets a request: by level, from the linked cadre upwards, and by class (L19, L24)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evalsys.domain.casework.words import Party, PartyKind

COUNTY_LEVEL = 1


@dataclass(frozen=True, slots=True)
class GridCell:
    """A grid with its depth (1 the county) and the grid above."""

    code: str
    name: str
    depth: int
    parent: str | None


@dataclass(frozen=True, slots=True)
class GridTree:
    """All grids by code."""

    cells: Mapping[str, GridCell]

    def above(self, code: str) -> GridCell | None:
        """Return the grid one level up; None for the county, or for a grid that is not known."""
        cell = self.cells.get(code)
        return None if cell is None or cell.parent is None else self.cells.get(cell.parent)

    def path(self, code: str) -> Iterator[GridCell]:
        """Give the grid itself and every one above it, up to the county."""
        cell = self.cells.get(code)
        while cell is not None:
            yield cell
            cell = self.cells.get(cell.parent) if cell.parent else None

    def contains(self, code: str, other: str) -> bool:
        """Say whether `other` is `code` or lies below it."""
        return any(cell.code == code for cell in self.path(other))

    @property
    def county(self) -> GridCell | None:
        """The grid of the whole county, whose heads are the county office (Y18)."""
        return next((cell for cell in self.cells.values() if cell.parent is None), None)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request begins: who holds it, at which level, on which grid."""

    holder: Party
    level: int
    grid: str


def first_route(tree: GridTree, grid: str, cadre: str | None, cadre_grid: str | None) -> Route:
    """Begin with the linked cadre at the cadre's own level; with a grid's head without one."""
    if cadre is not None:
        own = tree.cells.get(cadre_grid or grid) or tree.cells[grid]
        return Route(Party(PartyKind.CADRE, cadre), own.depth, own.code)
    cell = tree.cells[grid]
    return Route(Party(PartyKind.GRID, cell.code), cell.depth, cell.code)


@dataclass(frozen=True, slots=True)
class ClassEntry:
    """One entry of a taxonomy."""

    code: str
    level: int
    parent: str
    name: str
    limit_class: str = ""
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class ClassTree:
    """A version of the taxonomy, entries by code."""

    version: str
    entries: Mapping[str, ClassEntry]

    def path(self, code: str) -> Iterator[ClassEntry]:
        """Give the entry and every one above it, up to the module."""
        entry = self.entries.get(code)
        while entry is not None:
            yield entry
            entry = self.entries.get(entry.parent)

    def limit_class(self, code: str) -> str:
        """Return the limit class of the entry or of the nearest above that has one; "" for none."""
        return next((each.limit_class for each in self.path(code) if each.limit_class), "")

    def unit(self, code: str) -> str | None:
        """Return the unit that such requests are assigned to, by the nearest entry that says so."""
        return next((each.unit for each in self.path(code) if each.unit), None)

    def title(self, code: str) -> str:
        """Spell the path out, from the module down."""
        return " / ".join(reversed([each.name for each in self.path(code)]))
