"""The dialler: calls whoever is next in the drawn order, and asks after calls that fell silent.

The intention to dial is recorded before the carrier is asked, so a process that is killed at any
instruction leaves either nothing, or an attempt that the next tick looks for at the carrier: it is
adopted, or void. Two diallers by mistake cannot call anybody twice: the session's lock and its
record admit each dial once, and the database one call to a household at a time.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from threading import Event

from evalsys.clock import Clock
from evalsys.domain.interview_arrangement import arrange
from evalsys.domain.live import commands as c
from evalsys.domain.live.dialling import Dial, next_dials
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import CallStatus, Phase
from evalsys.errors import AnswerLost, InvalidInput, LineDown, RuleViolation
from evalsys.ids import AttemptId, LiveId, new_id
from evalsys.ports import CallGateway, Capabilities
from evalsys.services.calls import Calls
from evalsys.services.draw import Draws
from evalsys.services.interview_scripts import keep_used
from evalsys.services.live_session import LiveSessions
from evalsys.store import audit, campaign_due
from evalsys.store import calls as store
from evalsys.store.calls import Attempt
from evalsys.store.database import Database
from evalsys.store.protection import is_kept_from_live

ACTOR = "system:dialler"
POLL_S = 0.3
_SETTLED_AFTER = timedelta(seconds=12)
"""When a request to the carrier is surely over; its client gives up after 10 seconds."""
_STUCK_AFTER = timedelta(seconds=30)
_LONGEST_REST_S = 30
_CHECK_EVERY = timedelta(seconds=5)
"""While somebody is being called, the console learns within this time that the line is away."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Intended:
    attempt: AttemptId
    number: str


class Dialler:
    """Places the calls of every session that is calling. One is enough; two do no harm."""

    def __init__(
        self,
        database: Database,
        live_sessions: LiveSessions,
        draws: Draws,
        calls: Calls,
        gateway: CallGateway,
        now: Clock,
    ) -> None:
        """Dial over `gateway`; what the carrier reports goes to `calls`."""
        self._database = database
        self._live = live_sessions
        self._draws = draws
        self._calls = calls
        self._gateway = gateway
        self._now = now
        self._wake = Event()
        self._line_problem = ""
        self._line_checked_at: datetime | None = None

    @property
    def line_problem(self) -> str:
        """What is wrong with the line, for the console; empty when it is fine."""
        return self._line_problem

    @property
    def needs_manual_line(self) -> bool:
        """Whether the carrier failed so often that people should take another line meanwhile."""
        return self._gateway.is_interrupted

    @property
    def can(self) -> Capabilities:
        """What the carrier can do."""
        return self._gateway.can

    def wake(self) -> None:
        """Look for something to dial now, not only at the next poll."""
        self._wake.set()

    def run(self, stop: Event) -> None:
        """Dial until `stop` is set; no failure ends the loop."""
        while not stop.is_set():
            try:
                self.tick(self._now())
            except Exception:  # noqa: BLE001 - the loop outlives whatever breaks in one round
                _log.exception("dialler tick failed; it is repeated")
            self._wake.wait(POLL_S)
            self._wake.clear()

    def tick(self, now: datetime) -> None:
        """Ask after calls that fell silent, then place every call that is due at `now`."""
        self._calls.hand_on_waiting_comments()
        with self._database.read() as db:
            silent = store.unheard(db, since=now - _SETTLED_AFTER)
        for attempt in silent:
            if not attempt.sid:
                self._ask_carrier(attempt, self._look_for, now)
            elif attempt.heard_at <= now - _STUCK_AFTER:
                self._ask_carrier(attempt, self._fetch, now)
        for live in self._live.in_phase(Phase.CALLING):
            if self._line_is_up(now):
                self._dial_due(live, now)

    # --- placing calls ------------------------------------------------------------------

    def _dial_due(self, live: LiveId, now: datetime) -> None:
        state = self._live.state(live)
        for dial in next_dials(state, now):
            if _rests(state, dial, now):
                continue
            if not self._line_is_up(now):
                return
            try:
                intended = self._intend(live, dial, now)
            except RuleViolation as refusal:
                _log.info("dial %s/%s/%s not taken: %s", live, dial.j, dial.k, refusal.code)
                return
            if intended is not None:
                self._place(intended)

    def _intend(self, live: LiveId, dial: Dial, now: datetime) -> _Intended | None:
        """Record the dial, and open the number for it, under the session's lock."""
        with self._live.step(live, actor=ACTOR) as step:
            current = step.state.round
            if current is None or dial not in next_dials(step.state, now):
                return None
            cadre, j, k = current.cadre, dial.j, dial.k
            household = self._draws.household_at(step.db, live, cadre, k)
            if is_kept_from_live(step.db, household):
                # Perhaps only since the freeze, so its frozen leaf may hold a number: say why.
                audit.record(step.db, now, ACTOR, "call.protected", f"{live}/{cadre}/{k}")
                step.tell(c.SkipUndialable(j, k))
                return None
            if campaign_due.busy_households(step.db, [household]):
                return None  # a campaign speaks with them now: they are asked a moment later
            number = self._draws.open_number(step.db, live, cadre, k, actor=ACTOR)
            if not number:
                step.tell(c.SkipUndialable(j, k))
                return None
            script = self._calls.script_for(live, step.state)
            keep_used(step.db, script, self._now, actor=ACTOR)
            # Drawn from the round's seed, which is public once drawn: whoever has it and the
            # script can tell how each household was asked, and nobody could choose it.
            asks = arrange(script, f"{current.seed}/{k}").written()
            attempt = Attempt(
                id=AttemptId(new_id()),
                live=live,
                j=j,
                k=k,
                cadre=cadre,
                household=household,
                script=script.sha256,
                placed_at=now,
                heard_at=now,
                asks=asks,
            )
            store.add(step.db, attempt)
            step.tell(c.PlaceCall(j, k, attempt.id, asks))
        return _Intended(attempt.id, number)

    def _place(self, intended: _Intended) -> None:
        try:
            sid = self._gateway.dial(intended.attempt, intended.number)
        except InvalidInput:
            self._calls.invalid(intended.attempt)
        except AnswerLost as lost:
            # It may ring: only the carrier's own list can tell, once the request is over.
            self._note(lost)
        except LineDown as down:
            self._note(down)
            self._calls.never_placed(intended.attempt)
        else:
            self._calls.placed(intended.attempt, sid)

    def _line_is_up(self, now: datetime) -> bool:
        """Make sure of the line, at once if it failed, before a household is announced on it."""
        checked_at = self._line_checked_at
        if not self._line_problem and checked_at and abs(now - checked_at) < _CHECK_EVERY:
            return True
        try:
            self._gateway.check()
        except LineDown as down:
            self._note(down)
            return False
        if self._line_problem:
            _log.warning("the line is back")
        self._line_problem = ""
        self._line_checked_at = now
        return True

    def _note(self, down: LineDown) -> None:
        if not self._line_problem:
            _log.warning("the line is down: %s", down.what)
        self._line_problem = down.what

    # --- calls that fell silent ---------------------------------------------------------

    def _ask_carrier(
        self, attempt: Attempt, question: Callable[[Attempt], None], now: datetime
    ) -> None:
        if not self._line_is_up(now):
            return
        try:
            question(attempt)
        except LineDown as down:
            self._note(down)
            self._calls.checked(attempt.id)

    def _look_for(self, attempt: Attempt) -> None:
        """Find the call of an attempt whose answer from the carrier never came."""
        with self._database.write() as db:
            number = self._draws.open_number(
                db, attempt.live, attempt.cadre, attempt.k, actor=ACTOR
            )
        found = self._gateway.calls_to(number, attempt.placed_at)
        with self._database.read() as db:
            known = store.known_sids(db, tuple(call.sid for call in found))
        strange = [call for call in found if call.sid not in known]
        if strange:
            self._calls.report(attempt.id, strange[0])
        else:
            self._calls.never_placed(attempt.id)

    def _fetch(self, attempt: Attempt) -> None:
        """Ask after a call whose callbacks were lost."""
        call = self._gateway.fetch(attempt.sid)
        if call is None:
            self._calls.gone(attempt.id, attempt.sid)
        else:
            self._calls.report(attempt.id, call)


def _rests(state: LiveState, dial: Dial, now: datetime) -> bool:
    """Say whether a position waits because the carrier just failed it: 1 s, 2 s, 4 s ... 30 s."""
    position = state.round.positions.get(dial.k) if state.round else None
    if position is None:
        return False
    newest_first = reversed(position.attempts)
    voids = list(takewhile(lambda attempt: attempt.status is CallStatus.VOID, newest_first))
    if not voids or voids[0].ended_at is None:
        return False
    rest = min(2 ** (len(voids) - 1), _LONGEST_REST_S)
    return abs(now - voids[0].ended_at) < timedelta(seconds=rest)
