"""Counting how complete the roster is (J01), in one pass over the households."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, FromClause, func, select
from sqlalchemy.orm import Session

from evalsys.domain.roster_quality import Lacking, Quality
from evalsys.store.bulk import plain_rows
from evalsys.store.schema.household_form import HouseholdEntry, HouseholdKey
from evalsys.store.schema.roster import Cadre, Household, HouseholdLink, Phone

_LINKS = (
    select(HouseholdLink.household, func.count().label("cadres"))
    .join(Cadre, Cadre.number == HouseholdLink.cadre)
    .where(HouseholdLink.until.is_(None), Cadre.left_on.is_(None))
    .group_by(HouseholdLink.household)
    .subquery("links")
)
_PHONES = (
    select(Phone.household)
    .where(Phone.household.is_not(None), Phone.usable)
    .distinct()
    .subquery("dialable")
)
_FORMS = (
    select(HouseholdEntry.household)
    .join(
        HouseholdKey,
        (HouseholdKey.household == HouseholdEntry.household)
        & (HouseholdKey.generation == HouseholdEntry.generation),
    )
    .where(HouseholdKey.sealed.is_not(None))
    .distinct()
    .subquery("forms")
)
_ERASED = (
    select(HouseholdKey.household)
    .where(HouseholdKey.erased_at.is_not(None))
    .distinct()
    .subquery("erased")
)


def _homes() -> FromClause:
    joined: FromClause = Household.__table__
    for each in (_LINKS, _PHONES, _FORMS, _ERASED):
        joined = joined.outerjoin(each, each.c.household == Household.code)
    return joined


_IS_LINKED: ColumnElement[bool] = func.coalesce(_LINKS.c.cadres, 0) == 1
_IS_DIALABLE: ColumnElement[bool] = _PHONES.c.household.is_not(None)
_IS_SIZED: ColumnElement[bool] = Household.members.is_not(None)
_HAS_FORM: ColumnElement[bool] = _FORMS.c.household.is_not(None)
_OWES_FORM: ColumnElement[bool] = _HAS_FORM | _ERASED.c.household.is_(None)


def by_grid(db: Session) -> Mapping[str, Quality]:
    """Count the households of every grid that has any."""
    counted = (_IS_LINKED, _IS_DIALABLE, _IS_SIZED, _OWES_FORM, _HAS_FORM)
    query = (
        select(Household.grid, func.count(), *(func.count().filter(one) for one in counted))
        .select_from(_homes())
        .group_by(Household.grid)
    )
    return {row[0]: Quality._make(row[1:]) for row in plain_rows(db.connection(), query)}


def lacking(db: Session, grid: str) -> tuple[Lacking, ...]:
    """List the households on a grid that lack something."""
    has_form = _HAS_FORM | _ERASED.c.household.is_not(None)
    query = (
        select(Household.code, _IS_LINKED, _IS_DIALABLE, _IS_SIZED, has_form)
        .select_from(_homes())
        .where(Household.grid == grid, ~_IS_LINKED | ~_IS_DIALABLE | ~_IS_SIZED | ~has_form)
        .order_by(Household.code)
    )
    return tuple(Lacking(row[0], *map(bool, row[1:])) for row in db.execute(query))
