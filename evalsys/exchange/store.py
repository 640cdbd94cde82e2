"""What the exchange remembers: calls, recordings and callbacks not yet delivered.

One SQLite file, one connection, one thread. A change of a call and the callback that
reports it are written in one transaction, so that neither survives a kill without the
other. WAL with synchronous=NORMAL survives the death of the process, which is what a
local exchange promises; a power cut may take the last instants with it.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from evalsys.exchange.calls import TERMINAL, Call, CallRequest, Recording, Status, Target

_SCHEMA = """
CREATE TABLE IF NOT EXISTS calls (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  sid TEXT NOT NULL UNIQUE,
  to_number TEXT NOT NULL,
  from_number TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at TEXT,
  deleted INTEGER NOT NULL DEFAULT 0,
  body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS calls_by_number ON calls (to_number);
CREATE INDEX IF NOT EXISTS calls_by_status ON calls (status);
CREATE TABLE IF NOT EXISTS recordings (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  sid TEXT NOT NULL UNIQUE,
  call_sid TEXT NOT NULL,
  created_at TEXT NOT NULL,
  seconds INTEGER NOT NULL,
  media BLOB NOT NULL,
  media_type TEXT NOT NULL,
  transcription_sid TEXT NOT NULL,
  transcript TEXT
);
CREATE INDEX IF NOT EXISTS recordings_by_call ON recordings (call_sid);
CREATE TABLE IF NOT EXISTS callbacks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  call_sid TEXT NOT NULL,
  url TEXT NOT NULL,
  method TEXT NOT NULL,
  params TEXT NOT NULL,
  token TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  lost INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS callbacks_by_call ON callbacks (call_sid, lost, id);
"""


@dataclass(frozen=True, slots=True)
class Callback:
    """One request that the application has to get; `token` stays the same over all tries."""

    call_sid: str
    url: str
    method: str
    params: Mapping[str, str]
    token: str
    id: int = 0
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, both ends included; None is open."""

    begin: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls a list shows; empty means all."""

    to: str = ""
    caller: str = ""
    status: str = ""
    started: Span = Span()
    ended: Span = Span()


class Store:
    """The exchange's file."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path` and create what is missing in it."""
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def save_call(self, call: Call, callbacks: Sequence[Callback] = ()) -> None:
        """Write a call as it stands now, with the callbacks that report it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.execute(
                "INSERT INTO calls (sid, to_number, from_number, status, started_at, body)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (sid) DO UPDATE SET"
                " status = excluded.status, started_at = excluded.started_at, body = excluded.body",
                (
                    call.sid,
                    call.request.to,
                    call.request.caller,
                    _status_shown(call.status),
                    _text(call.started_at),
                    json.dumps(asdict(call), default=datetime.isoformat),
                ),
            )
            self._insert_callbacks(callbacks)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

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
            "started_at >= ?": _text(wanted.started.begin),
            "started_at <= ?": _text(wanted.started.end),
            "body ->> 'ended_at' >= ?": _text(wanted.ended.begin),
            "body ->> 'ended_at' <= ?": _text(wanted.ended.end),
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
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.execute(
                "INSERT INTO recordings (sid, call_sid, created_at, seconds, media, media_type,"
                " transcription_sid, transcript) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    recording.sid,
                    recording.call_sid,
                    _text(recording.created_at),
                    recording.seconds,
                    recording.media,
                    recording.media_type,
                    recording.transcription_sid,
                    recording.transcript,
                ),
            )
            self._insert_callbacks(callbacks)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def recordings(
        self, *, call_sid: str = "", created: Span = Span(), page: int = 0, size: int = 50
    ) -> list[Recording]:
        """Return one page of recordings, newest first, and one more when there is a next page."""
        begin, end = _text(created.begin) or "", _text(created.end) or "9999"
        rows = self._db.execute(
            f"{_RECORDING} WHERE ? IN ('', call_sid) AND created_at BETWEEN ? AND ?"
            " ORDER BY row DESC LIMIT ? OFFSET ?",
            (call_sid, begin, end, size + 1, page * size),
        )
        return [_recording(row) for row in rows]

    def recording(self, sid: str) -> Recording | None:
        """Return a recording by its own identifier or by its transcription's."""
        row = self._db.execute(
            f"{_RECORDING} WHERE ? IN (sid, transcription_sid)", (sid,)
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

    def callback_failed(self, number: int, *, lost: bool) -> None:
        """Count one more try in vain; `lost` gives the callback up."""
        self._db.execute(
            "UPDATE callbacks SET tries = tries + 1, lost = ? WHERE id = ?", (lost, number)
        )

    def _insert_callbacks(self, callbacks: Sequence[Callback]) -> None:
        self._db.executemany(
            "INSERT INTO callbacks (call_sid, url, method, params, token) VALUES (?, ?, ?, ?, ?)",
            [(c.call_sid, c.url, c.method, json.dumps(dict(c.params)), c.token) for c in callbacks],
        )


_RECORDING = (
    "SELECT sid, call_sid, created_at, seconds, media, media_type, transcription_sid, transcript"
    " FROM recordings"
)


def _status_shown(status: Status) -> str:
    """Return the status in the words of the REST API, which has no `initiated`."""
    return Status.QUEUED if status is Status.INITIATED else status


def _text(at: datetime | None) -> str | None:
    """Return a time so that the order of texts is the order of times."""
    return None if at is None else at.isoformat(timespec="microseconds")


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _call(body: str) -> Call:
    value = json.loads(body)
    request = value.pop("request")
    for name in ("target", "fallback", "status_callback"):
        request[name] = None if request[name] is None else Target(**request[name])
    request["status_events"] = tuple(request["status_events"])
    for name in ("created_at", "updated_at", "started_at", "answered_at", "ended_at"):
        value[name] = _time(value[name])
    value["status"] = Status(value["status"])
    return Call(request=CallRequest(**request), **value)


def _recording(row: tuple[str, str, str, int, bytes, str, str, str | None]) -> Recording:
    sid, call_sid, created_at, seconds, media, media_type, transcription_sid, transcript = row
    return Recording(
        sid,
        call_sid,
        datetime.fromisoformat(created_at),
        seconds,
        media,
        media_type,
        transcription_sid,
        transcript,
    )
