"""The score room on each database, and the tally beside it."""

import pytest

from evalsys.services.score import Scores
from evalsys.services.tally import Tally
from evalsys.store.ballot_box import BoxKey
from evalsys.store.database import Database
from tests.builders import NOON, TALLY_KEY
from tests.tallying import READERS, a_tally


@pytest.fixture
def scores(database: Database) -> Scores:
    return Scores(database, BoxKey(TALLY_KEY).slot, READERS, lambda: NOON)


@pytest.fixture
def tally(database: Database) -> Tally:
    return a_tally(database, BoxKey(TALLY_KEY))
