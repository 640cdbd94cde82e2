"""Programmes 项目: what was brought in of them, for the draw, the screens and the telephone."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from evalsys.domain.programme import Programme
from evalsys.domain.roster import CadreCard, CadreToFreeze, HouseholdClaims
from evalsys.ids import CadreNumber, GridCode, HouseholdCode, ProgrammeNumber, UnitCode
from evalsys.store.phone_box import PhoneBox
from evalsys.store.roster import numbered_households
from evalsys.store.schema.programme import ProgrammeRow, ServiceRow
from evalsys.store.schema.roster import Unit


def every(db: Session) -> tuple[Programme, ...]:
    """List all programmes in the order of their numbers."""
    return _programmes(db, _PROGRAMMES)


def found(db: Session, numbers: Iterable[ProgrammeNumber]) -> tuple[Programme, ...]:
    """List those of `numbers` that exist, in their order."""
    wanted = _PROGRAMMES.where(ProgrammeRow.number.in_(set(numbers)))
    return _programmes(db, wanted)


def cards(db: Session, numbers: Iterable[CadreNumber]) -> dict[CadreNumber, CadreCard]:
    """Give what may be shown of these programmes, as of cadres: name and unit."""
    return {
        one.number: CadreCard(one.number, one.name, one.unit_name, "", "")
        for one in found(db, numbers)
    }


def programmes_to_freeze(
    db: Session, box: PhoneBox, numbers: Iterable[ProgrammeNumber]
) -> Iterator[CadreToFreeze]:
    """Stream programmes with the households that they served, as the freeze takes cadres."""
    chosen = {one.number: one for one in found(db, numbers)}
    owned = (
        select(ServiceRow.programme.label("owner"), ServiceRow.household)
        .where(ServiceRow.programme.in_(chosen))
        .distinct()
    )
    for number, households in numbered_households(db, box, owned):
        one = chosen[ProgrammeNumber(number)]
        yield CadreToFreeze(one.number, GridCode(""), "", one.unit, "", households)


def services_of(db: Session, number: CadreNumber) -> dict[HouseholdCode, HouseholdClaims]:
    """Give the days on which a programme served each household, as claims to be asked about."""
    rows = db.execute(
        select(ServiceRow.household, ServiceRow.served_on)
        .where(ServiceRow.programme == number)
        .order_by(ServiceRow.household, ServiceRow.served_on)
    )
    return {
        HouseholdCode(household): HouseholdClaims(tuple(day for _, day in days), ())
        for household, days in groupby(rows, itemgetter(0))
    }


def services_to(
    db: Session, number: CadreNumber, household: HouseholdCode
) -> tuple[tuple[date, str], ...]:
    """Give what a programme did for one household, and when, in the order of the days."""
    rows = db.execute(
        select(ServiceRow.served_on, ServiceRow.item)
        .where(ServiceRow.programme == number, ServiceRow.household == household)
        .order_by(ServiceRow.served_on, ServiceRow.item)
    )
    return tuple((day, item) for day, item in rows)


_SERVED = (
    select(ServiceRow.programme, func.count(ServiceRow.household.distinct()).label("households"))
    .group_by(ServiceRow.programme)
    .subquery()
)
_PROGRAMMES: Select[str, str, str, str, Any] = (
    select(
        ProgrammeRow.number,
        ProgrammeRow.name,
        ProgrammeRow.unit,
        Unit.name,
        func.coalesce(_SERVED.c.households, 0),
    )
    .join(Unit, Unit.code == ProgrammeRow.unit)
    .outerjoin(_SERVED, _SERVED.c.programme == ProgrammeRow.number)
    .order_by(ProgrammeRow.number)
)


def _programmes(db: Session, wanted: Select[str, str, str, str, Any]) -> tuple[Programme, ...]:
    return tuple(
        Programme(ProgrammeNumber(number), name, UnitCode(unit), unit_name, households)
        for number, name, unit, unit_name, households in db.execute(wanted)
    )
