"""What is derived from the records can be thrown away and comes back the same."""

from evalsys.domain.live.fold import replay
from evalsys.ids import LiveId
from evalsys.services.rebuild import rebuild
from evalsys.store import event_log, live_sessions
from evalsys.store.database import Database
from tests.builders import NOON
from tests.live_play import Play


def test_the_list_of_sessions_comes_back_from_the_records(database: Database) -> None:
    play = Play().until_calling()
    live = LiveId("b" * 32)
    with database.write() as db:
        events = [record.event for record in play.records]
        event_log.append(db, live, events, after=0, at=NOON, actor="操作员")
        live_sessions.save(db, live, replay(event_log.read(db, live)))
        before = live_sessions.every(db)
        live_sessions.clear(db)
    heard: list[tuple[LiveId, int]] = []
    rebuild(database, lambda found, events: heard.append((found, events)))
    with database.read() as db:
        assert live_sessions.every(db) == before
    assert heard == [(live, play.state.version)]
