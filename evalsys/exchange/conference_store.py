"""What the exchange remembers of conferences."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from evalsys.exchange.calls import Target
from evalsys.exchange.conferences import Conference, ConferenceStatus
from evalsys.exchange.database import (
    EVER,
    Callback,
    Span,
    as_text,
    as_time,
    insert_callbacks,
    transaction,
)


@dataclass(frozen=True, slots=True)
class ConferenceFilter:
    """Which conferences a list shows; empty means all."""

    name: str = ""
    status: str = ""
    created: Span = EVER
    updated: Span = EVER


class ConferenceStore:
    """Conferences in the exchange's file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Work on an open file."""
        self._db = db

    def save(self, conference: Conference, callbacks: Sequence[Callback]) -> None:
        """Write a conference as it stands now, with the callbacks that report it."""
        body = json.dumps(asdict(conference), default=datetime.isoformat)
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO conferences (sid, name, status, created_at, updated_at, body)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (sid) DO UPDATE SET"
                " status = excluded.status, updated_at = excluded.updated_at, body = excluded.body",
                (
                    conference.sid,
                    conference.name,
                    conference.status,
                    as_text(conference.created_at),
                    as_text(conference.updated_at),
                    body,
                ),
            )
            insert_callbacks(self._db, callbacks)

    def conference(self, sid: str) -> Conference | None:
        """Return a conference."""
        row = self._db.execute("SELECT body FROM conferences WHERE sid = ?", (sid,)).fetchone()
        return None if row is None else _conference(row[0])

    def conferences(self, wanted: ConferenceFilter, page: int, size: int) -> list[Conference]:
        """Return one page, the newest first, and one more when there is a next page."""
        conditions = {
            "name = ?": wanted.name,
            "status = ?": wanted.status,
            "created_at >= ?": as_text(wanted.created.begin),
            "created_at <= ?": as_text(wanted.created.end),
            "updated_at >= ?": as_text(wanted.updated.begin),
            "updated_at <= ?": as_text(wanted.updated.end),
        }
        used = {condition: value for condition, value in conditions.items() if value}
        rows = self._db.execute(
            "SELECT body FROM conferences WHERE "  # noqa: S608 - the constants above
            + " AND ".join(["true", *used])
            + " ORDER BY row DESC LIMIT ? OFFSET ?",
            (*used.values(), size + 1, page * size),
        )
        return [_conference(body) for (body,) in rows]

    def unfinished(self) -> list[Conference]:
        """Return the conferences that were in progress when the exchange last died."""
        rows = self._db.execute(
            "SELECT body FROM conferences WHERE status <> ? ORDER BY row",
            (ConferenceStatus.COMPLETED,),
        )
        return [_conference(body) for (body,) in rows]


def _conference(body: str) -> Conference:
    value = json.loads(body)
    if value["callback"] is not None:
        value["callback"] = Target(**value["callback"])
    value["events"] = tuple(value["events"])
    value["status"] = ConferenceStatus(value["status"])
    for name in ("created_at", "updated_at"):
        value[name] = as_time(value[name])
    return Conference(**value)
