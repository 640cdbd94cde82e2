"""Counting and listing what the responsibility map leaves open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from evalsys.domain.protection import NOT_CALLED_LIVE
from evalsys.domain.roster_coverage import Coverage, Gap, load_of
from evalsys.store.grid_preset import load_limits
from evalsys.store.roster import IS_OF_CADRE, IS_SHARED, REPEATED_NUMBERS, SHARED_NUMBERS
from evalsys.store.schema.grid import GridEnd
from evalsys.store.schema.roster import (
    Cadre,
    Grid,
    GridLevel,
    Household,
    HouseholdLink,
    OfficeNumber,
    Phone,
    Unit,
)


@dataclass(frozen=True, slots=True)
class Concerned:
    """A household or cadre in a list of gaps: its code or number, and where it belongs."""

    code: str
    where: str


def coverage(db: Session) -> Coverage:
    """Count the county's coverage; less than a second for 337,000 households.

    Every gap that `concerned` lists is counted, several in one pass over a table.
    """
    linked = db.execute(
        select(HouseholdLink.cadre, func.count())
        .where(HouseholdLink.until.is_(None))
        .group_by(HouseholdLink.cadre)
    )
    links = {number: count for number, count in linked}  # noqa: C416 - a result is no mapping
    serving = db.scalars(select(Cadre.number).where(Cadre.left_on.is_(None)))
    load = [links.get(number, 0) for number in serving]
    limits = load_limits(db)
    households = db.scalar(select(func.count()).select_from(Household)) or 0
    has_cadre, has_several = db.execute(_LINKED).one()
    missing = households - (db.scalar(_WITH_ANY_NUMBER) or 0)
    invalid = _count(db, _CODES[Gap.PHONE_INVALID])
    shared, of_cadre, of_office, ambiguous = db.execute(_DOUBTFUL).one()
    levels = db.execute(
        select(GridLevel.name, func.count(Grid.code))
        .outerjoin(
            Grid,
            (Grid.depth == GridLevel.depth) & Grid.code.not_in(select(GridEnd.grid)),
        )
        .group_by(GridLevel.depth, GridLevel.name)
        .order_by(GridLevel.depth)
    )
    return Coverage(
        cadres=len(load),
        households=households,
        links=sum(load),
        undialable=missing + invalid + ambiguous + (db.scalar(_PROTECTED_ALONE) or 0),
        gaps={
            Gap.NO_CADRE: households - has_cadre,
            Gap.TWO_CADRES: has_several,
            Gap.NO_HOUSEHOLD: load.count(0),
            Gap.PHONE_MISSING: missing,
            Gap.PHONE_INVALID: invalid,
            Gap.PHONE_SHARED: shared,
            Gap.PHONE_OF_CADRE: of_cadre,
            Gap.PHONE_OF_OFFICE: of_office,
            Gap.PROTECTED: _count(db, _CODES[Gap.PROTECTED]),
        },
        load=load_of(load, limits),
        grids=tuple((name, count) for name, count in levels),
        limits=limits,
    )


def concerned(db: Session, gap: Gap, limit: int, *, after: str = "") -> tuple[Concerned, ...]:
    """List whom a gap concerns, in the order of codes after `after`; codes only, no names."""
    codes = _CODES[gap].subquery()
    code = codes.c[0]
    if gap is Gap.NO_HOUSEHOLD:
        places = (
            select(code, Unit.name)
            .join(Cadre, Cadre.number == code)
            .join(Unit, Unit.code == Cadre.unit)
        )
    else:
        places = (
            select(code, Grid.name)
            .join(Household, Household.code == code)
            .join(Grid, Grid.code == Household.grid)
        )
    rows = db.execute(places.where(code > after).order_by(code).limit(limit))
    return tuple(Concerned(found, where) for found, where in rows)


def _count(db: Session, codes: Select[Any]) -> int:
    return db.scalar(select(func.count()).select_from(codes.subquery())) or 0


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _total(count: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(func.sum(count), 0)


_SERVING: Final = select(HouseholdLink.household).where(
    HouseholdLink.until.is_(None),
    # They are few, and every link need not be looked up among ten thousand.
    HouseholdLink.cadre.not_in(select(Cadre.number).where(Cadre.left_on.is_not(None))),
)
_WITH_NUMBERS: Final = (
    select(Phone.household).where(Phone.household.is_not(None), Phone.usable).distinct()
)
_OF_CADRES: Final = select(Phone.blind).where(Phone.usable, Phone.cadre.is_not(None))
_OTHER: Final = aliased(Phone)
# A number has one owner. Said so, SQLite does not walk through all of them by household to find
# a few; said of `household`, it would.
_IS_OF_HOUSEHOLD: Final = Phone.cadre.is_(None)

_CODES: Final[Mapping[Gap, Select[Any]]] = {
    Gap.NO_CADRE: select(Household.code).where(
        ~exists(_SERVING.where(HouseholdLink.household == Household.code).correlate(Household))
    ),
    Gap.TWO_CADRES: _SERVING.group_by(HouseholdLink.household).having(func.count() > 1),
    Gap.NO_HOUSEHOLD: select(Cadre.number).where(
        Cadre.left_on.is_(None),
        ~exists().where(HouseholdLink.cadre == Cadre.number, HouseholdLink.until.is_(None)),
    ),
    Gap.PHONE_MISSING: select(Household.code).where(
        ~exists().where(Phone.household == Household.code)
    ),
    Gap.PHONE_INVALID: select(Phone.household)
    .where(
        _IS_OF_HOUSEHOLD,
        ~Phone.usable,
        ~exists().where(_OTHER.household == Phone.household, _OTHER.usable),
    )
    .distinct(),
    Gap.PHONE_SHARED: _WITH_NUMBERS.where(Phone.blind.in_(SHARED_NUMBERS)),
    Gap.PHONE_OF_CADRE: _WITH_NUMBERS.where(Phone.blind.in_(_OF_CADRES)),
    Gap.PHONE_OF_OFFICE: _WITH_NUMBERS.where(Phone.blind.in_(select(OfficeNumber.blind))),
    Gap.PROTECTED: select(Household.code).where(Household.protection.in_(NOT_CALLED_LIVE)),
}
"""For each gap, the distinct household codes or cadre numbers that it concerns."""

_BY_HOUSEHOLD: Final = (
    _SERVING.with_only_columns(func.count().label("links"))
    .group_by(HouseholdLink.household)
    .subquery()
)
_LINKED: Final = select(func.count(), _total(_one_if(_BY_HOUSEHOLD.c.links > 1))).select_from(
    _BY_HOUSEHOLD
)
"""How many households have a serving cadre, and how many of them have several."""

_WITH_ANY_NUMBER: Final = select(func.count(Phone.household.distinct())).where(
    Phone.household.is_not(None)
)

_AMBIGUOUS: Final = union_all(
    REPEATED_NUMBERS.add_columns(
        _one_if(IS_SHARED).label("shared"),
        _one_if(IS_OF_CADRE).label("of_cadre"),
        literal(0).label("of_office"),
    ).having(or_(IS_SHARED, IS_OF_CADRE)),
    select(OfficeNumber.blind, literal(0), literal(0), literal(1)),
).subquery()
_DOUBTED: Final = (
    select(
        func.max(_AMBIGUOUS.c.shared).label("shared"),
        func.max(_AMBIGUOUS.c.of_cadre).label("of_cadre"),
        func.max(_AMBIGUOUS.c.of_office).label("of_office"),
        func.count(Phone.position.distinct()).label("numbers"),
        select(func.count())
        .where(_OTHER.household == Phone.household, _OTHER.usable)
        .correlate(Phone)
        .scalar_subquery()
        .label("all_numbers"),
    )
    .select_from(Phone)
    .join(_AMBIGUOUS, _AMBIGUOUS.c.blind == Phone.blind)
    .where(_IS_OF_HOUSEHOLD, Phone.usable)
    .group_by(Phone.household)
    .subquery()
)
_DOUBTFUL: Final = select(
    _total(_DOUBTED.c.shared),
    _total(_DOUBTED.c.of_cadre),
    _total(_DOUBTED.c.of_office),
    _total(_one_if(_DOUBTED.c.numbers == _DOUBTED.c.all_numbers)),
)
"""How many households share a number with another, with a cadre, with an office, and how many
have no other number."""

_PROTECTED_ALONE: Final = select(func.count()).where(
    Household.protection.in_(NOT_CALLED_LIVE),
    exists().where(
        Phone.household == Household.code,
        Phone.usable,
        ~exists().where(
            _OTHER.blind == Phone.blind,
            _OTHER.usable,
            or_(_OTHER.cadre.is_not(None), _OTHER.household != Phone.household),
        ),
        ~exists().where(OfficeNumber.blind == Phone.blind),
    ),
)
"""How many households only their protection keeps from being called."""
