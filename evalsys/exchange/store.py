"""What the exchange remembers: calls, recordings and callbacks not yet delivered."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from evalsys.exchange.calls import TERMINAL, Call, CallRequest, Recording, Status, Target
from evalsys.exchange.conference_store import ConferenceStore
from evalsys.exchange.database import (
    EVER,
    Callback,
    Span,
    as_text,
    as_time,
    insert_callbacks,
    open_database,
    transaction,
)
from evalsys.exchange.message_store import MessageStore


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls a list shows; empty means all."""

    to: str = ""
    caller: str = ""
    status: str = ""
    started: Span = EVER
    ended: Span = EVER
    parent: str = ""


class Store:
    """The exchange's file."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path` and create what is missing in it."""
        self._db: sqlite3.Connection = open_database(path)
        self.conferences = ConferenceStore(self._db)
        self.messages = MessageStore(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def save_call(self, call: Call, callbacks: Sequence[Callback] = ()) -> None:
        """Write a call as it stands now, with the callbacks that report it."""
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO calls (sid, to_number, from_number, status, started_at, body)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (sid) DO UPDATE SET"
                " status = excluded.status, started_at = excluded.started_at, body = excluded.body",
                (
                    call.sid,
                    call.request.to,
                    call.request.caller,
                    _status_shown(call.status),
                    as_text(call.started_at),
                    _body(call),
                ),
            )
            insert_callbacks(self._db, callbacks)

    def call(self, sid: str) -> Call | None:
        """Return a call that was not deleted."""
        row = self._db.execute(
            "SELECT body FROM calls WHERE sid = ? AND NOT deleted", (sid,)
        ).fetchone()
        return None if row is None else _call(row[0])

    def calls(self, wanted: CallFilter, page: int, size: int) -> list[Call]:
        """Return one page of calls, the newest first, and one more when there is a next page."""
        conditions = {
            "to_number = ?": wanted.to,
            "from_number = ?": wanted.caller,
            "status = ?": wanted.status,
            "started_at >= ?": as_text(wanted.started.begin),
            "started_at <= ?": as_text(wanted.started.end),
            "body ->> 'ended_at' >= ?": as_text(wanted.ended.begin),
            "body ->> 'ended_at' <= ?": as_text(wanted.ended.end),
            "body ->> '$.request.parent_sid' = ?": wanted.parent,
        }
        used = {condition: value for condition, value in conditions.items() if value}
        rows = self._db.execute(
            "SELECT body FROM calls WHERE "  # noqa: S608 - conditions are the constants above
            + " AND ".join(["NOT deleted", *used])
            + " ORDER BY row DESC LIMIT ? OFFSET ?",
            (*used.values(), size + 1, page * size),
        )
        return [_call(body) for (body,) in rows]

    def delete_call(self, sid: str) -> None:
        """Hide a call; it still counts as an attempt on its number."""
        self._db.execute("UPDATE calls SET deleted = 1 WHERE sid = ?", (sid,))

    def unfinished(self) -> Iterator[Call]:
        """Return the calls that were in progress when the exchange last died."""
        marks = ", ".join("?" * len(TERMINAL))
        rows = self._db.execute(
            f"SELECT body FROM calls WHERE status NOT IN ({marks}) ORDER BY row",  # noqa: S608 - marks
            tuple(sorted(TERMINAL)),
        ).fetchall()
        return (_call(body) for (body,) in rows)

    def attempts(self, number: str) -> int:
        """Count the calls ever placed to a number."""
        count: int = self._db.execute(
            "SELECT count(*) FROM calls WHERE to_number = ?", (number,)
        ).fetchone()[0]
        return count

    def count_by_status(self) -> dict[str, int]:
        """Count the calls by status as the API shows it."""
        return dict(
            self._db.execute("SELECT status, count(*) FROM calls WHERE NOT deleted GROUP BY status")
        )

    def save_recording(self, recording: Recording, callbacks: Sequence[Callback] = ()) -> None:
        """Keep a recording, with the callbacks that report it."""
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO recordings (sid, call_sid, created_at, seconds, media, media_type,"
                " transcription_sid, transcript, conference_sid, source)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    recording.sid,
                    recording.call_sid,
                    as_text(recording.created_at),
                    recording.seconds,
                    recording.media,
                    recording.media_type,
                    recording.transcription_sid,
                    recording.transcript,
                    recording.conference_sid,
                    recording.source,
                ),
            )
            insert_callbacks(self._db, callbacks)

    def recordings(
        self,
        *,
        call_sid: str = "",
        conference_sid: str = "",
        created: Span = EVER,
        page: int = 0,
        size: int = 50,
    ) -> list[Recording]:
        """Return one page of recordings, newest first, and one more when there is a next page."""
        begin, end = as_text(created.begin) or "", as_text(created.end) or "9999"
        rows = self._db.execute(
            f"{_RECORDING} WHERE ? IN ('', call_sid) AND ? IN ('', conference_sid)"
            " AND created_at BETWEEN ? AND ? ORDER BY row DESC LIMIT ? OFFSET ?",
            (call_sid, conference_sid, begin, end, size + 1, page * size),
        )
        return [_recording(row) for row in rows]

    def recording(self, sid: str) -> Recording | None:
        """Return a recording by its own identifier or by its transcription's."""
        row = self._db.execute(
            f"{_RECORDING} WHERE sid = ? OR transcription_sid = ?", (sid, sid)
        ).fetchone()
        return None if row is None else _recording(row)

    def delete_recording(self, sid: str) -> None:
        """Erase a recording and its words."""
        self._db.execute("DELETE FROM recordings WHERE sid = ?", (sid,))

    def next_callback(self, call_sid: str) -> Callback | None:
        """Return the oldest callback of a call that is still owed."""
        row = self._db.execute(
            "SELECT call_sid, url, method, params, token, id, tries FROM callbacks"
            " WHERE call_sid = ? AND NOT lost ORDER BY id LIMIT 1",
            (call_sid,),
        ).fetchone()
        if row is None:
            return None
        sid, url, method, params, token, number, tries = row
        return Callback(sid, url, method, json.loads(params), token, number, tries)

    def owed_calls(self) -> list[str]:
        """Return the calls whose callbacks are still owed."""
        return [
            sid
            for (sid,) in self._db.execute(
                "SELECT call_sid FROM callbacks WHERE NOT lost GROUP BY call_sid ORDER BY min(id)"
            )
        ]

    def count_callbacks(self) -> tuple[int, int]:
        """Count the callbacks still owed, and those given up."""
        owed, lost = self._db.execute(
            "SELECT count(*) - coalesce(sum(lost), 0), coalesce(sum(lost), 0) FROM callbacks"
        ).fetchone()
        return owed, lost

    def callback_delivered(self, number: int) -> None:
        """Forget a callback that the application acknowledged."""
        self._db.execute("DELETE FROM callbacks WHERE id = ?", (number,))

    def callback_put_back(self, number: int) -> None:
        """Let a callback come after all that are owed now."""
        self._db.execute(
            "UPDATE callbacks SET id = (SELECT max(id) + 1 FROM callbacks) WHERE id = ?", (number,)
        )

    def callback_failed(self, number: int, *, lost: bool) -> None:
        """Count one more try in vain; `lost` gives the callback up."""
        self._db.execute(
            "UPDATE callbacks SET tries = tries + 1, lost = ? WHERE id = ?", (lost, number)
        )


_CALL_FIELDS = tuple(field.name for field in fields(Call) if field.name != "request")
_REQUEST_FIELDS = tuple(field.name for field in fields(CallRequest))
_TARGET_FIELDS = tuple(field.name for field in fields(Target))
_RECORDING = (
    "SELECT sid, call_sid, created_at, seconds, media, media_type, transcription_sid, transcript,"
    " conference_sid, source FROM recordings"
)


def _status_shown(status: Status) -> str:
    """Return the status in the words of the REST API, which has no `initiated`."""
    return Status.QUEUED if status is Status.INITIATED else status


def _body(call: Call) -> str:
    """Write a call as JSON, field by field: this is done several times a call."""
    rest = json.dumps({name: _plain(getattr(call, name)) for name in _CALL_FIELDS})
    return f'{{"request": {_request_body(call.request)}, {rest[1:]}'


@lru_cache(maxsize=1024)
def _request_body(request: CallRequest) -> str:
    return json.dumps({name: _plain(getattr(request, name)) for name in _REQUEST_FIELDS})


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return (
        {name: getattr(value, name) for name in _TARGET_FIELDS}
        if isinstance(value, Target)
        else value
    )


def _call(body: str) -> Call:
    value = json.loads(body)
    request = value.pop("request")
    for name in ("target", "fallback", "status_callback"):
        request[name] = None if request[name] is None else Target(**request[name])
    request["status_events"] = tuple(request["status_events"])
    for name in ("created_at", "updated_at", "started_at", "answered_at", "ended_at"):
        value[name] = as_time(value[name])
    value["status"] = Status(value["status"])
    return Call(request=CallRequest(**request), **value)


def _recording(row: tuple[str, str, str, int, bytes, str, str, str | None, str, str]) -> Recording:
    sid, call_sid, created_at, seconds, media, media_type, words_sid, words, room, source = row
    at = datetime.fromisoformat(created_at)
    return Recording(sid, call_sid, at, seconds, media, media_type, words_sid, words, room, source)
