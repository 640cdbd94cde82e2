"""What is due now, over all open requests; and the standings made anew from the events."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from evalsys.domain.casework import events as e
from evalsys.domain.casework.acting import SYSTEM
from evalsys.domain.casework.standing import standing
from evalsys.domain.casework.words import Duty
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.store import campaign_callbacks, casework, casework_bulk, casework_lists


@dataclass(frozen=True, slots=True)
class DueNow:
    """One thing that is due: what, of which request, since when, and who has it."""

    duty: str
    request: str
    due_at: datetime
    holder_kind: str
    holder: str
    level: int
    grid: str


@dataclass(frozen=True, slots=True)
class Tick:
    """What is due at a moment. `resumed` are pauses that ended by themselves just now."""

    at: datetime
    due: tuple[DueNow, ...]
    overdue: int
    """Open requests whose answer is late: what `due` lists as "overdue"."""
    resumed: tuple[str, ...]
    refreshed: int
    """Requests whose times were computed anew, because calendar or policy had changed."""
    to_call_back: int
    """Closes as solved whose household has not been asked, by no campaign that runs (Y54)."""
    call_back_late: int
    """Those of them whose day to be asked, the working day after the close, is over."""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many are due, by duty; escalations that are proposed are under "report"."""
        return Counter(each.duty for each in self.due)


class CaseworkTick:
    """The clock of the whole county; running it twice changes nothing the second time."""

    def __init__(self, desk: CaseworkDesk) -> None:
        """Look over `desk`."""
        self._desk = desk

    def tick(self, at: datetime | None = None) -> Tick:
        """Say what is due now, and let pauses that are over end.

        With another time than now, it only says what would be due then: nothing is written.
        """
        if at is not None:
            return self._look(at, (), 0)
        now = self._desk.now()
        refreshed = self._refresh()
        return self._look(now, self._resume(now), refreshed)

    def _look(self, at: datetime, resumed: tuple[str, ...], refreshed: int) -> Tick:
        with self._desk.database.read() as db:
            due = [
                DueNow(duty, code, when, kind, holder, level, grid)
                for code, duty, when, kind, holder, level, grid in casework_lists.due_by(db, at)
                if duty != Duty.ANSWER.value
            ]
            late = [
                DueNow("overdue", code, when, kind, holder, level, grid)
                for code, when, kind, holder, level, grid in casework_lists.overdue(db, at)
            ]
            waiting = self._to_call_back(db, at)
        return Tick(at, (*late, *due), len(late), resumed, refreshed, *waiting)

    def to_call_back(self) -> tuple[int, int]:
        """Count the closes that wait for the household's word, and those that waited too long."""
        with self._desk.database.read() as db:
            return self._to_call_back(db, self._desk.now())

    def _to_call_back(self, db: Session, at: datetime) -> tuple[int, int]:
        return campaign_callbacks.waiting(db, closed_before=self._call_back_from(db, at))

    def _call_back_from(self, db: Session, at: datetime) -> datetime:
        """Return the moment before which a close ought to have been asked about by now."""
        days = self._desk.clocks(db).days
        today = days.day_of(at)
        count = self._desk.policy.number("callback_workdays", today)
        return days.end_of(days.earliest_within(today, count) - timedelta(days=1))

    def _refresh(self) -> int:
        """Compute the times of open requests anew where calendar or policy changed."""
        with self._desk.database.read() as db:
            stale = casework_lists.computed_otherwise(db, self._desk.clocks(db).version)
        if not stale:
            return 0
        with self._desk.database.write() as db:
            clocks = self._desk.clocks(db)
            units = self._desk.classes(db).unit
            for code in stale:
                file = casework.load(db, code, clocks.days.day_of)
                casework.keep_standing(db, file, clocks, units)
        return len(stale)

    def _resume(self, now: datetime) -> tuple[str, ...]:
        with self._desk.database.read() as db:
            paused = casework_lists.pauses_over(db, now)
        over = []
        for code in paused:
            with self._desk.database.write() as db:
                casework.lock(db, code)
                clocks = self._desk.clocks(db)
                file = casework.load(db, code, clocks.days.day_of)
                if file.is_paused and clocks.is_pause_over(file, now):
                    over.append(code)
                    self._desk.record(db, file, [(e.Resumed(), "")], clocks, actor=SYSTEM)
        return tuple(over)

    def rebuild(self, report: Callable[[int], None] = lambda _count: None) -> int:
        """Make every standing and claim anew from the events; give how many requests there are.

        Raises:
            Tampered: an event cannot be read; the standings stay as they were.
        """
        with self._desk.database.write() as db:
            clocks = self._desk.clocks(db)
            units = self._desk.classes(db).unit
            made = []
            for file in casework.load_all(db, clocks.days.day_of):
                made.append(standing(file, clocks, units(file.taxonomy, file.class_code)))
                casework.keep_claim(db, file)
                if len(made) % 1000 == 0:
                    report(len(made))
            casework.clear_standings(db)
            casework_bulk.add_standings(db.connection(), made)
        return len(made)
