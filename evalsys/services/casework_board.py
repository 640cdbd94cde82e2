"""Boards of the request loop: county, township, village, unit and cadre, as of a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.casework.board import (
    Cadence,
    Counts,
    Division,
    Line,
    Period,
    Sort,
    lines_below,
    period,
    total,
)
from evalsys.domain.casework.route import GridCell, GridTree
from evalsys.domain.casework.words import PartyKind
from evalsys.domain.local_date import local_date
from evalsys.domain.visit_frequency import VisitFrequency
from evalsys.errors import NotAllowed, NotFound
from evalsys.services.access import Aside, in_turn
from evalsys.store import casework_board as store
from evalsys.store import visit_frequency
from evalsys.store.casework_board import Raised
from evalsys.store.casework_lists import grids_below
from evalsys.store.casework_people import grid_tree, scopes
from evalsys.store.database import Database

NOBODY = "（未指定）"


@dataclass(frozen=True, slots=True)
class Board:
    """A board as it stands."""

    grid: GridCell
    above: tuple[GridCell, ...]
    """From the county down to the grid above."""
    division: Division
    cadence: Cadence
    period: Period
    as_of: datetime
    lines: tuple[Line, ...]
    total: Counts
    sort: Sort | None = None
    """Counted are requests of this sort alone; None for all."""
    settled: tuple[tuple[str, int], ...] = ()
    """Of a sort: how many were solved at each level of the grid, the lowest first (J09)."""
    frequency: VisitFrequency | None = None
    """The visits of the quarter against what the classes of the grids ask for (L02)."""


class CaseworkBoards:
    """Counts requests for those who answer for a grid (J05, Y43, Y72, G10)."""

    def __init__(
        self, database: Database, now: Clock, zone: ZoneInfo, aside: Aside = in_turn
    ) -> None:
        """Read `database`; days are those of `zone`; `aside` runs what takes a moment."""
        self._database = database
        self._now = now
        self._zone = zone
        self._aside = aside

    def has_grids(self) -> bool:
        """Say whether there is a county to show yet."""
        with self._database.read() as db:
            return grid_tree(db).county is not None

    def own_grids(self, account: str) -> frozenset[str]:
        """Say which grids an account answers for, by its scope or as a head in the roster."""
        today = local_date(self._now(), self._zone)
        with self._database.read() as db:
            parties = scopes(db, account, today)
        return frozenset(one.code for one in parties if one.kind is PartyKind.GRID)

    def board(
        self,
        grid: str = "",
        division: Division = Division.GRID,
        cadence: Cadence = Cadence.ALL,
        on: date | None = None,
        *,
        sort: Sort | None = None,
        within: frozenset[str] | None = None,
    ) -> Board:
        """Return the board of a grid, of the county without one, for the period that has `on`.

        With a `sort` it counts requests of that sort alone, and where they were solved.
        `within` narrows to these grids and what is below them; without a grid to the highest.

        Raises:
            NotFound: there is no such grid, or no grid yet.
            NotAllowed: the grid is none of those within.
        """
        return self._aside(self._read, (grid, division, cadence, on, sort, within))

    def _read(
        self,
        grid: str,
        division: Division,
        cadence: Cadence,
        on: date | None,
        sort: Sort | None,
        within: frozenset[str] | None,
    ) -> Board:
        now = self._now()
        counted = period(cadence, on or local_date(now, self._zone))
        with self._database.read() as db:
            tree = grid_tree(db, counted.last)
            cell = _cell(tree, grid or _highest(tree, within))
            way = _way(tree, cell, within)
            is_whole = cell == tree.county
            grids = tuple(tree.cells) if is_whole else grids_below(tree, [cell.code])
            raised = self._raised(db, counted, grids, sort)
            lines = _lines(db, tree, cell.code, division, counted, now, raised)
            settled = tuple(store.settled_by_level(db, raised)) if sort else ()
            day = on or local_date(now, self._zone)
            paid = visit_frequency.frequency(db, day, raised.grids)
        sums = total(lines)
        return Board(cell, way, division, cadence, counted, now, lines, sums, sort, settled, paid)

    def _raised(
        self, db: Session, counted: Period, grids: tuple[str, ...], sort: Sort | None
    ) -> Raised:
        last = counted.last
        return Raised(
            self._begins(counted.first),
            None if last is None else self._begins(last + timedelta(days=1)),
            None if store.knows_no_other(db, grids) else grids,
            sort,
        )

    def _begins(self, day: date | None) -> datetime | None:
        return None if day is None else datetime.combine(day, time(), self._zone)


def _lines(  # noqa: PLR0913, PLR0917 - of what, divided how, and when
    db: Session,
    tree: GridTree,
    grid: str,
    division: Division,
    counted: Period,
    now: datetime,
    raised: Raised,
) -> tuple[Line, ...]:
    match division:
        case Division.GRID:
            paid = store.visits_by_grid(db, counted.first, counted.last, raised.grids)
            return lines_below(tree, grid, store.by_grid(db, now, raised), paid)
        case Division.CADRE:
            here = store.cadres_on(db, raised.grids)
            of = None if raised.grids is None else here
            visits = store.visits_by_cadre(db, counted.first, counted.last, of)
            found = store.by_cadre(db, now, raised, visits)
            elsewhere = found.keys() - here.keys() - {""}
            if elsewhere:
                here |= store.cadre_names(db, elsewhere)
                more = store.visits_by_cadre(db, counted.first, counted.last, elsewhere)
                found |= {
                    cadre: found[cadre]._replace(visits=count) for cadre, count in more.items()
                }
            return _cadres(found, visits, here)
        case Division.UNIT:
            units = store.unit_names(db)
            return tuple(
                Line(unit, units.get(unit, NOBODY), counts)
                for unit, counts in sorted(store.by_unit(db, now, raised).items())
            )


def _cell(tree: GridTree, grid: str) -> GridCell:
    cell = tree.cells.get(grid) if grid else tree.county
    if cell is None:
        what = f"没有网格 {grid}。" if grid else "还没有网格。"
        raise NotFound(
            what, remedy="网格编码见花名册的鱼鳞图；没有网格请先导入花名册。", place=grid
        )
    return cell


def _highest(tree: GridTree, within: frozenset[str] | None) -> str:
    """Name the highest of some grids; "" where there is no limit."""
    if within is None:
        return ""
    known = [tree.cells[code] for code in sorted(within) if code in tree.cells]
    if not known:
        raise _not_headed()
    return min(known, key=lambda cell: cell.depth).code


def _way(tree: GridTree, cell: GridCell, within: frozenset[str] | None) -> tuple[GridCell, ...]:
    """Give the grids above, from the highest that may be seen down."""
    way = list(tree.path(cell.code))
    if within is not None:
        seen = [n for n, each in enumerate(way) if each.code in within]
        if not seen:
            raise _not_headed()
        way = way[: seen[-1] + 1]
    return tuple(reversed(way[1:]))


def _not_headed() -> NotAllowed:
    return NotAllowed(
        "看板只给网格负责人看自己的网格和下级网格。",
        remedy="请从自己负责的网格进入；刚任网格负责人的，请组织部在花名册登记。",
    )


def _cadres(
    found: Mapping[str, Counts],
    visits: Mapping[str, int],
    names: Mapping[str, str],
) -> tuple[Line, ...]:
    return tuple(
        Line(
            cadre,
            names.get(cadre, NOBODY),
            found.get(cadre) or Counts(visits=visits.get(cadre, 0)),
        )
        for cadre in sorted(names.keys() | found.keys())
    )
