"""Telephone numbers: which one of a household is dialled, and whose a number is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, func, or_, select
from sqlalchemy.orm import Session

from evalsys.ids import HouseholdCode
from evalsys.store.prepared import Prepared
from evalsys.store.schema.base import Base
from evalsys.store.schema.roster import OfficeNumber, Phone


@dataclass(frozen=True, slots=True)
class SealedNumber:
    """A household's telephone number as it lies in the roster."""

    row: bytes
    sealed: bytes
    blind: bytes


_PHONES = Base.metadata.tables[Phone.__tablename__]
_OFFICES = Base.metadata.tables[OfficeNumber.__tablename__]
_BLINDS: BindParameter[bytes] = bindparam("blinds", expanding=True)
_OF_HOUSEHOLDS = Prepared(
    select(_PHONES.c.household, _PHONES.c.id, _PHONES.c.sealed, _PHONES.c.blind)
    .where(_PHONES.c.household.in_(bindparam("households", expanding=True)), _PHONES.c.usable)
    .order_by(_PHONES.c.household, _PHONES.c.position)
)
_SHARED = Prepared(
    select(_PHONES.c.blind)
    .where(_PHONES.c.blind.in_(_BLINDS), _PHONES.c.usable)
    .group_by(_PHONES.c.blind)
    .having(or_(func.count(_PHONES.c.household.distinct()) > 1, func.count(_PHONES.c.cadre) > 0))
)
_OF_OFFICES = Prepared(select(_OFFICES.c.blind).where(_OFFICES.c.blind.in_(_BLINDS)))


def numbers_of(db: Session, households: Sequence[HouseholdCode]) -> Mapping[str, SealedNumber]:
    """Return the number to dial of each household that has one.

    The first usable one, and never one that two households gave, a cadre's or an office's.
    """
    rows = _OF_HOUSEHOLDS.all(db, households=households)
    blinds = tuple({row.blind for row in rows})
    ambiguous = {
        row.blind for each in (_SHARED, _OF_OFFICES) for row in each.all(db, blinds=blinds)
    }
    numbers: dict[str, SealedNumber] = {}
    for household, row, sealed, blind in rows:
        if household and blind not in ambiguous:
            numbers.setdefault(household, SealedNumber(row, sealed, blind))
    return numbers


def household_behind(db: Session, blind: bytes) -> HouseholdCode | None:
    """Name the household whose number this is, if it is that household's alone."""
    owners = db.execute(
        select(Phone.household, Phone.cadre).where(Phone.blind == blind).distinct()
    ).all()
    is_office = db.scalar(select(OfficeNumber.unit).where(OfficeNumber.blind == blind).limit(1))
    if len(owners) != 1 or is_office is not None:
        return None
    household: str | None = owners[0].household
    return None if household is None else HouseholdCode(household)
