"""The quality of the roster's data, grid by grid (J01)."""

from dataclasses import dataclass
from datetime import datetime

from evalsys.clock import Clock
from evalsys.domain.casework.route import GridCell
from evalsys.domain.roster_quality import Lacking, QualityLine, quality_lines, summed
from evalsys.errors import NotFound
from evalsys.services.access import Aside, in_turn
from evalsys.store import roster_quality as store
from evalsys.store.casework_people import grid_tree
from evalsys.store.database import Database


@dataclass(frozen=True, slots=True)
class QualityPage:
    """One grid, what lies right below it, and who on it lacks something."""

    grid: GridCell
    above: tuple[GridCell, ...]
    """From the county down to the grid above."""
    as_of: datetime
    total: QualityLine
    lines: tuple[QualityLine, ...]
    lacking: tuple[Lacking, ...]
    """Of the households on the grid itself."""


class RosterQualities:
    """How complete the roster is."""

    def __init__(self, database: Database, now: Clock, aside: Aside = in_turn) -> None:
        """Read `database`; `aside` runs what takes a moment."""
        self._database = database
        self._now = now
        self._aside = aside

    def page(self, grid: str = "") -> QualityPage:
        """Count a grid and everything below it, the county without one.

        Raises:
            NotFound: there is no such grid, or none yet.
        """
        return self._aside(self._page, (grid,))

    def _page(self, grid: str) -> QualityPage:
        with self._database.read() as db:
            tree = grid_tree(db)
            cell = tree.cells.get(grid) if grid else tree.county
            if cell is None:
                raise NotFound(
                    f"没有网格 {grid}。" if grid else "还没有网格。",
                    remedy="网格编码见鱼鳞图；没有网格请先导入花名册。",
                    place=grid,
                )
            lines = quality_lines(tree, cell.code, store.by_grid(db))
            missing = store.lacking(db, cell.code)
        above = tuple(reversed(tuple(tree.path(cell.code))[1:]))
        total = QualityLine("", "合计", summed([each.quality for each in lines]))
        return QualityPage(cell, above, self._now(), total, lines, missing)
