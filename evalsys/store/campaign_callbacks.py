"""Callbacks on disk: closed requests whose households are asked, and what they said (Y54)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from evalsys.domain.campaign.plan import OVER
from evalsys.domain.campaign.policy import Stop
from evalsys.domain.campaign.wanted import Electorate
from evalsys.ids import CampaignId, MemberId
from evalsys.store.campaigns import ASKED_FOR, Candidate, ClosedRequest, candidate, wishes
from evalsys.store.roster import township_of_grids
from evalsys.store.schema.campaigns import CampaignMember, CampaignRow, RequestCallback
from evalsys.store.schema.casework import CaseworkRequest, CaseworkStanding
from evalsys.store.schema.roster import Cadre, Household

_HEARD = (Stop.ANSWERED, Stop.REFUSED, Stop.NOT_LINKED, Stop.PIN_FAILED)
"""How a case ended whose household is not asked about the same close once more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one case is about, and what its household said so far."""

    request: str
    closed_at: datetime
    reply: str
    kept_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answers:
    """What the households of a campaign said; who was not reached said nothing."""

    asked: int
    yes: int
    no: int
    unsure: int

    @property
    def unverified(self) -> int:
        """Count the requests of which nobody said whether they are solved."""
        return self.asked - self.yes - self.no


def due(db: Session, electorate: Electorate) -> Iterator[Candidate]:
    """Stream the closes to be asked about, the oldest first, one a household.

    Those closed as solved or explained whose household has not answered, and that no campaign
    asks about or has heard of.
    """
    townships, noted = township_of_grids(db), wishes(db)
    query = (
        _waiting(
            CaseworkStanding.request,
            CaseworkStanding.closed_at,
            CaseworkStanding.cadre,
            Cadre.unit,
            Cadre.grid,
            *ASKED_FOR,
        )
        .join(Cadre, Cadre.number == CaseworkStanding.cadre)
        .join(Household, Household.code == CaseworkStanding.household)
        .order_by(CaseworkStanding.closed_at, CaseworkStanding.request)
    )
    if electorate.cadres:
        query = query.where(Cadre.number.in_(electorate.cadres))
    if electorate.units:
        query = query.where(Cadre.unit.in_(electorate.units))
    met: set[str] = set()
    for request, closed_at, cadre, unit, grid, household, *wish in db.execute(query):
        township = townships[grid]
        if household in met or (electorate.townships and township not in electorate.townships):
            continue
        met.add(household)
        one = candidate(cadre, unit, township, noted, household, *wish)
        yield replace(one, closed=ClosedRequest(request, closed_at))


def waiting(db: Session, *, closed_before: datetime) -> tuple[int, int]:
    """Count the closes to be asked about, and those of them from before a moment.

    What a ledger brought in closed, which is its only event, is left out: nobody closed it here.
    """
    count = func.count()
    late = count.filter(CaseworkStanding.closed_at < closed_before)
    every, overdue = db.execute(_waiting(count, late).where(CaseworkStanding.seq > 1)).one()
    return every, overdue


def _waiting(*columns: ColumnElement[Any] | InstrumentedAttribute[Any]) -> Select[Any]:
    begun = (
        select(RequestCallback.member)
        .join(CampaignMember, CampaignMember.id == RequestCallback.member)
        .join(CampaignRow, CampaignRow.id == CampaignMember.campaign)
        .where(
            RequestCallback.request == CaseworkStanding.request,
            RequestCallback.closed_at == CaseworkStanding.closed_at,
            CampaignRow.state.not_in([state.value for state in OVER])
            | CampaignMember.stop.in_([stop.value for stop in _HEARD]),
        )
    )
    return select(*columns).where(
        CaseworkStanding.is_open.is_(False),
        CaseworkStanding.solved.is_(True),
        CaseworkStanding.confirmed == "",
        CaseworkStanding.household.is_not(None),
        CaseworkStanding.cadre.is_not(None),
        ~begun.exists(),
    )


def add(db: Session, rows: Iterable[tuple[MemberId, ClosedRequest | None]]) -> None:
    """Keep which case asks about which close."""
    lines = [
        {"member": member, "request": one.request, "closed_at": one.closed_at, "reply": ""}
        for member, one in rows
        if one is not None
    ]
    db.execute(insert(RequestCallback), lines)


def asked(db: Session, member: MemberId) -> Asked:
    """Return what a case is about."""
    row = db.scalars(select(RequestCallback).where(RequestCallback.member == member)).one()
    return Asked(row.request, row.closed_at, row.reply, row.kept_at)


def text_of(db: Session, member: MemberId) -> str:
    """Return what the household had asked for; empty when it had its words erased."""
    query = select(CaseworkRequest.text).join(
        RequestCallback, RequestCallback.request == CaseworkRequest.code
    )
    return db.scalar(query.where(RequestCallback.member == member)) or ""


def keep_reply(db: Session, member: MemberId, reply: str, kept_at: datetime | None = None) -> None:
    """Keep what a household said, or with an empty reply that it said nothing."""
    mine = update(RequestCallback).where(RequestCallback.member == member)
    db.execute(mine.values(reply=reply, kept_at=kept_at))


def forget_unfinished(db: Session, campaign: CampaignId) -> None:
    """Throw away what households said in interviews that were never finished."""
    mine = select(CampaignMember.id).where(CampaignMember.campaign == campaign)
    waiting = RequestCallback.member.in_(mine) & RequestCallback.kept_at.is_(None)
    db.execute(
        update(RequestCallback)
        .where(waiting)
        .values(reply="")
        .execution_options(synchronize_session=False)
    )


def answers(db: Session, campaign: CampaignId) -> Answers:
    """Count what the households of a campaign said."""
    query = (
        select(RequestCallback.reply, func.count())
        .join(CampaignMember, CampaignMember.id == RequestCallback.member)
        .where(CampaignMember.campaign == campaign)
    )
    whole = query.group_by(RequestCallback.reply)
    heard = db.execute(whole.where(RequestCallback.kept_at.is_not(None))).all()
    kept: dict[str, int] = dict(heard)
    every = sum(count for _, count in db.execute(whole))
    return Answers(every, kept.get("yes", 0), kept.get("no", 0), kept.get("unsure", 0))
