"""The roster as people look at it: how well the county is covered, and who was brought in when."""

from evalsys.domain.roster_coverage import Coverage, Gap
from evalsys.services.access import Aside, in_turn
from evalsys.store.database import Database
from evalsys.store.grid_change import changes_done
from evalsys.store.roster_batches import Batch, latest_batches
from evalsys.store.roster_coverage import Concerned, concerned, coverage

BATCHES_SHOWN = 20
CONCERNED_A_PAGE = 100


class Roster:
    """Coverage (Y04-Y07) and the record of imports. Names and numbers are never given."""

    def __init__(self, database: Database, aside: Aside = in_turn) -> None:
        """Read `database`; `aside` runs what takes a second or two in a whole county."""
        self._database = database
        self._aside = aside
        self._counted: tuple[str, Coverage] | None = None

    def coverage(self) -> Coverage:
        """Count the coverage; once after each import and each change of the grid."""
        latest = next(iter(self._batches(1)), None)
        with self._database.read() as db:
            version = f"{latest.id if latest else ''}-{changes_done(db)}"
        if self._counted is None or self._counted[0] != version:
            self._counted = version, self._aside(self._count, ())
        return self._counted[1]

    def concerned(self, gap: Gap, *, after: str = "") -> tuple[Concerned, ...]:
        """List whom a gap concerns, `CONCERNED_A_PAGE` at a time, codes after `after`."""
        return self._aside(self._list, (gap, after))

    def imports(self) -> tuple[Batch, ...]:
        """Give the last imports, newest first."""
        return self._batches(BATCHES_SHOWN)

    def _batches(self, limit: int) -> tuple[Batch, ...]:
        with self._database.read() as db:
            return latest_batches(db, limit)

    def _count(self) -> Coverage:
        with self._database.read() as db:
            return coverage(db)

    def _list(self, gap: Gap, after: str) -> tuple[Concerned, ...]:
        with self._database.read() as db:
            return concerned(db, gap, CONCERNED_A_PAGE, after=after)
