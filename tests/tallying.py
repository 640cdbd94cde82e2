"""The tally process in a test: the one holder of the private key, over the test's database."""

from evalsys.services.live_session import LiveSessions
from evalsys.services.tally import Elsewhere, Tally
from evalsys.store.ballot_box import BoxKey
from evalsys.store.database import Database
from tests.builders import NOON

READERS = BoxKey(bytes(range(3, 35)))
"""The application's key to comments that were released."""


def a_tally(database: Database, key: BoxKey) -> Tally:
    """A tally that opens with `key`, at noon."""
    live_sessions = LiveSessions(database, lambda: NOON, Elsewhere())
    return Tally(database, live_sessions, key, READERS.slot, lambda: NOON)
