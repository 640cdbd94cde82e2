"""The score room on each database."""

import pytest

from evalsys.services.score import Scores
from evalsys.store.ballot_box import TallyKey
from evalsys.store.database import Database
from tests.builders import NOON


@pytest.fixture
def scores(database: Database) -> Scores:
    return Scores(database, TallyKey(bytes(range(1, 33))), lambda: NOON)
