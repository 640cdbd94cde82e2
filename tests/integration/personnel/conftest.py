"""The personnel room over a small county, on each database."""

from zoneinfo import ZoneInfo

import pytest

from evalsys.domain.personnel import SessionFinding
from evalsys.services.personnel import Personnel
from evalsys.store.database import Database
from evalsys.store.rulebooks import shipped_rulebook
from tests import small_county
from tests.builders import NOON


@pytest.fixture
def found() -> list[SessionFinding]:
    """What sessions are said to have found; a test appends to it."""
    return []


@pytest.fixture
def personnel(database: Database, found: list[SessionFinding]) -> Personnel:
    small_county.settle(database)
    zone = ZoneInfo("Asia/Shanghai")
    return Personnel(database, lambda: NOON, zone, shipped_rulebook(), lambda _known=None: found)
