"""Counting the visits of a quarter against what the classes of grids ask for (L02)."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from evalsys.domain.visit_frequency import VisitFrequency, quarter_of, required_by_class
from evalsys.ids import CadreNumber
from evalsys.store.grid_preset import taken
from evalsys.store.schema.roster import Grid, Household, HouseholdLink, Visit


def frequency(db: Session, day: date, grids: Collection[str] | None) -> VisitFrequency | None:
    """Sum up the quarter of `day` for the households on some grids, or all.

    None where the county's preset asks for no visits by class.
    """
    first, last = quarter_of(day)
    required = required_by_class(taken(db).classes, first)
    if not required:
        return None
    paid = (
        select(Visit.household, func.count().label("visits"))
        .where(Visit.visited_on.between(first, last))
        .group_by(Visit.household)
        .subquery()
    )
    asked = case(required, value=Grid.grid_class, else_=0)
    had = func.coalesce(paid.c.visits, 0)
    query = (
        select(
            func.count(),
            func.coalesce(func.sum(asked), 0),
            func.coalesce(func.sum(case((had < asked, had), else_=asked)), 0),
            func.count().filter(had == 0),
        )
        .select_from(Household)
        .join(Grid, Grid.code == Household.grid)
        .outerjoin(paid, paid.c.household == Household.code)
        .where(Grid.grid_class.in_(required))
    )
    if grids is not None:
        query = query.where(Household.grid.in_(grids))
    return VisitFrequency(first, last, *map(int, db.execute(query).one()))


def of_cadre(db: Session, cadre: CadreNumber, day: date) -> Mapping[str, tuple[int, int]]:
    """Give for each household of a cadre how many visits of the quarter are asked for, and paid.

    Paid by whomever: a household that was handed over was visited by the cadre before.
    """
    first, last = quarter_of(day)
    required = required_by_class(taken(db).classes, first)
    if not required:
        return {}
    query = (
        select(HouseholdLink.household, Grid.grid_class, func.count(Visit.visited_on))
        .join(Household, Household.code == HouseholdLink.household)
        .join(Grid, Grid.code == Household.grid)
        .outerjoin(
            Visit,
            (Visit.household == HouseholdLink.household) & Visit.visited_on.between(first, last),
        )
        .where(
            HouseholdLink.cadre == cadre,
            HouseholdLink.until.is_(None),
            Grid.grid_class.in_(required),
        )
        .group_by(HouseholdLink.household, Grid.grid_class)
    )
    return {household: (required[of], paid) for household, of, paid in db.execute(query)}
