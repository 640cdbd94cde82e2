"""Telephone numbers: which one of a household is dialled, and whose a number is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, union
from sqlalchemy.orm import Session

from evalsys.ids import HouseholdCode
from evalsys.store.schema.roster import OfficeNumber, Phone


@dataclass(frozen=True, slots=True)
class SealedNumber:
    """A household's telephone number as it lies in the roster."""

    row: bytes
    sealed: bytes
    blind: bytes


def numbers_of(db: Session, households: Sequence[HouseholdCode]) -> Mapping[str, SealedNumber]:
    """Return the number to dial of each household that has one.

    The first usable one, and never one that two households gave, a cadre's or an office's.
    """
    rows = db.execute(
        select(Phone.household, Phone.id, Phone.sealed, Phone.blind)
        .where(Phone.household.in_(households), Phone.usable)
        .order_by(Phone.household, Phone.position)
    ).all()
    blinds = {row.blind for row in rows}
    shared = (
        select(Phone.blind)
        .where(Phone.blind.in_(blinds), Phone.usable)
        .group_by(Phone.blind)
        .having(or_(func.count(Phone.household.distinct()) > 1, func.count(Phone.cadre) > 0))
    )
    of_offices = select(OfficeNumber.blind).where(OfficeNumber.blind.in_(blinds))
    ambiguous = frozenset(db.scalars(union(shared, of_offices)))
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
