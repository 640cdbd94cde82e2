"""What households answered in campaigns: the inbox, sealed answers, and what became of attempts."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from evalsys.domain.campaign.outcome import Outcome
from evalsys.domain.campaign.policy import MOST_ATTEMPTS, Contact, Due, Stop, Tried
from evalsys.domain.interview import Topic
from evalsys.domain.live.words import CallStatus
from evalsys.ids import AttemptId, CampaignId, MemberId
from evalsys.store.ballot_box import BallotSlot
from evalsys.store.calls import Answer, read_step, written
from evalsys.store.campaigns import CLOSED, PERSON, WAITING
from evalsys.store.schema.campaigns import (
    CampaignAnswer,
    CampaignAttempt,
    CampaignBallot,
    CampaignContact,
    CampaignMember,
    CampaignPending,
)

_ANSWER_SIZE = 128
"""Bytes inside every sealed answer: the size tells nothing."""


def answer_to(db: Session, attempt: AttemptId, asked: str) -> Answer | None:
    """Return the effect that a webhook had, or nothing before it came for the first time."""
    row = db.get(CampaignAnswer, (attempt, asked))
    return Answer(row.mac, read_step(row.step)) if row else None


def keep_answer(db: Session, attempt: AttemptId, asked: str, answer: Answer) -> None:
    """Keep a webhook's effect, and that the interview now stands at its next step."""
    step = written(answer.step)
    db.execute(
        insert(CampaignAnswer).values(attempt=attempt, asked=asked, mac=answer.mac, step=step)
    )
    db.execute(update(CampaignAttempt).where(CampaignAttempt.id == attempt).values(step=step))


# --- sealed answers ------------------------------------------------------------------------


def seal_pending(
    db: Session, slot: BallotSlot, member: MemberId, topic: Topic, value: str, about: str
) -> None:
    """Seal an answer of an interview that is not finished; the first one to a question holds."""
    if db.get(CampaignPending, (member, topic.value)) is not None:
        return
    content = {"about": about, "nonce": secrets.token_hex(16), "topic": topic.value, "value": value}
    sealed = slot.seal(content, _ANSWER_SIZE)
    db.execute(insert(CampaignPending).values(member=member, topic=topic.value, sealed=sealed))


def cast_pending(db: Session, member: MemberId, campaign: CampaignId, about: str) -> None:
    """Put the sealed answers of a finished interview into the box, apart from the household."""
    query = select(CampaignPending.sealed).where(CampaignPending.member == member)
    boxes = db.scalars(query.order_by(CampaignPending.topic)).all()
    if boxes:
        db.execute(
            insert(CampaignBallot),
            [
                {"id": secrets.token_hex(16), "campaign": campaign, "about": about, "sealed": box}
                for box in boxes
            ],
        )
    forget_pending(db, member)


def forget_pending(db: Session, member: MemberId) -> None:
    """Throw away what an unfinished interview learnt."""
    db.execute(delete(CampaignPending).where(CampaignPending.member == member))


# --- what became of attempts ---------------------------------------------------------------


def history(db: Session, member: MemberId) -> tuple[Tried, ...]:
    """Return what became of a case's attempts, the oldest first."""
    query = select(CampaignContact.contact, CampaignContact.at)
    mine = query.where(CampaignContact.member == member).order_by(CampaignContact.n)
    return tuple(Tried(Contact(contact), at) for contact, at in db.execute(mine))


def add_contact(db: Session, member: MemberId, n: int, tried: Tried, actor: str) -> None:
    """Note for good what became of an attempt, as the `n`-th contact of a case."""
    db.execute(
        insert(CampaignContact).values(
            member=member, n=n, contact=tried.contact.value, at=tried.at, actor=actor
        )
    )


def end_call(
    db: Session, attempt: AttemptId, status: CallStatus, at: datetime, *, counts: bool
) -> None:
    """Keep that a call is over; one that does not count gives its number back."""
    values: dict[str, object] = {"status": status.value, "ended_at": at, "heard_at": at}
    if not counts:
        values["n"] = None
    db.execute(update(CampaignAttempt).where(CampaignAttempt.id == attempt).values(**values))


def keep_case(
    db: Session, member: MemberId, found: Outcome, following: Due | Stop, *, attempts: int
) -> None:
    """Keep where a case stands after a contact."""
    if isinstance(following, Stop):
        state, stop, due_at = CLOSED, following.value, None
    else:
        state, stop, due_at = PERSON if following.by_person else WAITING, "", following.at
    db.execute(
        update(CampaignMember)
        .where(CampaignMember.id == member)
        .values(
            state=state,
            stop=stop,
            due_at=due_at,
            retried=True,
            attempts=min(attempts, MOST_ATTEMPTS),  # who called back may have come oftener
            code=found.code.code,
            needs_new_number=found.needs_new_number,
        )
    )


def answers_about(db: Session, campaign: CampaignId, about: str) -> int:
    """Count the households that answered about a cadre."""
    query = select(func.count()).where(
        CampaignMember.campaign == campaign,
        CampaignMember.about == about,
        CampaignMember.code.in_(("1.1", "1.2")),
    )
    return db.scalar(query) or 0


def close_for_quota(db: Session, campaign: CampaignId, about: str, never_called: str) -> None:
    """Close the waiting cases about a cadre who has answers enough."""
    waiting = (
        CampaignMember.campaign == campaign,
        CampaignMember.about == about,
        CampaignMember.state.in_((WAITING, PERSON)),
    )
    closed = {"state": CLOSED, "stop": Stop.QUOTA_FILLED.value}
    for fresh in (True, False):
        values = closed | ({"code": never_called} if fresh else {})
        these = (CampaignMember.attempts == 0) if fresh else (CampaignMember.attempts > 0)
        db.execute(update(CampaignMember).where(*waiting, these).values(**values))


def sealed_answers(db: Session, campaign: CampaignId) -> Sequence[tuple[str, bytes]]:
    """Return the sealed answers of a campaign with whom they are about, shuffled."""
    query = select(CampaignBallot.about, CampaignBallot.sealed)
    mine = query.where(CampaignBallot.campaign == campaign)
    return [(about, box) for about, box in db.execute(mine.order_by(CampaignBallot.id))]
