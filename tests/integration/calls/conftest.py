"""A hall whose session is calling, and the carrier that holds its calls."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evalsys.store.database import Database
from tests.calling import Caller, Carrier, Hall, callers, fill_county, on_the_wire


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def hall(database: Database, tmp_path: Path, carrier: Carrier) -> Iterator[Hall]:
    """Give a hall before its session, connected to `carrier`."""
    with on_the_wire(carrier.answer) as url:
        built = Hall(database, tmp_path, telephony_url=url)
        fill_county(database, built.settings)
        yield built
        built.close()


@pytest.fixture
def caller(hall: Hall, carrier: Carrier) -> Caller:
    """Give the carrier's side of the first call that was dialled."""
    hall.open_calls()
    hall.tick()
    return next(iter(callers(hall, carrier).values()))
