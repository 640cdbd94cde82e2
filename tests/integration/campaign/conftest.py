"""A small county with campaigns, and the carrier that holds its calls."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evalsys.store.database import Database
from tests.calling import Carrier, on_the_wire
from tests.campaigning import Field, Phone, phones


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def field(database: Database, tmp_path: Path, carrier: Carrier) -> Iterator[Field]:
    """Give an application without a campaign, connected to `carrier`."""
    with on_the_wire(carrier.answer) as url:
        built = Field(database, tmp_path, telephony_url=url)
        yield built
        built.close()


@pytest.fixture
def phone(field: Field, carrier: Carrier) -> Phone:
    """The first call of a campaign."""
    field.plan()
    field.watch.forward(seconds=1)
    field.tick()
    return next(iter(phones(field, carrier).values()))
