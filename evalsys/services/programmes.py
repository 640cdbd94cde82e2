"""The programme room: what departments did for households, and what these made of it (Y36-Y39)."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from evalsys.domain.programme import Programme
from evalsys.domain.programme_results import ProgrammeResult, results_of
from evalsys.services.folded import folded_sessions
from evalsys.store import programmes
from evalsys.store.database import Database


@dataclass(frozen=True, slots=True)
class HeardProgramme:
    """A result and what it is about; `programme` is None when it was never brought in here."""

    result: ProgrammeResult
    programme: Programme | None


class Programmes:
    """Programmes as the console and the personnel department see them."""

    def __init__(self, database: Database, zone: tzinfo) -> None:
        """Read `database`; days are those of the county's `zone`."""
        self._database = database
        self._zone = zone
        self._folded = folded_sessions(database)

    def every(self) -> tuple[Programme, ...]:
        """List all programmes in the order of their numbers."""
        with self._database.read() as db:
            return programmes.every(db)

    def results(
        self, year: int | None = None, known_before: datetime | None = None
    ) -> tuple[HeardProgramme, ...]:
        """List what households made of programmes, in a year or ever, by unit and programme.

        Of those recorded before a moment, where one is named.
        """
        known = {one.number: one for one in self.every()}
        found = [
            HeardProgramme(result, known.get(result.programme))
            for live, state in self._folded(known_before).items()
            for result in results_of(live, state, self._zone)
            if year is None or result.held_on.year == year
        ]
        return tuple(sorted(found, key=_by_unit))


def _by_unit(heard: HeardProgramme) -> tuple[str, str, str, str]:
    result, programme = heard.result, heard.programme
    unit = programme.unit if programme else ""
    return unit, result.programme, result.held_on.isoformat(), result.live
