"""The tally: the only place where a household's score is ever seen, and it sees them all together.

It runs as a process of its own (`evalsys tally --watch`), since it alone holds the private half
of the tally key. When the calls of a round are closed it opens all boxes at once, writes what may
be known, and destroys them, in one transaction: killed at any instruction it has done all of it
or nothing, and a repeat finds it done.
"""

import logging
from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial
from threading import Event

from sqlalchemy.orm import Session
from typing_extensions import override

from evalsys.clock import Clock
from evalsys.domain.live import commands as c
from evalsys.domain.live.state import LiveState, Round
from evalsys.domain.live.words import Phase
from evalsys.domain.scoring import HIDE_BELOW, Release, SessionScore, release
from evalsys.errors import EvalsysError, NotFound, WrongPhase
from evalsys.ids import CadreNumber, LiveId
from evalsys.ports import Broadcaster
from evalsys.services.campaign_tally import CampaignTally
from evalsys.services.live_session import LiveSessions
from evalsys.store import audit, ballot_box, campaign_results, scoring, tally_watch
from evalsys.store.ballot_box import BallotSlot, BoxKey
from evalsys.store.database import Database

ACTOR = "system:tally"
LOOKS_EVERY_S = 0.5
_SIGNS_EVERY = timedelta(seconds=3)
_MAY_BE_DUE = tuple(
    phase
    for phase in Phase
    if phase not in {Phase.PLANNED, Phase.FROZEN, Phase.CEREMONY, Phase.SEALED}
)
_OVER = frozenset({Phase.CLOSED, Phase.SEALED})

_log = logging.getLogger(__name__)


class Tally:
    """Opens the ballots of closed rounds, and hands comments on in batches."""

    def __init__(
        self,
        database: Database,
        live_sessions: LiveSessions,
        key: BoxKey,
        readers: BallotSlot,
        now: Clock,
        *,
        hide_below: int = HIDE_BELOW,
    ) -> None:
        """Open with `key`; released comments are sealed to `readers`, the application."""
        self.campaigns = CampaignTally(database, key, now, hide_below=hide_below)
        self._database = database
        self._live = live_sessions
        self._key = key
        self._readers = readers
        self._now = now
        self._hide_below = hide_below

    def open_round(self, live: LiveId, j: int) -> Release:
        """Open the ballots of round `j` together, publish what may be known, destroy the boxes.

        A repeat returns the first release.

        Raises:
            NotFound: there is no such round.
            WrongPhase: its calls are not closed, so its ballots stay sealed.
            Tampered: the boxes are not those of the record, or are about somebody else.
        """
        with self._live.step(live, actor=ACTOR) as step:
            found = _round_of(step.state, j)
            if found.released is not None:
                return Release(
                    found.released.answered, found.released.mean_tenths, found.released.band
                )
            committed = {p.score_sha256 for p in found.positions.values() if p.score_sha256}
            told = self.open_in(step.db, live, j, cadre=found.cadre, committed=committed)
            step.tell(c.ReleaseScores(j, told.n, told.mean_tenths, told.band))
        return told

    def open_in(
        self, db: Session, live: LiveId, j: int, *, cadre: CadreNumber, committed: Collection[str]
    ) -> Release:
        """Open a round's boxes inside the caller's transaction; a repeat tells the first release.

        `committed` are the hashes of scores in the session's record for this round.

        Raises:
            Tampered: the boxes are not those of the record, or are about somebody else.
        """
        known = scoring.released_score(db, live, j)
        if known is not None:
            return known
        scores = ballot_box.open_ballots(db, self._key, live, j, cadre=cadre, committed=committed)
        told = release(scores, hide_below=self._hide_below)
        scoring.save_release(db, SessionScore(live, j, cadre, told))
        detail = {"n": told.n}
        audit.record(db, self._now(), ACTOR, "ballots.open", f"live:{live}/{j}", detail)
        return told

    def due(self) -> tuple[tuple[LiveId, int], ...]:
        """List the closed rounds whose ballots are still sealed."""
        with self._database.read() as db:
            unopened = ballot_box.with_ballots(db)
        return tuple(
            (live, one.j)
            for live in sorted({*self._live.in_phase(*_MAY_BE_DUE), *unopened})
            for one in self._live.state(live).rounds
            if one.calls_end is not None and one.released is None
        )

    def release_comments(self) -> None:
        """Hand on, from every session and campaign, the comments that may be read now."""
        with self._database.read() as db:
            waiting = ballot_box.waiting_comments(db)
            of_campaigns = campaign_results.whose_comments(db, waiting)
        for live in waiting:
            if live in of_campaigns:
                if of_campaigns[live]:
                    self.release_comments_of_campaign(live)
                continue
            self.release_comments_of(live, over=self._live.state(live).phase in _OVER)

    def release_comments_of(self, live: LiveId, *, over: bool) -> int:
        """Hand a session's comments on in batches that hide who said what; return how many.

        While it is not `over`, a comment waits until its round's ballots are opened and five
        wait together; then the rest is handed on.
        """
        with self._database.write() as db:
            return ballot_box.release_comments(
                db,
                self._key,
                self._readers,
                live,
                None if over else scoring.released_rounds(db, live),
                at_least=1 if over else self._hide_below,
            )

    def release_comments_of_campaign(self, campaign: LiveId) -> int:
        """Hand on the comments of a campaign that is over; return how many.

        By cadre, and only where as many wait together as a score needs: fewer stay sealed.
        """
        with self._database.write() as db:
            return ballot_box.release_comments(
                db, self._key, self._readers, campaign, None, at_least=self._hide_below
            )

    def look(self) -> str:
        """Do all that is due; return what went wrong, in words for the console, or nothing."""
        tried = [
            (f"第 {j} 轮：", _problem_of(partial(self.open_round, live, j)))
            for live, j in self.due()
        ]
        tried.append(("", _problem_of(self.release_comments)))
        tried.append(("", _problem_of(self.campaigns.open_due)))
        return "；".join(place + problem for place, problem in tried if problem)

    def close(self) -> None:
        """Give back the connections."""
        self._database.close()

    def watch(self, stop: Event) -> None:
        """Look twice a second until `stop` is set, and leave a sign of life; no failure ends it."""
        signed_at, said = None, ""
        while not stop.wait(LOOKS_EVERY_S):
            try:
                problem, now = self.look(), self._now()
                if signed_at is None or problem != said or abs(now - signed_at) >= _SIGNS_EVERY:
                    with self._database.write() as db:
                        tally_watch.keep(db, tally_watch.Sign(self._key.public, now, problem))
                    signed_at, said = now, problem
            except Exception:  # noqa: BLE001 - the loop outlives whatever breaks in one round
                _log.exception("tally failed; it is repeated")


class Elsewhere(Broadcaster):
    """A process without screens: those of the application follow the record by themselves."""

    @override
    def announce(self, live: LiveId, head_seq: int) -> None:
        """Tell nobody."""


def _round_of(state: LiveState, j: int) -> Round:
    found = next((one for one in state.rounds if one.j == j), None)
    if found is None:
        raise NotFound(f"没有第 {j} 轮。", remedy="请核对会议编号和轮次，格式为 会议/轮次。")
    if found.calls_end is None:
        raise WrongPhase(
            f"第 {j} 轮的连线还没有结束，密封票不能开启。",
            remedy="请等连线结束；中止的轮次不开票，其密封票已销毁。",
        )
    return found


def _problem_of(work: Callable[[], object]) -> str:
    try:
        work()
    except EvalsysError as refusal:
        _log.exception("the tally could not finish")
        return refusal.what
    return ""
