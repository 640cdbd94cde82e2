"""What the web has shown of each session: late by its delay, and without what was dumped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.live import events as e
from evalsys.domain.live.airing import as_aired, may_be_told, provable, shown_until
from evalsys.domain.live.control import Airing
from evalsys.domain.live.fold import replay
from evalsys.domain.live.state import LiveState
from evalsys.ids import LiveId
from evalsys.services.live_session import LiveSessions
from evalsys.store import event_log
from evalsys.store.database import Database
from evalsys.store.live_sessions import LiveSummary


@dataclass(frozen=True, slots=True)
class Shown:
    """How far the web has come with a record."""

    told: Sequence[e.Recorded]
    """What it may list among what happened."""
    provable: Sequence[e.Recorded]
    """A beginning of the record whose lines it may hand out."""
    covered: Sequence[e.Recorded]
    """All that it has come to: heads may cover it and proofs hash it, which tell no words."""


class Aired:
    """Folds of the record as far as the web may see them; every fold only ever goes on."""

    def __init__(self, database: Database, live_sessions: LiveSessions, now: Clock) -> None:
        """Follow the records of `database`."""
        self._database = database
        self._live = live_sessions
        self._now = now
        self._folded: dict[LiveId, LiveState] = {}
        self._records: dict[LiveId, tuple[e.Recorded, ...]] = {}
        """What was shown, from the first event on: a record only grows."""

    def state(self, live: LiveId) -> LiveState:
        """Return the session as the web may know it now; `version` says how far it has come.

        Its show control is that of this moment: a blackout waits for no delay.
        """
        return self.of(live, self._live.state(live))

    def of(self, live: LiveId, state: LiveState) -> LiveState:
        """Return what `state` does for the present `state` that the caller has read."""
        if _is_immediate(state.control.airing):
            return state
        with self._database.read() as db:
            shown = self.shown_in(db, live, state)
            aired = self._fold(db, live, state, shown)
        return replace(aired, control=state.control)

    def sessions(self) -> tuple[LiveSummary, ...]:
        """List all sessions as the web may know them, the newest first."""
        found = []
        for one in self._live.sessions():
            present = self._live.state(one.id)
            state = self.of(one.id, present)
            is_late = state.version < present.version
            known = replace(one, phase=state.phase, drawn=len(state.slots_drawn))
            found.append(known if is_late else one)
        return tuple(found)

    def limit(self, live: LiveId) -> Shown | None:
        """Say how far the web has come with a record; None when it may know all of it.

        Raises:
            NotFound: there is no such session.
        """
        is_open = _is_immediate(self._live.state(live).control.airing)
        return None if is_open else self.shown(live)

    def shown(self, live: LiveId) -> Shown:
        """Say how far the web has come with a record.

        Raises:
            NotFound: there is no such session.
        """
        state = self._live.state(live)
        airing = state.control.airing
        with self._database.read() as db:
            shown = self.shown_in(db, live, state)
            known = self._records.get(live, ())
            fresh = event_log.read(db, live, after=len(known))
            records = (*known, *(one for one in fresh if one.seq <= shown))
        self._records[live] = records
        records = records[:shown]
        told = [one for one in records if may_be_told(airing, one)]
        return Shown(told, provable(airing, records, state.phase), records)

    def shown_in(self, db: Session, live: LiveId, state: LiveState) -> int:
        """Say which event the web has come to, as the transaction `db` sees the record."""
        if _is_immediate(state.control.airing):
            return state.version
        known = self._folded.get(live, LiveState()).version
        shown = max(known, state.control.airing.shown)
        waiting = event_log.read(db, live, after=shown)
        return shown_until(state.control.airing, waiting, self._now(), shown=shown)

    def _fold(self, db: Session, live: LiveId, state: LiveState, shown: int) -> LiveState:
        known = self._folded.get(live, LiveState())
        if shown > known.version:
            airing = state.control.airing
            fresh = event_log.read(db, live, after=known.version)
            until = (as_aired(airing, one) for one in fresh if one.seq <= shown)
            known = self._folded[live] = replay(until, known)
        return known


def _is_immediate(airing: Airing) -> bool:
    """Whether the web shows all there is: nothing is delayed, and nothing was ever dumped."""
    return not (airing.delay_s or airing.stands or airing.withheld)
