"""Loads and heads as people look at them, as of any day (Y04, Y09, Y11, L11)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from evalsys.clock import Clock
from evalsys.domain.local_date import local_date
from evalsys.domain.roster_load import (
    CadreLoad,
    GridHeads,
    HeadFault,
    LinkCoverage,
    LoadLimits,
    LoadStanding,
    faults_of,
    years_before,
)
from evalsys.errors import InvalidInput
from evalsys.services.access import Aside, in_turn
from evalsys.store import roster_load as store
from evalsys.store.database import Database
from evalsys.store.grid_preset import taken


@dataclass(frozen=True, slots=True)
class Loads:
    """Every serving cadre of a day."""

    day: date
    limits: LoadLimits
    term_years: int
    """0: links have no term."""
    cadres: tuple[CadreLoad, ...]
    counts: Mapping[LoadStanding, int]
    coverage: LinkCoverage


@dataclass(frozen=True, slots=True)
class HeadsOfGrids:
    """Every grid of a day, and which heads are not as the levels ask."""

    day: date
    grids: tuple[GridHeads, ...]
    faulty: tuple[tuple[GridHeads, tuple[HeadFault, ...]], ...]


class RosterLoads:
    """How the households are spread over the cadres, and whether every grid has its heads."""

    def __init__(
        self, database: Database, now: Clock, zone: ZoneInfo, aside: Aside = in_turn
    ) -> None:
        """Read `database`; days are those of `zone`; `aside` runs what takes a moment."""
        self._database = database
        self._now = now
        self._zone = zone
        self._aside = aside

    def today(self) -> date:
        """Return the day in the county."""
        return local_date(self._now(), self._zone)

    def loads(self, on: date | None = None) -> Loads:
        """Count every cadre's households on a day, today without one.

        Raises:
            InvalidInput: the day is still to come.
        """
        return self._aside(self._loads, (self._past(on),))

    def heads(self, on: date | None = None) -> HeadsOfGrids:
        """List the heads of every grid on a day, today without one.

        Raises:
            InvalidInput: the day is still to come.
        """
        return self._aside(self._heads, (self._past(on),))

    def _loads(self, day: date) -> Loads:
        with self._database.read() as db:
            preset = taken(db)
            years = preset.number("term_years", day)
            limits = LoadLimits(
                preset.number("households_per_cadre", day), preset.number("load_tolerance", day)
            )
            found = store.loads(db, day, years_before(day, years) if years else None)
            coverage = store.link_coverage(db, day)
        counts = Counter(limits.standing(one.households) for one in found)
        return Loads(day, limits, years, found, counts, coverage)

    def _heads(self, day: date) -> HeadsOfGrids:
        with self._database.read() as db:
            found = store.heads(db, day)
        judged = ((grid, faults_of(grid, day)) for grid in found)
        return HeadsOfGrids(day, found, tuple(each for each in judged if each[1]))

    def _past(self, on: date | None) -> date:
        today = self.today()
        if on is not None and on > today:
            raise InvalidInput(f"{on} 还没有到。", remedy="请填今天或以前的日期。", place="日期")
        return on or today
