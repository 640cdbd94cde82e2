"""Replay of a 100,000-event log: read, check every hash, decode, fold."""

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from evalsys.domain.live import events as e
from evalsys.domain.live.fold import replay
from evalsys.domain.live.words import (
    CallsEnd,
    CallStatus,
    DiceSource,
    Presence,
    Reply,
    Verdict,
)
from evalsys.domain.manifest import FinalCode
from evalsys.domain.scoring import Band
from evalsys.ids import AttemptId, CadreNumber, LiveId, Stratum
from evalsys.store import event_log, migrate
from evalsys.store.database import Database
from scripts.benches.figure import Figure, in_turn

EVENTS = 100_000
HOUSEHOLDS = 30
LIVE = LiveId("0" * 32)
START = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)


def run(repeat: int) -> list[Figure]:
    """Time our replay from SQLite beside a bare loop over the same rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.db"
        database = Database(f"sqlite:///{path}")
        migrate.upgrade(database)
        with database.write() as db:
            event_log.append(db, LIVE, tuple(_events()), after=0, at=START, actor="bench")

        def ours() -> None:
            with database.read() as db:
                state = replay(event_log.read(db, LIVE))
            if state.version != EVENTS:
                message = f"replayed {state.version} events of {EVENTS}"
                raise RuntimeError(message)

        seconds, floor = in_turn(repeat, ours, lambda: _bare_loop(path))
        database.close()
    return [
        Figure(
            "session",
            f"replay of {EVENTS:,} events",
            seconds,
            "s",
            peer="bare sqlite3 + sha256 + json",
            peer_value=floor,
        )
    ]


def _bare_loop(path: Path) -> None:
    """Do the least that a chained JSON log asks for: no types, no fold, no checks of order."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT prev_hash, live, seq, at, actor, kind, body, hash FROM live_events ORDER BY seq"
    )
    for *fields, _hash in rows:
        hashlib.sha256("\n".join(map(str, fields)).encode()).hexdigest()
        json.loads(fields[-1])
    connection.close()


def _events() -> Iterator[e.Event]:
    """Exactly EVENTS events of one long session whose every household answers."""
    yield e.SessionPlanned(e.Plan("", True, "uniform", EVENTS, HOUSEHOLDS, 2, 90, 3))  # noqa: FBT003 - a rehearsal
    yield e.RosterFrozen("0" * 64, "0" * 64, EVENTS, EVENTS * HOUSEHOLDS)
    yield e.ManifestPublished("0" * 64, "{}", (Stratum("T01"),))
    yield e.CeremonyOpened(rehearsal=True)
    yield e.MasterDiceRolled("0" * 24, DiceSource.REHEARSAL, "0" * 64)
    left = EVENTS - 5
    for j in count(1):
        for event in _round(j):
            yield event
            left -= 1
            if not left:
                return


def _round(j: int) -> Iterator[e.Event]:
    cadre = CadreNumber(f"{j:08}")
    yield e.SlotDiceRolled(j, "0" * 12, DiceSource.REHEARSAL, "0" * 64)
    yield e.CadreDrawn(j, Stratum("T01"), cadre, "0" * 64, (), EVENTS)
    yield e.PresenceRecorded(j, Presence.IN_PERSON)
    yield e.HouseholdOrderSet(j, cadre, tuple(range(1, HOUSEHOLDS + 1)))
    for k in range(1, HOUSEHOLDS + 1):
        yield from _household(j, k)
    yield e.CallsClosed(j, CallsEnd.TARGET_REACHED)
    yield e.ScoresReleased(j, HOUSEHOLDS, 43, Band.MEAN)
    yield e.VoteOpened(j)
    yield e.VoteTallied(j, 20, 5, 5, 30)
    yield e.VerdictGiven(j, Verdict.NOT_DONE)
    yield e.PledgeMade(j, "修好村东的路", (START + timedelta(days=30)).date().isoformat(), "张三")


def _household(j: int, k: int) -> Iterator[e.Event]:
    attempt = AttemptId(f"{j:016x}{k:016x}")
    yield e.PositionOpened(j, k)
    yield e.CallPlaced(j, k, 1, attempt)
    yield e.CallProgressed(j, k, attempt, CallStatus.RINGING)
    yield e.CallProgressed(j, k, attempt, CallStatus.IN_PROGRESS)
    for question in ("consent", "visited", "solved"):
        yield e.HouseholdReplied(j, k, question, Reply.YES, claimed=True)
    yield e.ScoreCommitted(j, k, "0" * 64)
    yield e.CommentLeft(j)
    yield e.CallEnded(j, k, 1, attempt, f"CA{attempt}", CallStatus.COMPLETED, 4, 61)
    yield e.PositionFinished(j, k, FinalCode.COMPLETED)
