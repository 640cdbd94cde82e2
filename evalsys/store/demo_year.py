"""Whom the demo's year is about: a few of the made-up county's cadres, units, grids, households."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from evalsys.ids import CadreNumber, CampaignId, MemberId
from evalsys.store.schema.campaigns import CampaignMember
from evalsys.store.schema.casework import CaseworkRequest
from evalsys.store.schema.roster import Cadre, Grid, Household, HouseholdLink, Unit, Visit


def busiest(db: Session, least: int, most: int) -> tuple[CadreNumber, list[str]]:
    """Choose the cadre with the most households between two bounds, and list these."""
    count = func.count()
    cadre = db.execute(
        select(HouseholdLink.cadre)
        .where(HouseholdLink.until.is_(None))
        .group_by(HouseholdLink.cadre)
        .having(count.between(least, most))
        .order_by(count.desc(), HouseholdLink.cadre)
        .limit(1)
    ).scalar_one()
    homes = db.scalars(
        select(HouseholdLink.household)
        .where(HouseholdLink.cadre == cadre, HouseholdLink.until.is_(None))
        .order_by(HouseholdLink.household)
    )
    return CadreNumber(cadre), list(homes)


def first_visits(db: Session, homes: Sequence[str], by: date) -> list[tuple[str, date]]:
    """Say when each of `homes` was visited first, those that were by a day."""
    visited = db.execute(
        select(Visit.household, func.min(Visit.visited_on))
        .where(Visit.household.in_(homes), Visit.visited_on <= by)
        .group_by(Visit.household)
        .order_by(Visit.household)
    )
    return [(home, first) for home, first in visited]


def grids(db: Session, depth: int, want: int) -> Sequence[str]:
    """List the first grids of a level."""
    return db.scalars(select(Grid.code).where(Grid.depth == depth).limit(want)).all()


def largest(db: Session, want: int, homes: int) -> Mapping[str, Sequence[str]]:
    """Choose the grids with the most households in the grids below, and some homes of each."""
    found = db.scalars(
        select(Grid.parent)
        .join(Household, Household.grid == Grid.code)
        .where(Grid.parent.is_not(None))
        .group_by(Grid.parent)
        .order_by(func.count().desc(), Grid.parent)
        .limit(want)
    ).all()
    return {
        grid: db.scalars(
            select(Household.code)
            .join(Grid, Grid.code == Household.grid)
            .where(Grid.parent == grid)
            .order_by(Household.code)
            .limit(homes)
        ).all()
        for grid in found
        if grid is not None
    }


def units(db: Session) -> Mapping[str, str]:
    """Give every unit's code by its name, in the order of the codes."""
    found = db.execute(select(Unit.name, Unit.code).order_by(Unit.code))
    return {unit.name: unit.code for unit in found}


def busy_units(db: Session, most: int, want: int) -> list[tuple[str, str]]:
    """Choose the units with the most linked households up to a bound: code and name.

    Where all units have more, as in a whole county, the smallest of them.
    """
    households = func.count()
    found = db.execute(
        select(Unit.code, Unit.name)
        .join(Cadre, Cadre.unit == Unit.code)
        .join(HouseholdLink, HouseholdLink.cadre == Cadre.number)
        .where(Cadre.left_on.is_(None), HouseholdLink.until.is_(None))
        .group_by(Unit.code, Unit.name)
        .order_by(case((households <= most, 0), else_=1), func.abs(households - most), Unit.code)
        .limit(want)
    )
    return [(code, name) for code, name in found]


def members(db: Session, campaign: CampaignId) -> list[tuple[MemberId, str]]:
    """List whom a campaign asks, and about whom."""
    query = select(CampaignMember.id, CampaignMember.about)
    found = db.execute(query.where(CampaignMember.campaign == campaign))
    return [(MemberId(number), about) for number, about in found]


def request_texts(db: Session) -> list[tuple[str, str]]:
    """List the requests: code and words."""
    found = db.execute(select(CaseworkRequest.code, CaseworkRequest.text))
    return [(code, text) for code, text in found]
