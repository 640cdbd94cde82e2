"""Every session's state, for rooms that look back over many; only what is new is read again."""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Protocol

from sqlalchemy.orm import Session

from evalsys.domain.live.fold import replay
from evalsys.domain.live.state import LiveState
from evalsys.ids import LiveId
from evalsys.store import event_log, live_sessions
from evalsys.store.database import Database

_KEPT_PASTS = 32


class Folded(Protocol):
    """Gives the state of every session: the present one, or as recorded before a moment."""

    def __call__(self, known_before: datetime | None = None) -> Mapping[LiveId, LiveState]:
        """Fold the records, of which only those from before the moment count where one is given."""


def folded_sessions(database: Database) -> Folded:
    """Read the records of all sessions, and go on from where the last look ended."""
    folded: dict[LiveId, LiveState] = {}
    past: OrderedDict[tuple[LiveId, int], LiveState] = OrderedDict()

    def as_recorded_until(db: Session, live: LiveId, last: int) -> LiveState:
        key = (live, last)
        if key not in past:
            past[key] = replay(islice(event_log.read(db, live), last), LiveState())
            while len(past) > _KEPT_PASTS:
                past.popitem(last=False)
        return past[key]

    def found(known_before: datetime | None = None) -> Mapping[LiveId, LiveState]:
        with database.read() as db:
            for summary in live_sessions.every(db):
                known = folded.get(summary.id, LiveState())
                if summary.head_seq > known.version:
                    newer = event_log.read(db, summary.id, after=known.version)
                    folded[summary.id] = replay(newer, known)
            if known_before is None:
                return folded
            grown = live_sessions.grown_since(db, known_before)
            return {
                live: as_recorded_until(db, live, grown[live]) if live in grown else state
                for live, state in folded.items()
            }

    return found
