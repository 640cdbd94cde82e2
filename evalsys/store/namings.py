"""Proposals to name a cadre 点名, and what became of them."""

from datetime import datetime

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from evalsys.domain.live.proposal import Answer, Proposal
from evalsys.domain.panel import Seat, SeatCategory
from evalsys.ids import CadreNumber, LiveId
from evalsys.store.schema.naming import NamingAnswer, NamingProposal
from evalsys.store.schema.scoring import PanelSeat


def add(db: Session, seat: Seat, proposal: Proposal) -> None:
    """Keep what a seat proposes."""
    db.execute(
        insert(NamingProposal).values(
            id=proposal.id,
            live=seat.live,
            seat=seat.id,
            cadre=proposal.cadre,
            reason=proposal.reason,
            proposed_at=proposal.proposed_at,
        )
    )


def answer(
    db: Session, proposal: Proposal, given: Answer, *, why: str, by: str, at: datetime
) -> None:
    """Keep what became of a proposal."""
    db.execute(
        insert(NamingAnswer).values(
            proposal=proposal.id, answer=given, why=why, answered_by=by, answered_at=at
        )
    )


def of_session(db: Session, live: LiveId) -> tuple[Proposal, ...]:
    """List a session's proposals, the oldest first."""
    return _found(db, NamingProposal.live == live)


def of_seat(db: Session, seat: Seat) -> tuple[Proposal, ...]:
    """List what one seat proposed, the oldest first."""
    return _found(db, NamingProposal.seat == seat.id)


def _found(db: Session, which: ColumnElement[bool]) -> tuple[Proposal, ...]:
    rows = db.execute(
        select(NamingProposal, PanelSeat, NamingAnswer)
        .join(PanelSeat, PanelSeat.id == NamingProposal.seat)
        .outerjoin(NamingAnswer, NamingAnswer.proposal == NamingProposal.id)
        .where(which)
        .order_by(NamingProposal.proposed_at, NamingProposal.id)
    )
    return tuple(_proposal(made, seat, given) for made, seat, given in rows)


def _proposal(made: NamingProposal, seat: PanelSeat, given: NamingAnswer | None) -> Proposal:
    return Proposal(
        id=made.id,
        seat=seat.number,
        label=seat.label,
        category=SeatCategory(seat.category),
        cadre=CadreNumber(made.cadre),
        reason=made.reason,
        proposed_at=made.proposed_at,
        answer=Answer(given.answer) if given else Answer.WAITING,
        why=given.why if given else "",
    )
