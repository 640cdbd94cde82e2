"""Every session's state, for rooms that look back over many; only what is new is read again."""

from collections.abc import Callable, Mapping

from evalsys.domain.live.fold import replay
from evalsys.domain.live.state import LiveState
from evalsys.ids import LiveId
from evalsys.store import event_log, live_sessions
from evalsys.store.database import Database

Folded = Callable[[], Mapping[LiveId, LiveState]]
"""Gives the present state of every session."""


def folded_sessions(database: Database) -> Folded:
    """Read the records of all sessions, and go on from where the last look ended."""
    folded: dict[LiveId, LiveState] = {}

    def found() -> Mapping[LiveId, LiveState]:
        with database.read() as db:
            for summary in live_sessions.every(db):
                known = folded.get(summary.id, LiveState())
                if summary.head_seq > known.version:
                    newer = event_log.read(db, summary.id, after=known.version)
                    folded[summary.id] = replay(newer, known)
        return folded

    return found
