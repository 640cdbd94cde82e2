"""The ballot box of campaigns as the tally empties it, and the results it leaves."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from evalsys.domain.campaign.plan import OVER, Kind, State
from evalsys.domain.campaign.policy import Contact
from evalsys.domain.campaign.result import Result
from evalsys.domain.flags import Occasion, Wave
from evalsys.domain.interview import Topic
from evalsys.domain.scoring import Band, Release
from evalsys.errors import EvalsysError, Tampered
from evalsys.ids import CampaignId
from evalsys.store.ballot_box import BoxKey
from evalsys.store.schema.campaigns import (
    CampaignBallot,
    CampaignContact,
    CampaignMember,
    CampaignPending,
    CampaignResult,
    CampaignRow,
)

_ANSWERED = (Contact.COMPLETE.value, Contact.PARTIAL.value)


def due(db: Session) -> tuple[CampaignId, ...]:
    """List the campaigns that are over and have no result yet."""
    query = (
        select(CampaignRow.id)
        .where(
            CampaignRow.state.in_(state.value for state in OVER),
            ~select(CampaignResult.campaign)
            .where(CampaignResult.campaign == CampaignRow.id)
            .exists(),
            select(CampaignBallot.id).where(CampaignBallot.campaign == CampaignRow.id).exists(),
        )
        .order_by(CampaignRow.id)
    )
    return tuple(CampaignId(found) for found in db.scalars(query))


def whose_comments(db: Session, ids: Collection[str]) -> Mapping[str, bool]:
    """Say of those of `ids` that are campaigns whether they are over."""
    query = select(CampaignRow.id, CampaignRow.state).where(CampaignRow.id.in_(ids))
    return {found: State(state) in OVER for found, state in db.execute(query)}


def open_answers(
    db: Session, key: BoxKey, campaign: CampaignId
) -> Mapping[str, list[tuple[str, str]]]:
    """Open every answer of a campaign, by whom it is about; destroy the boxes, pending ones too.

    Raises:
        Tampered: a box was altered, is about somebody else, or there are more scores than
            households that answered.
    """
    of_this = CampaignBallot.campaign == campaign
    found: dict[str, list[tuple[str, str]]] = {}
    for about, sealed in db.execute(
        select(CampaignBallot.about, CampaignBallot.sealed)
        .where(of_this)
        .order_by(CampaignBallot.id)
    ):
        content = key.open(sealed)
        if content.get("about") != about:
            raise _tampered(f"评议活动 {campaign} 的密封票里有别人的票。")
        found.setdefault(about, []).append((str(content.get("topic")), str(content.get("value"))))
    answered = _answered(db, campaign)
    for about, answers in found.items():
        scores = sum(topic == Topic.SCORE for topic, _ in answers)
        if scores > answered.get(about, 0):
            raise _tampered(f"评议活动 {campaign} 的密封票比作答的户多。")
    db.execute(delete(CampaignBallot).where(of_this))
    members = select(CampaignMember.id).where(CampaignMember.campaign == campaign)
    db.execute(delete(CampaignPending).where(CampaignPending.member.in_(members)))
    return found


def save(db: Session, campaign: CampaignId, result: Result) -> None:
    """Keep what a campaign told about one cadre."""
    db.add(
        CampaignResult(
            campaign=campaign,
            about=result.about,
            n=result.scores.n,
            mean_tenths=result.scores.mean_tenths,
            band=result.scores.band.value,
            satisfied=result.satisfied,
            replies=json.dumps({topic: dict(n) for topic, n in result.replies.items()}),
        )
    )
    db.flush()


def results_of(db: Session, campaign: CampaignId) -> tuple[Result, ...]:
    """Read a campaign's results by cadre."""
    query = select(CampaignResult).where(CampaignResult.campaign == campaign)
    return tuple(map(result_of_row, db.scalars(query.order_by(CampaignResult.about))))


def is_unanswered(db: Session, campaign: CampaignId) -> bool:
    """Say whether nobody's answer to a campaign is kept, sealed or opened."""
    kept = (
        select(CampaignBallot.id).where(CampaignBallot.campaign == campaign),
        select(CampaignResult.about).where(CampaignResult.campaign == campaign),
    )
    return all(db.scalar(query.limit(1)) is None for query in kept)


def waves(db: Session) -> Iterator[tuple[str, Wave]]:
    """Read every released figure with the time of its campaign."""
    query = select(CampaignResult, CampaignRow.planned_at).join(
        CampaignRow, CampaignRow.id == CampaignResult.campaign
    )
    for row, held_at in db.execute(query.order_by(CampaignResult.campaign, CampaignResult.about)):
        told = result_of_row(row).scores
        yield row.about, Wave(row.campaign, held_at, told.n, told.assessed_tenths)


def over(db: Session) -> frozenset[str]:
    """Return the campaigns that are over."""
    states = [state.value for state in OVER]
    return frozenset(db.scalars(select(CampaignRow.id).where(CampaignRow.state.in_(states))))


def answer_times(db: Session) -> Mapping[Occasion, list[datetime]]:
    """Say when households answered campaigns that are over, by whom they judged; not which ones.

    A poll judges nobody.
    """
    query = (
        select(CampaignMember.campaign, CampaignMember.about, CampaignContact.at)
        .join(CampaignContact, CampaignContact.member == CampaignMember.id)
        .join(CampaignRow, CampaignRow.id == CampaignMember.campaign)
        .where(
            CampaignContact.contact.in_(_ANSWERED),
            CampaignRow.state.in_(state.value for state in OVER),
            CampaignRow.kind != Kind.POLL.value,
        )
    )
    found: dict[Occasion, list[datetime]] = {}
    for campaign, about, at in db.execute(query):
        found.setdefault(Occasion(campaign, about), []).append(at)
    return found


def _answered(db: Session, campaign: CampaignId) -> Mapping[str, int]:
    """Count the households that answered, by whom they were asked about."""
    answered = select(CampaignContact.member).where(CampaignContact.contact.in_(_ANSWERED))
    query = (
        select(CampaignMember.about, func.count())
        .where(CampaignMember.campaign == campaign, CampaignMember.id.in_(answered))
        .group_by(CampaignMember.about)
    )
    return {str(row[0]): int(row[1]) for row in db.execute(query)}


def result_of_row(row: CampaignResult) -> Result:
    """Make a released result of its row."""
    told = Release(row.n, row.mean_tenths, Band(row.band))
    return Result(row.about, told, row.satisfied, json.loads(row.replies))


def _tampered(what: str) -> EvalsysError:
    return Tampered(what, remedy="立即停止使用并通知审计人员，用备份核对。")
