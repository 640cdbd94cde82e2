"""The naming room: seats propose, the operator takes one or dismisses it with a reason (Y33)."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.live.naming import LONGEST_REASON, check_naming
from evalsys.domain.live.proposal import Answer, Proposal, check_may_propose, new_proposal
from evalsys.domain.panel import Seat
from evalsys.domain.roster import CadreCard
from evalsys.domain.written import one_line
from evalsys.errors import InvalidInput, NotFound, RuleViolation
from evalsys.ids import CadreNumber, LiveId, new_id
from evalsys.services.draw import Draws
from evalsys.services.live_session import LiveSessions
from evalsys.store import audit, namings, roster, scoring
from evalsys.store.database import Database


class Namings:
    """Proposals of a session's seats; none of them is public until it is taken."""

    def __init__(
        self, database: Database, live_sessions: LiveSessions, draws: Draws, now: Clock
    ) -> None:
        """Keep proposals in `database`, checked against the session and its frozen roster."""
        self._database = database
        self._live = live_sessions
        self._draws = draws
        self._now = now

    def propose(self, seat: Seat, cadre: CadreNumber, reason: str) -> Proposal:
        """Propose to name a cadre; a repeat of what still waits changes nothing.

        Raises:
            WrongPhase: the ceremony has not begun, or the session is over.
            RuleViolation: the cadre may not be named, or the seat's last proposal still waits.
            InvalidInput: the number or the reason is malformed.
        """
        state = self._live.state(seat.live)
        check_may_propose(state)
        reason = check_naming(state, cadre, reason, self._draws.frozen_cadres(seat.live))
        with self._database.write() as db:
            scoring.seat_numbered(db, seat.live, seat.number)  # held: one proposal at a time
            at, earlier = self._now(), namings.of_seat(db, seat)
            proposal = new_proposal(seat, earlier, cadre, reason, id_=new_id(), at=at)
            if proposal not in earlier:
                namings.add(db, seat, proposal)
                subject = f"live:{seat.live}/{cadre}"
                audit.record(db, at, f"seat:{seat.number}", "naming.propose", subject)
            return proposal

    def waiting(self, live: LiveId) -> tuple[Proposal, ...]:
        """List the proposals that nobody has answered, the oldest first."""
        with self._database.read() as db:
            return tuple(
                one for one in namings.of_session(db, live) if one.answer is Answer.WAITING
            )

    def cards(self, proposals: tuple[Proposal, ...]) -> Mapping[CadreNumber, CadreCard]:
        """Say who the proposed cadres are, for the operator."""
        with self._database.read() as db:
            return roster.cadre_cards(db, {one.cadre for one in proposals})

    def of_seat(self, seat: Seat) -> tuple[Proposal, ...]:
        """List what a seat proposed, for its own eyes."""
        with self._database.read() as db:
            return namings.of_seat(db, seat)

    def take_in(self, db: Session, live: LiveId, proposal_id: str, *, by: str) -> Proposal:
        """Mark a proposal as taken, inside the step that names its cadre.

        Raises:
            NotFound: the session has no such proposal.
            RuleViolation: it was answered before.
        """
        proposal = _unanswered(db, live, proposal_id)
        self._answer(db, live, proposal, Answer.TAKEN, by=by)
        return proposal

    def dismiss(self, live: LiveId, proposal_id: str, why: str, *, by: str) -> None:
        """Answer a proposal with the reason why nobody is named.

        Raises:
            NotFound: the session has no such proposal.
            RuleViolation: it was answered before.
            InvalidInput: no reason was given, or it is malformed.
        """
        why = one_line(why, "不采纳的理由", longest=LONGEST_REASON)
        if not why:
            raise InvalidInput(
                "请写明不采纳的理由。", remedy="提议的席位会看到这个理由。", place="不采纳的理由"
            )
        with self._database.write() as db:
            proposal = _unanswered(db, live, proposal_id)
            self._answer(db, live, proposal, Answer.DISMISSED, by=by, why=why)

    def _answer(
        self,
        db: Session,
        live: LiveId,
        proposal: Proposal,
        given: Answer,
        *,
        by: str,
        why: str = "",
    ) -> None:
        at = self._now()
        namings.answer(db, proposal, given, why=why, by=by, at=at)
        detail = {"seat": proposal.seat, "answer": given.value}
        audit.record(db, at, by, "naming.answer", f"live:{live}/{proposal.cadre}", detail)


def _unanswered(db: Session, live: LiveId, proposal_id: str) -> Proposal:
    found = next((one for one in namings.of_session(db, live) if one.id == proposal_id), None)
    if found is None:
        raise NotFound("没有这条点名提议。", remedy="请刷新控制台，从提议列表中选择。")
    if found.answer is not Answer.WAITING:
        raise RuleViolation("这条点名提议已经处理过。", remedy="无需再处理。")
    return found
