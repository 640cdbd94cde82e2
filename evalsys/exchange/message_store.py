"""What the exchange remembers of short messages."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from evalsys.exchange.calls import Target
from evalsys.exchange.database import (
    EVER,
    Callback,
    Span,
    as_text,
    as_time,
    insert_callbacks,
    transaction,
)
from evalsys.exchange.message import Message, MessageStatus


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Which messages a list shows; empty means all."""

    to: str = ""
    sender: str = ""
    sent: Span = EVER


class MessageStore:
    """Messages in the exchange's file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Work on an open file."""
        self._db = db

    def save(self, message: Message, callbacks: Sequence[Callback]) -> None:
        """Write a message as it stands now, with the callbacks that report it."""
        body = json.dumps(asdict(message), default=datetime.isoformat)
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO messages (sid, to_number, from_number, status, sent_at, body)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (sid) DO UPDATE SET"
                " status = excluded.status, sent_at = excluded.sent_at, body = excluded.body",
                (
                    message.sid,
                    message.to,
                    message.sender,
                    message.status,
                    as_text(message.sent_at),
                    body,
                ),
            )
            insert_callbacks(self._db, callbacks)

    def message(self, sid: str) -> Message | None:
        """Return a message."""
        row = self._db.execute("SELECT body FROM messages WHERE sid = ?", (sid,)).fetchone()
        return None if row is None else _message(row[0])

    def messages(self, wanted: MessageFilter, page: int, size: int) -> list[Message]:
        """Return one page, the newest first, and one more when there is a next page."""
        conditions = {
            "to_number = ?": wanted.to,
            "from_number = ?": wanted.sender,
            "sent_at >= ?": as_text(wanted.sent.begin),
            "sent_at <= ?": as_text(wanted.sent.end),
        }
        used = {condition: value for condition, value in conditions.items() if value}
        rows = self._db.execute(
            "SELECT body FROM messages WHERE "  # noqa: S608 - the constants above
            + " AND ".join(["true", *used])
            + " ORDER BY row DESC LIMIT ? OFFSET ?",
            (*used.values(), size + 1, page * size),
        )
        return [_message(body) for (body,) in rows]

    def with_numbers(self, numbers: Sequence[str], most: int) -> list[Message]:
        """Return what came for these numbers or from them, the newest first."""
        among = ", ".join("?" * len(numbers))
        rows = self._db.execute(
            f"SELECT row, body FROM messages WHERE to_number IN ({among})"  # noqa: S608 - marks
            f" UNION SELECT row, body FROM messages WHERE from_number IN ({among})"
            " ORDER BY row DESC LIMIT ?",
            (*numbers, *numbers, most),
        )
        return [_message(body) for _, body in rows]

    def undelivered(self) -> list[Message]:
        """Return the messages that are still on their way."""
        rows = self._db.execute(
            "SELECT body FROM messages WHERE status IN (?, ?) ORDER BY row",
            (MessageStatus.QUEUED, MessageStatus.SENT),
        )
        return [_message(body) for (body,) in rows]

    def delete(self, sid: str) -> None:
        """Erase a message."""
        self._db.execute("DELETE FROM messages WHERE sid = ?", (sid,))


def _message(body: str) -> Message:
    value = json.loads(body)
    if value["callback"] is not None:
        value["callback"] = Target(**value["callback"])
    value["status"] = MessageStatus(value["status"])
    for name in ("created_at", "updated_at", "sent_at"):
        value[name] = as_time(value[name])
    return Message(**value)
