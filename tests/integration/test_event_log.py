"""The event log: appended in order, chained, and closed to every later change."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from evalsys.domain.live import events as e
from evalsys.domain.live.fold import replay
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import Presence
from evalsys.errors import StaleState, Tampered
from evalsys.ids import LiveId
from evalsys.store import event_log
from evalsys.store.database import Database
from tests.builders import NOON
from tests.live_play import Play, a_plan

LIVE = LiveId("a" * 32)


def keep(database: Database, events: list[e.Event], *, after: int = 0) -> None:
    with database.write() as db:
        event_log.lock(db, LIVE)
        event_log.append(db, LIVE, events, after=after, at=NOON, actor="操作员")


def state(database: Database) -> LiveState:
    with database.read() as db:
        return replay(event_log.read(db, LIVE))


def test_a_whole_session_comes_back_as_it_was_recorded(database: Database) -> None:
    play = Play().until_seeded()
    play.play_round()
    keep(database, [record.event for record in play.records])
    with database.read() as db:
        found = list(event_log.read(db, LIVE))
    assert [record.event for record in found] == [record.event for record in play.records]
    assert state(database).rounds[0].verdict == play.round.verdict


def test_reading_goes_on_from_any_number(database: Database) -> None:
    keep(database, [e.SessionPlanned(a_plan()), e.PresenceRecorded(1, Presence.ABSENT)])
    with database.read() as db:
        assert [record.seq for record in event_log.read(db, LIVE, after=1)] == [2]


def test_whoever_comes_second_is_told_so_and_nothing_of_theirs_is_kept(database: Database) -> None:
    keep(database, [e.SessionPlanned(a_plan())])
    keep(database, [e.VoteOpened(1)], after=1)
    with pytest.raises(StaleState):
        keep(database, [e.DiallingStopped(1), e.VoteOpened(1)], after=1)
    with database.read() as db:
        assert event_log.head(db, LIVE)[0] == 2


def test_forty_writers_lose_nothing_and_number_without_gaps(database: Database) -> None:
    keep(database, [e.SessionPlanned(a_plan())])

    def write(_: int) -> None:
        with database.write() as db:
            event_log.lock(db, LIVE)
            after, _hash = event_log.head(db, LIVE)
            event_log.append(db, LIVE, [e.CommentLeft(1)], after=after, at=NOON, actor="x")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with database.read() as db:
        assert [record.seq for record in event_log.read(db, LIVE)] == list(range(1, 42))


@pytest.mark.parametrize(
    "statement", ["UPDATE live_events SET actor = 'x'", "DELETE FROM live_events"]
)
def test_the_database_itself_refuses_changes(database: Database, statement: str) -> None:
    keep(database, [e.SessionPlanned(a_plan())])
    with pytest.raises(DatabaseError), database.write() as db:
        db.execute(text(statement))


@pytest.mark.parametrize(
    "change",
    ["kind = 'vote_opened'", "body = '{}'", "actor = 'x'", "prev_hash = 'x'", "hash = 'x'"],
)
def test_a_row_changed_behind_the_triggers_is_noticed(database: Database, change: str) -> None:
    keep(database, [e.SessionPlanned(a_plan()), e.CommentLeft(1), e.CommentLeft(1)])
    _without_triggers(database, f"UPDATE live_events SET {change} WHERE seq = 2")  # noqa: S608 - ours
    with pytest.raises(Tampered, match="第 2 条"):
        state(database)


def test_a_row_removed_from_the_middle_is_noticed(database: Database) -> None:
    keep(database, [e.SessionPlanned(a_plan()), e.CommentLeft(1), e.CommentLeft(1)])
    _without_triggers(database, "DELETE FROM live_events WHERE seq = 2")
    with pytest.raises(Tampered):
        state(database)


def _without_triggers(database: Database, statement: str) -> None:
    with database.write() as db:
        if database.is_sqlite:
            names = db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            for name in names:
                db.execute(text(f'DROP TRIGGER "{name}"'))
        else:
            db.execute(text("ALTER TABLE live_events DISABLE TRIGGER USER"))
        db.execute(text(statement))
