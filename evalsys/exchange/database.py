"""The exchange's file: one SQLite database, one connection, one thread.

A change and the callbacks that report it are written in one transaction, so that neither
survives a kill without the other. WAL with synchronous=NORMAL survives the death of the
process, which is what a local exchange promises; a power cut may take the last instants.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

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
  transcript TEXT,
  conference_sid TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT 'RecordVerb'
);
CREATE INDEX IF NOT EXISTS recordings_by_call ON recordings (call_sid);
CREATE INDEX IF NOT EXISTS recordings_by_words ON recordings (transcription_sid);
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
CREATE TABLE IF NOT EXISTS conferences (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  sid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS conferences_by_status ON conferences (status);
CREATE TABLE IF NOT EXISTS messages (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  sid TEXT NOT NULL UNIQUE,
  to_number TEXT NOT NULL,
  from_number TEXT NOT NULL,
  status TEXT NOT NULL,
  sent_at TEXT,
  body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_by_number ON messages (to_number);
CREATE INDEX IF NOT EXISTS messages_by_sender ON messages (from_number);
"""
_ADDED = {"recordings": {"conference_sid": "''", "source": "'RecordVerb'"}}
"""Columns that files of earlier versions lack, with what holds for their rows."""


@dataclass(frozen=True, slots=True)
class Callback:
    """One request that the application has to get; `token` stays the same over all tries.

    `call_sid` is the call, conference or message that it is about: each one's go in order.
    """

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


EVER = Span()


def open_database(path: Path) -> sqlite3.Connection:
    """Open the file at `path` and create what is missing in it."""
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
        db.execute(f"PRAGMA {pragma}")
    db.executescript(_SCHEMA)
    for table, columns in _ADDED.items():
        known = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
        for column in columns.keys() - known:
            db.execute(
                f"ALTER TABLE {table} ADD COLUMN {column} TEXT NOT NULL DEFAULT {columns[column]}"
            )
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Keep all that is written inside, or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def insert_callbacks(db: sqlite3.Connection, callbacks: Sequence[Callback]) -> None:
    """Owe callbacks, in the transaction that is open."""
    db.executemany(
        "INSERT INTO callbacks (call_sid, url, method, params, token) VALUES (?, ?, ?, ?, ?)",
        [(c.call_sid, c.url, c.method, json.dumps(dict(c.params)), c.token) for c in callbacks],
    )


def as_text(at: datetime | None) -> str | None:
    """Return a time so that the order of texts is the order of times."""
    return None if at is None else at.isoformat(timespec="microseconds")


def as_time(text: str | None) -> datetime | None:
    """Return a time kept as text."""
    return None if text is None else datetime.fromisoformat(text)
