"""Putting the roster right at a household's wish, so that no later file takes it back."""

import secrets
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from evalsys.domain.household_page import Correction
from evalsys.store.phone_box import KEY_VERSION, PhoneBox
from evalsys.store.schema.household_page import HouseholdCorrection
from evalsys.store.schema.roster import Household, Phone

_ROW_BYTES = 16


def correct(
    db: Session, box: PhoneBox, household: str, correction: Correction, wish: str, at: datetime
) -> bool:
    """Change the columns that a correction is about, and keep that they were put right.

    Say whether the household has a number now that it did not have.
    """
    new_number = bool({*map(box.blind, correction.phones)} - _blinds(db, household))
    values: dict[str, object] = {}
    if correction.head:
        values["head"] = correction.head
    if correction.members is not None:
        values["members"] = correction.members
    if values:
        db.execute(update(Household).where(Household.code == household).values(values))
    if correction.phones:
        _replace_phones(db, box, household, correction.phones)
    former = HouseholdCorrection.field.in_(correction.fields)
    db.execute(
        delete(HouseholdCorrection).where(HouseholdCorrection.household == household, former)
    )
    rows = [
        {"household": household, "field": field, "wish": wish, "at": at}
        for field in correction.fields
    ]
    db.execute(insert(HouseholdCorrection), rows)
    return new_number


def _blinds(db: Session, household: str) -> set[bytes]:
    query = select(Phone.blind).where(Phone.household == household, Phone.usable)
    return set(db.scalars(query))


def _replace_phones(db: Session, box: PhoneBox, household: str, numbers: tuple[str, ...]) -> None:
    db.execute(delete(Phone).where(Phone.household == household))
    ids = [secrets.token_bytes(_ROW_BYTES) for _ in numbers]
    rows = [
        {
            "id": row,
            "household": household,
            "cadre": None,
            "position": position,
            "usable": True,
            "sealed": sealed,
            "blind": box.blind(number),
            "key_version": KEY_VERSION,
        }
        for position, (row, number, sealed) in enumerate(
            zip(ids, numbers, box.seal_all(numbers, ids), strict=True), start=1
        )
    ]
    db.execute(insert(Phone), rows)
