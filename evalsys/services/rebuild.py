"""Making what is derived from the event logs anew; the logs are only read."""

from collections.abc import Callable

from evalsys.domain.live.fold import replay
from evalsys.ids import LiveId
from evalsys.store import event_log, live_sessions
from evalsys.store.database import Database


def rebuild(database: Database, report: Callable[[LiveId, int], None]) -> None:
    """Check every session's record and write the list of sessions from it.

    `report` hears each session and the number of its events.

    Raises:
        Tampered: a record was altered; the list stays as it was.
    """
    with database.write() as db:
        live_sessions.clear(db)
        for live in live_sessions.recorded_ids(db):
            state = replay(event_log.read(db, live))
            live_sessions.save(db, live, state)
            report(live, state.version)
