"""A cadre's page: the last visit to each household, visits that he logs, what was released."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import and_, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.campaign.result import Result
from evalsys.domain.roster import VisitKind
from evalsys.errors import RuleViolation
from evalsys.ids import CadreNumber
from evalsys.store.campaign_results import result_of_row
from evalsys.store.schema.campaigns import CampaignResult, CampaignRow
from evalsys.store.schema.casework import CaseworkStanding
from evalsys.store.schema.roster import HouseholdLink, Visit

VISITS_LISTED = 30


def last_visits(db: Session, cadre: CadreNumber) -> dict[str, tuple[date, int]]:
    """Give the day of the last visit and the number of visits, by household."""
    query = (
        select(Visit.household, func.max(Visit.visited_on), func.count())
        .where(Visit.cadre == cadre)
        .group_by(Visit.household)
    )
    return {household: (last, n) for household, last, n in db.execute(query)}


def circles(db: Session, cadre: CadreNumber) -> dict[str, tuple[int, int]]:
    """Count by household its requests that came full circle (closed with a reply), and all (Y25).

    A household that was handed over brings its earlier requests along.
    """
    s = CaseworkStanding
    query = (
        select(s.household, func.count().filter(and_(~s.is_open, s.answered)), func.count())
        .join(HouseholdLink, HouseholdLink.household == s.household)
        .where(HouseholdLink.cadre == cadre, HouseholdLink.until.is_(None))
        .group_by(s.household)
    )
    return {household: (done, n) for household, done, n in db.execute(query) if household}


def recent_visits(db: Session, cadre: CadreNumber) -> tuple[tuple[date, str, VisitKind, str], ...]:
    """List the cadre's last visits: day, household, kind, note."""
    query = (
        select(Visit.visited_on, Visit.household, Visit.kind, Visit.note)
        .where(Visit.cadre == cadre)
        .order_by(Visit.visited_on.desc(), Visit.household)
        .limit(VISITS_LISTED)
    )
    return tuple(
        (day, household, VisitKind(kind), note) for day, household, kind, note in db.execute(query)
    )


def linked_since(db: Session, cadre: CadreNumber, household: str) -> date | None:
    """Say since when a household is linked to the cadre; None when it is not, today."""
    query = select(HouseholdLink.since).where(
        HouseholdLink.household == household,
        HouseholdLink.cadre == cadre,
        HouseholdLink.until.is_(None),
    )
    return db.scalar(query)


def add_visit(
    db: Session, cadre: CadreNumber, household: str, day: date, note: str, kind: VisitKind
) -> None:
    """Keep a visit as the cadre recorded it.

    Raises:
        RuleViolation: one of this day is there already; what was recorded stays.
    """
    row = {"cadre": cadre, "household": household, "visited_on": day, "note": note, "kind": kind}
    try:
        with db.begin_nested():
            db.execute(insert(Visit).values(**row))
    except IntegrityError as error:
        raise RuleViolation(
            "这一天已经登记过走访这一户。", remedy="登记过的不能改；请核对日期。"
        ) from error


def released(db: Session, cadre: CadreNumber) -> Iterator[tuple[str, datetime, Result]]:
    """Read what campaigns released about a cadre: title, when it was planned, the result."""
    query = (
        select(CampaignResult, CampaignRow.title, CampaignRow.planned_at)
        .join(CampaignRow, CampaignRow.id == CampaignResult.campaign)
        .where(CampaignResult.about == cadre)
        .order_by(CampaignRow.planned_at.desc(), CampaignRow.id)
    )
    for row, title, planned_at in db.execute(query):
        yield title, planned_at, result_of_row(row)
