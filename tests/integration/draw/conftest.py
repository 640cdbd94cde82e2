"""A county small enough to read, and the draw room over it."""

import pytest

from evalsys.services.draw import Draws
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from tests.builders import NOON
from tests.roster_rows import fill_roster

SIZES = [3, 0, 7, 5] * 10
"""Households of each of forty cadres; one in four has none."""


@pytest.fixture
def box() -> PhoneBox:
    return PhoneBox(bytes(range(64)), bytes(range(32)))


@pytest.fixture
def county(database: Database, box: PhoneBox) -> Database:
    with database.write() as db:
        fill_roster(db, box, SIZES)
    return database


@pytest.fixture
def draws(county: Database, box: PhoneBox) -> Draws:
    return Draws(county, box, lambda: NOON)
