"""Links by which households answer a campaign on a page, instead of by telephone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from evalsys.domain.campaign.policy import Stop
from evalsys.ids import AttemptId, CampaignId, HouseholdCode, MemberId
from evalsys.store.campaign_queue import WEB
from evalsys.store.campaigns import CLOSED, WAITING
from evalsys.store.schema.campaigns import CampaignAttempt, CampaignMember, InterviewLink


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was sent; `attempt` is the interview that it began, empty before."""

    member: MemberId
    attempt: AttemptId
    expires_at: datetime


def cases_to_send(
    db: Session, campaigns: Sequence[CampaignId], first: Sequence[CampaignId], limit: int
) -> tuple[tuple[MemberId, HouseholdCode, CampaignId], ...]:
    """Take cases that had no link, and hold them: unreached ones, of `first` also waiting ones."""
    unreached = and_(
        CampaignMember.campaign.in_(campaigns),
        CampaignMember.state == CLOSED,
        CampaignMember.stop == Stop.ATTEMPTS_USED,
    )
    waiting = and_(CampaignMember.campaign.in_(first), CampaignMember.state == WAITING)
    query = (
        select(CampaignMember.id, CampaignMember.household, CampaignMember.campaign)
        .where(or_(unreached, waiting), CampaignMember.link_sent_at.is_(None))
        .order_by(CampaignMember.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return tuple(
        (MemberId(one), HouseholdCode(of), CampaignId(campaign))
        for one, of, campaign in db.execute(query)
    )


def keep_sent(db: Session, member: MemberId, at: datetime | None) -> None:
    """Note that a case had its link, or that it did not go out after all."""
    db.execute(update(CampaignMember).where(CampaignMember.id == member).values(link_sent_at=at))


def has_answered(db: Session, member: MemberId) -> bool:
    """Say whether a case is done, however its household answered."""
    query = select(CampaignMember.stop).where(CampaignMember.id == member)
    return db.scalar(query) in {Stop.ANSWERED, Stop.SPOKEN}


def add(db: Session, token_sha256: str, member: MemberId, expires_at: datetime) -> None:
    """Keep a link by the hash of its token, which itself is kept nowhere."""
    row = {"token_sha256": token_sha256, "member": member, "expires_at": expires_at}
    db.execute(insert(InterviewLink).values(**row))


def find(db: Session, token_sha256: str) -> Link | None:
    """Return a link."""
    row = db.get(InterviewLink, token_sha256)
    if row is None:
        return None
    return Link(MemberId(row.member), AttemptId(row.attempt or ""), row.expires_at)


def begin(db: Session, token_sha256: str, attempt: AttemptId) -> None:
    """Note which interview a link began."""
    mine = InterviewLink.token_sha256 == token_sha256
    db.execute(update(InterviewLink).where(mine).values(attempt=attempt))


def abandoned(db: Session, *, begun_before: datetime) -> tuple[AttemptId, ...]:
    """List interviews on a page that were begun long ago and never finished."""
    query = select(CampaignAttempt.id).where(
        CampaignAttempt.ended_at.is_(None),
        CampaignAttempt.sid.like(f"{WEB}%"),
        CampaignAttempt.placed_at <= begun_before,
    )
    return tuple(AttemptId(each) for each in db.scalars(query.order_by(CampaignAttempt.id)))


def are_open(db: Session, campaign: CampaignId, now: datetime) -> bool:
    """Say whether somebody may still answer by a link."""
    unanswered = exists().where(
        InterviewLink.member == CampaignMember.id, InterviewLink.expires_at > now
    )
    query = select(func.count()).where(
        CampaignMember.campaign == campaign,
        CampaignMember.stop == Stop.ATTEMPTS_USED,
        unanswered,
    )
    return bool(db.scalar(query))
