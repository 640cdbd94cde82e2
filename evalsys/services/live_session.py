"""The live session: load, decide, append, commit, then tell the screens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.live import commands as c
from evalsys.domain.live import events as e
from evalsys.domain.live.decide import decide
from evalsys.domain.live.decide_control import check_seat
from evalsys.domain.live.fold import replay
from evalsys.domain.live.names import EVENT_NAMES
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import Phase
from evalsys.errors import NotFound, StaleState
from evalsys.ids import LiveId
from evalsys.ports import Broadcaster
from evalsys.store import event_log, listening, live_sessions
from evalsys.store.database import Database
from evalsys.store.live_sessions import LiveSummary


class LiveSessions:
    """Every change of a live session goes through here, whoever brings it about."""

    def __init__(self, database: Database, now: Clock, broadcaster: Broadcaster) -> None:
        """Keep sessions in `database`; `broadcaster` tells the screens of this process."""
        self._database = database
        self._now = now
        self._broadcaster = broadcaster
        # A prefix of an append-only log never goes stale: folding goes on from here.
        self._folded: dict[LiveId, LiveState] = {}

    def sessions(self) -> tuple[LiveSummary, ...]:
        """List all sessions, the newest first."""
        with self._database.read() as db:
            return live_sessions.every(db)

    def in_phase(self, *phases: Phase) -> tuple[LiveId, ...]:
        """List the sessions that are in one of `phases` now."""
        with self._database.read() as db:
            return live_sessions.in_phase(db, phases)

    def heads(self) -> dict[LiveId, int]:
        """Say how far the record of every session has come, whichever process wrote it."""
        with self._database.read() as db:
            return live_sessions.heads(db)

    def listen(self, heard: Callable[[], None], sleep: Callable[[float], object]) -> None:
        """Call `heard` when a record grew, whichever process wrote it; for ever on PostgreSQL."""
        listening.listen(self._database, heard, sleep)

    def state(self, live: LiveId) -> LiveState:
        """Return the present state of a session.

        Raises:
            NotFound: there is no such session.
            Tampered: its record was altered.
        """
        with self._database.read() as db:
            state = _begun(self.state_in(db, live))
        self._keep(live, state)
        return state

    def state_in(self, db: Session, live: LiveId) -> LiveState:
        """Return the state as the transaction `db` sees it, its own events included."""
        known = self._folded.get(live, LiveState())
        return replay(event_log.read(db, live, after=known.version), known)

    def events(self, live: LiveId, *, after: int = 0) -> tuple[e.Recorded, ...]:
        """Return the record of a session behind event number `after`."""
        with self._database.read() as db:
            return tuple(event_log.read(db, live, after=after))

    def events_in(self, db: Session, live: LiveId) -> tuple[e.Recorded, ...]:
        """Return the whole record as the transaction `db` sees it."""
        return tuple(event_log.read(db, live))

    def tell(
        self, live: LiveId, command: c.Command, *, actor: str, expect: int | None = None
    ) -> LiveState:
        """Carry out `command` in a transaction of its own, then tell the screens.

        Raises:
            StaleState: somebody else took a step since step number `expect`.
            RuleViolation: the command is refused; nothing changed.
        """
        with self.step(live, actor=actor, expect=expect) as step:
            return step.tell(command)

    @contextmanager
    def step(self, live: LiveId, *, actor: str, expect: int | None = None) -> Iterator["Step"]:
        """Open a transaction for one step of `actor`; after its commit the screens are told.

        `expect` is the number of the last step that the operator saw (`LiveState.step`); it is
        left out when there is nothing to be stale about.

        Raises:
            NotFound: somebody saw a step of a session that does not exist.
            StaleState: somebody else took a step since; says who did what.
            NotAllowed: somebody else holds the director's seat.
        """
        with self._database.write() as db:
            event_log.lock(db, live)
            state = self.state_in(db, live)
            if expect is not None:
                _expect(_begun(state), expect)
                check_seat(state, actor)
            step = Step(self, db, live, state, actor)
            yield step
        self._keep(live, step.state)  # committed: nobody needs to read it again
        self.announce(live)

    def tell_in(self, db: Session, live: LiveId, command: c.Command, *, actor: str) -> LiveState:
        """Carry out `command` inside the caller's write transaction.

        The caller calls `announce` after the commit.
        """
        event_log.lock(db, live)
        state = self.state_in(db, live)
        at = max(self._now(), state.last_at) if state.last_at else self._now()
        events = decide(state, command, at)
        if not events:
            return state
        records = event_log.append(db, live, events, after=state.version, at=at, actor=actor)
        state = replay(records, state)
        live_sessions.save(db, live, state)
        return state

    def announce(self, live: LiveId) -> None:
        """Tell the screens of a session that its record grew."""
        self._broadcaster.announce(live, self.state(live).version)

    def _keep(self, live: LiveId, state: LiveState) -> None:
        if state.version > self._folded.get(live, LiveState()).version:
            self._folded[live] = state


@dataclass(slots=True)
class Step:
    """One step of an operator while its transaction is open."""

    _live_sessions: LiveSessions
    db: Session
    live: LiveId
    state: LiveState
    actor: str

    def tell(self, command: c.Command) -> LiveState:
        """Carry out a command of this step and return the state after it."""
        self.state = self._live_sessions.tell_in(self.db, self.live, command, actor=self.actor)
        return self.state


def _begun(state: LiveState) -> LiveState:
    if state.version == 0:
        raise NotFound("没有这场会议。", remedy="请从首页的会议列表进入。")
    return state


def _expect(state: LiveState, step: int) -> None:
    last = state.last_step
    if last is None or state.step == step:
        return
    raise StaleState(
        f"{last.actor} 已先执行了“{EVENT_NAMES[type(last.event)]}”，您的这一步没有生效。",
        remedy="画面已更新，请看清当前状态后再操作。",
    )
