"""The responsibility map as people look at it: read once a minute, since nothing on it hurries."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from evalsys.clock import Clock
from evalsys.domain.local_date import local_date
from evalsys.domain.responsibility_map import VISITED_WITHIN, Grid, Standing
from evalsys.errors import InvalidInput
from evalsys.ids import GridCode
from evalsys.services.access import Aside, in_turn
from evalsys.store.database import Database
from evalsys.store.responsibility_map import read_grid

_FRESH_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SeenCell:
    """A cell as it stood at a time."""

    standing: Standing
    as_of: datetime


class ResponsibilityMap:
    """Who answers for which cell of the grid, and how the cells stand (Y07, L12)."""

    def __init__(
        self, database: Database, now: Clock, zone: ZoneInfo, aside: Aside = in_turn
    ) -> None:
        """Read `database`; days are those of `zone`; `aside` runs what takes a second or two."""
        self._database = database
        self._now = now
        self._zone = zone
        self._aside = aside
        self._read: tuple[datetime, Grid] | None = None

    def cell(self, code: GridCode | None = None, on: date | None = None) -> SeenCell:
        """Return a cell with what is below it; without a code the whole county.

        `on` is a day that lies behind: cells, heads, links and figures as they were then.

        Raises:
            NotFound: there is no such cell, or no grid yet.
            InvalidInput: the day is still to come.
        """
        now = self._now()
        today = local_date(now, self._zone)
        if on is not None and on > today:
            raise InvalidInput(f"{on} 还没有到。", remedy="请填今天或以前的日期。", place="日期")
        if on is not None and on < today:
            then = self._aside(self._past_grid, (on,))
            at = datetime.combine(on + timedelta(days=1), time(), self._zone)
            return SeenCell(then.standing(code or then.top()), at)
        if self._read is None or not timedelta() <= now - self._read[0] < _FRESH_FOR:
            self._read = now, self._aside(self._grid, (now,))
        as_of, grid = self._read
        return SeenCell(grid.standing(code or grid.top()), as_of)

    def _past_grid(self, on: date) -> Grid:
        with self._database.read() as db:
            return read_grid(db, on, on - VISITED_WITHIN, is_past=True)

    def _grid(self, now: datetime) -> Grid:
        today = local_date(now, self._zone)
        with self._database.read() as db:
            return read_grid(db, today, today - VISITED_WITHIN)
