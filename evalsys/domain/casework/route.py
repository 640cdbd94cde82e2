"""Who gets a request: by level, from the linked cadre upwards, and by class (L19, L24)."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from evalsys.domain.casework.words import Party, PartyKind

COUNTY_LEVEL = 1


class GridCell(NamedTuple):
    """A grid with its depth (1 the county) and the grid above.

    A tuple, since every board and every act reads all ten thousand of a county.
    """

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

    def tops(self, code: str) -> Mapping[str, str]:
        """Give for `code` and each grid below it the one right below `code` that it lies in."""
        tops = {code: code}
        for cell in self.below(code):
            above = cell.parent or ""
            tops[cell.code] = cell.code if above == code else tops[above]
        return tops

    def below(self, code: str) -> Iterator[GridCell]:
        """Give every grid below `code`, each after the one that it lies in.

        Depths do not tell that: a grid that was merged lies below another of its own level.
        """
        within: dict[str | None, list[GridCell]] = defaultdict(list)
        for cell in self.cells.values():
            within[cell.parent].append(cell)
        waiting = deque(within[code])
        while waiting:
            cell = waiting.popleft()
            yield cell
            waiting.extend(within[cell.code])

    def own_name(self, code: str) -> str:
        """Name what belongs to a grid itself, beside the grids right below it."""
        return f"{self.cells[code].name}（本级）"

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
