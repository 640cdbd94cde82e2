"""Cadres whose households nobody has visited for long: contact work must not stop (Y82)."""

from dataclasses import dataclass
from datetime import date, tzinfo

from evalsys.clock import Clock
from evalsys.domain.local_date import local_date
from evalsys.domain.rulebook import Rulebook
from evalsys.exports.inactivity import InactiveRow
from evalsys.store import audit
from evalsys.store.assessment import serving_cadres
from evalsys.store.database import Database
from evalsys.store.visits import last_visits, linked_households


@dataclass(frozen=True, slots=True)
class InactivityReport:
    """Who has not visited for `window` days up to `today`, the longest silence first."""

    today: date
    window: int
    serving: int
    """Cadres with households: the n of the report."""
    rows: tuple[InactiveRow, ...]


class Inactivity:
    """The report on silence."""

    def __init__(self, database: Database, now: Clock, zone: tzinfo, book: Rulebook) -> None:
        """Days are those of the county's `zone`; `book` holds how many are too many."""
        self._database = database
        self.now = now
        self._zone = zone
        self._book = book

    def report(self) -> InactivityReport:
        """List everybody who answers for households and has not visited any in the window."""
        today = local_date(self.now(), self._zone)
        window = self._book.on(today).numbers["inactive_days"]
        with self._database.read() as db:
            cadres = serving_cadres(db, today)
            visited = last_visits(db, today)
            linked = linked_households(db, today)
        rows = []
        for cadre in cadres:
            last = visited.get(cadre.number)
            days = None if last is None else (today - last).days
            if linked.get(cadre.number) and (days is None or days > window):
                rows.append(InactiveRow(cadre, linked[cadre.number], last, days))
        rows.sort(key=lambda one: (one.last_visit or date.min, one.cadre.number))
        serving = sum(bool(linked.get(cadre.number)) for cadre in cadres)
        return InactivityReport(today, window, serving, tuple(rows))

    def note_export(self, *, rows: int, by: str) -> None:
        """Record that somebody took the list away."""
        with self._database.write() as db:
            audit.record(db, self.now(), by, "personnel.export", "inactive", {"rows": rows})
