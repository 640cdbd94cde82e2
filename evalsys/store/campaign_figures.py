"""What is counted of campaigns whenever somebody looks: cases, codes, contacts, lines in use."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalsys.domain.campaign.policy import Contact
from evalsys.ids import CampaignId
from evalsys.store.campaigns import CALLING, CLOSED, PERSON, WAITING
from evalsys.store.schema.campaigns import CampaignAttempt, CampaignContact, CampaignMember
from evalsys.store.schema.roster import Cadre, Grid, Unit


def states_of(db: Session, wanted: CampaignId) -> Mapping[str, int]:
    """Count the cases of a campaign by where they stand."""
    query = select(CampaignMember.state, func.count()).where(CampaignMember.campaign == wanted)
    return dict(db.execute(query.group_by(CampaignMember.state)).all())


def stops_of(db: Session, wanted: CampaignId) -> Mapping[str, int]:
    """Count the closed cases of a campaign by why they are closed."""
    query = select(CampaignMember.stop, func.count()).where(
        CampaignMember.campaign == wanted, CampaignMember.state == CLOSED
    )
    return dict(db.execute(query.group_by(CampaignMember.stop)).all())


_GROUPS = {
    "about": CampaignMember.about,
    "unit": CampaignMember.unit,
    "township": CampaignMember.township,
}


def codes_by(
    db: Session, wanted: CampaignId, group: str
) -> Iterator[tuple[str, Sequence[tuple[str, int]]]]:
    """Yield for each cadre ("about"), unit or township how many cases have each code."""
    column = _GROUPS[group]
    query = (
        select(column, CampaignMember.code, func.count())
        .where(CampaignMember.campaign == wanted)
        .group_by(column, CampaignMember.code)
        .order_by(column, CampaignMember.code)
    )
    gathered: dict[str, list[tuple[str, int]]] = {}
    for place, code, n in db.execute(query):
        gathered.setdefault(place, []).append((code, n))
    yield from gathered.items()


def cadres_by(db: Session, wanted: CampaignId, group: str) -> Mapping[str, Sequence[str]]:
    """Name for each cadre ("about"), unit or township the cadres that a campaign asks about."""
    column = _GROUPS[group]
    query = select(column, CampaignMember.about).where(CampaignMember.campaign == wanted)
    gathered: dict[str, list[str]] = {}
    for place, about in db.execute(query.distinct().order_by(column, CampaignMember.about)):
        gathered.setdefault(place, []).append(about)
    return gathered


def codes_of(db: Session, wanted: CampaignId) -> Sequence[tuple[str, int]]:
    """Count the cases of a campaign by code."""
    query = select(CampaignMember.code, func.count()).where(CampaignMember.campaign == wanted)
    ordered = query.group_by(CampaignMember.code).order_by(CampaignMember.code)
    return [(code, n) for code, n in db.execute(ordered)]


def contacts_of(db: Session, wanted: CampaignId) -> Mapping[Contact, int]:
    """Count what became of a campaign's attempts."""
    query = (
        select(CampaignContact.contact, func.count())
        .join(CampaignMember, CampaignMember.id == CampaignContact.member)
        .where(CampaignMember.campaign == wanted)
    )
    return {Contact(word): n for word, n in db.execute(query.group_by(CampaignContact.contact))}


def new_numbers_needed(db: Session, wanted: CampaignId) -> int:
    """Count the cases whose number is dead."""
    query = select(func.count()).where(
        CampaignMember.campaign == wanted, CampaignMember.needs_new_number
    )
    return db.scalar(query) or 0


def is_open(db: Session, wanted: CampaignId) -> bool:
    """Say whether a campaign has a case that is not closed."""
    not_closed = CampaignMember.state.in_((WAITING, CALLING, PERSON))
    query = select(CampaignMember.id).where(CampaignMember.campaign == wanted, not_closed)
    return db.scalar(query.limit(1)) is not None


def calls_under_way(db: Session, wanted: CampaignId) -> int:
    """Count the calls of a campaign that are under way."""
    mine = (CampaignAttempt.campaign == wanted) & CampaignAttempt.ended_at.is_(None)
    return db.scalar(select(func.count()).where(mine)) or 0


def progress(db: Session, wanted: CampaignId) -> tuple[int, int]:
    """Return the calls under way, and the attempts so far."""
    attempts = select(func.count()).where(CampaignAttempt.campaign == wanted)
    return calls_under_way(db, wanted), db.scalar(attempts) or 0


def earliest_due(db: Session, wanted: CampaignId) -> datetime | None:
    """Return when the next waiting case is due; nothing when none waits."""
    waiting = (CampaignMember.campaign == wanted) & (CampaignMember.state == WAITING)
    # One look at the queue's index for each of its halves.
    earliest = (
        db.scalar(
            select(func.min(CampaignMember.due_at)).where(waiting, CampaignMember.retried.is_(half))
        )
        for half in (True, False)
    )
    return min(filter(None, earliest), default=None)


def place_names(db: Session) -> Mapping[str, str]:
    """Return the names of units and grids by code, and of cadres, with their unit, by number."""
    cadres = select(Cadre.number, Cadre.name, Unit.name).join(Unit, Unit.code == Cadre.unit)
    return {
        **{number: f"{name} · {unit}" for number, name, unit in db.execute(cadres)},
        **dict(db.execute(select(Grid.code, Grid.name)).all()),
        **dict(db.execute(select(Unit.code, Unit.name)).all()),
    }
