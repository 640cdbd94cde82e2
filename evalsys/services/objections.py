"""Objections 异议 to a frozen roster: raised by anybody, decided with a reason."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.live import commands as c
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import ObjectionKind
from evalsys.domain.written import one_line
from evalsys.errors import TooManyTries
from evalsys.ids import CadreNumber, LiveId
from evalsys.services.draw import Draws
from evalsys.services.live_session import LiveSessions
from evalsys.store import objections
from evalsys.store.audit import record
from evalsys.store.database import Database

FROM_OUTSIDE = "public"
"""The actor of an objection in the record: nobody is asked for a name."""
LONGEST_SAID = 200
"""Characters of what somebody writes with an objection."""
AT_MOST = 5
WITHIN = timedelta(hours=1)
"""So many objections from one address within so long; the next is refused."""


class Objections:
    """What is said against a frozen roster. The record holds numbers, kinds and decisions."""

    def __init__(
        self, database: Database, live_sessions: LiveSessions, draws: Draws, now: Clock
    ) -> None:
        """Keep what was written in `database`, apart from the record."""
        self._database = database
        self._live = live_sessions
        self._draws = draws
        self._now = now

    def raise_one(
        self, live: LiveId, cadre: CadreNumber, kind: ObjectionKind, said: str, *, address: str
    ) -> int:
        """Record an objection and return its number.

        Raises:
            TooManyTries: too many from this address of late.
            RuleViolation: the window is closed, or the same objection waits already.
            InvalidInput: the number does not fit the kind, or the text is too long.
        """
        said = one_line(said, "说明", longest=LONGEST_SAID)
        with self._live.step(live, actor=FROM_OUTSIDE) as step:
            self._count(step.db, address)
            known = step.state.roster_sha256 and self._draws.frozen_roster(live).by_cadre
            state = step.tell(c.RaiseObjection(cadre, kind, bool(known) and cadre in known))
            n = state.objections[-1].n
            objections.keep_text(step.db, live, n, said)
        return n

    def are_heard(self, live: LiveId) -> bool:
        """Say whether the objection window of a session is open now."""
        state = self._live.state(live)
        until = state.objections_until
        return until is not None and not state.manifest and self._now() < until

    def decide(self, live: LiveId, n: int, *, upheld: bool, reason: str, actor: str) -> LiveState:
        """Uphold or dismiss an objection, with the reason that everybody reads.

        Raises:
            NotFound: there is no such objection.
            RuleViolation: it is decided already, or the manifest is published.
        """
        return self._live.tell(live, c.DecideObjection(n, upheld, reason), actor=actor)

    def said(self, live: LiveId, *, actor: str) -> Mapping[int, str]:
        """Give what was written with each objection, for whoever decides; audited."""
        with self._database.write() as db:
            texts = objections.texts(db, live)
            if texts:
                record(db, self._now(), actor, "objection.read", live, {"n": len(texts)})
        return texts

    def _count(self, db: Session, address: str) -> None:
        at = self._now()
        objections.forget_tries(db, at - WITHIN)
        if objections.tries(db, address) >= AT_MOST:
            raise TooManyTries(
                f"这个地址一小时内已提出 {AT_MOST} 件异议。", remedy="请过一小时再提。"
            )
        objections.note_try(db, address, at)
