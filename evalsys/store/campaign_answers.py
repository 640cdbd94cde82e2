"""What households answered in campaigns: the inbox, sealed answers, and what became of attempts."""

import secrets

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from evalsys.domain.campaign.outcome import Outcome
from evalsys.domain.campaign.policy import MOST_ATTEMPTS, Contact, Due, Stop, Tried
from evalsys.domain.interview import Topic
from evalsys.ids import AttemptId, CampaignId, MemberId
from evalsys.store.ballot_box import BallotSlot
from evalsys.store.calls import Answer, read_step, written
from evalsys.store.campaigns import CLOSED, PERSON, WAITING
from evalsys.store.prepared import Prepared
from evalsys.store.schema.base import Base
from evalsys.store.schema.campaigns import (
    CampaignAnswer,
    CampaignBallot,
    CampaignContact,
    CampaignMember,
    CampaignPending,
)

_ANSWER_SIZE = 128
"""Bytes inside every sealed answer: the size tells nothing."""


_ANSWERS = Base.metadata.tables[CampaignAnswer.__tablename__]
_PENDING = Base.metadata.tables[CampaignPending.__tablename__]
_CONTACTS = Base.metadata.tables[CampaignContact.__tablename__]
_MEMBERS = Base.metadata.tables[CampaignMember.__tablename__]
# Written once: what a webhook runs is not put together again for every one.
_ANSWER_TO = Prepared(
    select(_ANSWERS.c.mac, _ANSWERS.c.step).where(
        _ANSWERS.c.attempt == bindparam("attempt"), _ANSWERS.c.asked == bindparam("asked")
    )
)
_NEW_ANSWER = Prepared(insert(_ANSWERS))
_KEPT = select(_PENDING.c.topic).where(
    _PENDING.c.member == bindparam("member"), _PENDING.c.topic == bindparam("topic")
)
_NEW_PENDING = Prepared(
    insert(_PENDING).from_select(
        ["member", "topic", "sealed"],
        select(
            *(
                bindparam(each.name, type_=each.type)
                for each in (_PENDING.c.member, _PENDING.c.topic)
            ),
            bindparam("sealed", type_=_PENDING.c.sealed.type),
        ).where(~_KEPT.exists()),
    )
)
_BOXES = Prepared(
    select(_PENDING.c.sealed)
    .where(_PENDING.c.member == bindparam("member"))
    .order_by(_PENDING.c.topic)
)
_NEW_BALLOT = Prepared(insert(Base.metadata.tables[CampaignBallot.__tablename__]))
_FORGET_DIGESTS = Prepared(
    update(_ANSWERS).where(_ANSWERS.c.attempt == bindparam("over")).values(mac=b"")
)
_FORGET_PENDING = Prepared(delete(_PENDING).where(_PENDING.c.member == bindparam("member")))
_HISTORY = Prepared(
    select(_CONTACTS.c.contact, _CONTACTS.c.at)
    .where(_CONTACTS.c.member == bindparam("member"))
    .order_by(_CONTACTS.c.n)
)
_NEW_CONTACT = Prepared(insert(_CONTACTS))
_KEEP_CASE = Prepared(update(_MEMBERS).where(_MEMBERS.c.id == bindparam("member")))


def answer_to(db: Session, attempt: AttemptId, asked: str) -> Answer | None:
    """Return the effect that a webhook had, or nothing before it came for the first time."""
    row = _ANSWER_TO.first(db, attempt=attempt, asked=asked)
    return Answer(row.mac, read_step(row.step)) if row else None


def keep_answer(db: Session, attempt: AttemptId, asked: str, answer: Answer) -> None:
    """Keep a webhook's effect; that the interview now stands at its next step, the call keeps."""
    _NEW_ANSWER.run(db, attempt=attempt, asked=asked, mac=answer.mac, step=written(answer.step))


def forget_digests(db: Session, attempt: AttemptId) -> None:
    """Forget what was pressed in a call that is over; see `calls.forget_digests`."""
    _FORGET_DIGESTS.run(db, over=attempt)


# --- sealed answers ------------------------------------------------------------------------


def seal_pending(
    db: Session, slot: BallotSlot, member: MemberId, topic: Topic, value: str, about: str
) -> None:
    """Seal an answer of an interview that is not finished; the first one to a question holds."""
    content = {"about": about, "nonce": secrets.token_hex(16), "topic": topic.value, "value": value}
    sealed = slot.seal(content, _ANSWER_SIZE)
    _NEW_PENDING.run(db, member=member, topic=topic.value, sealed=sealed)


def cast_pending(db: Session, member: MemberId, campaign: CampaignId, about: str) -> None:
    """Put the sealed answers of a finished interview into the box, apart from the household."""
    for row in _BOXES.all(db, member=member):
        ballot = secrets.token_hex(16)
        _NEW_BALLOT.run(db, id=ballot, campaign=campaign, about=about, sealed=row.sealed)
    forget_pending(db, member)


def forget_pending(db: Session, member: MemberId) -> None:
    """Throw away what an unfinished interview learnt."""
    _FORGET_PENDING.run(db, member=member)


# --- what became of attempts ---------------------------------------------------------------


def history(db: Session, member: MemberId) -> tuple[Tried, ...]:
    """Return what became of a case's attempts, the oldest first."""
    return tuple(Tried(Contact(row.contact), row.at) for row in _HISTORY.all(db, member=member))


def add_contact(db: Session, member: MemberId, n: int, tried: Tried, actor: str) -> None:
    """Note for good what became of an attempt, as the `n`-th contact of a case."""
    _NEW_CONTACT.run(db, member=member, n=n, contact=tried.contact.value, at=tried.at, actor=actor)


def keep_case(
    db: Session, member: MemberId, found: Outcome, following: Due | Stop, *, attempts: int
) -> None:
    """Keep where a case stands after a contact."""
    if isinstance(following, Stop):
        state, stop, due_at = CLOSED, following.value, None
    else:
        state, stop, due_at = PERSON if following.by_person else WAITING, "", following.at
    _KEEP_CASE.run(
        db,
        member=member,
        state=state,
        stop=stop,
        due_at=due_at,
        retried=True,
        attempts=min(attempts, MOST_ATTEMPTS),  # who called back may have come oftener
        code=found.code.code,
        needs_new_number=found.needs_new_number,
    )


def answers_beside(db: Session, campaign: CampaignId, member: MemberId, group: str) -> int:
    """Count the households that answered in a case's `group`: "about", "unit" or "township"."""
    query = select(func.count()).where(
        *_beside(campaign, member, group), CampaignMember.code.in_(("1.1", "1.2"))
    )
    return db.scalar(query) or 0


def close_for_quota(
    db: Session, campaign: CampaignId, member: MemberId, group: str, never_called: str
) -> None:
    """Close the waiting cases of a case's `group`, which has answers enough."""
    waiting = (
        *_beside(campaign, member, group),
        CampaignMember.state.in_((WAITING, PERSON)),
    )
    closed = {"state": CLOSED, "stop": Stop.QUOTA_FILLED.value}
    for fresh in (True, False):
        values = closed | ({"code": never_called} if fresh else {})
        these = (CampaignMember.attempts == 0) if fresh else (CampaignMember.attempts > 0)
        db.execute(update(CampaignMember).where(*waiting, these).values(**values))


def _beside(
    campaign: CampaignId, member: MemberId, group: str
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    its = select(_MEMBERS.c[group]).where(_MEMBERS.c.id == member).scalar_subquery()
    return CampaignMember.campaign == campaign, getattr(CampaignMember, group) == its
