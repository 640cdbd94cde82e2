"""One process leads: whoever was put off, asleep or slow, writes nothing more."""

import os
import signal
import time
from pathlib import Path

import pytest
import requests
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError

from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.errors import NotLeading
from evalsys.ids import LiveId
from evalsys.services.access import Access
from evalsys.services.leadership import Leadership
from evalsys.services.live_session import LiveSessions
from evalsys.services.tally import Elsewhere
from evalsys.store import leadership
from evalsys.store.database import Database
from evalsys.store.notices import hint
from tests.builders import environment_of
from tests.live_hall import NAME, PASSWORD
from tests.living import until
from tests.processes import Process, evalsys, free_port, settings_on_port

LIVE = LiveId("a" * 32)


def beside(database: Database, name: str) -> Database:
    """Another process over the same database."""
    other = Database(database.engine.url.render_as_string(hide_password=False))
    other.name = name
    return other


def test_a_leader_that_was_put_off_changes_nothing_whatever_the_door(database: Database) -> None:
    old, new = beside(database, "old"), beside(database, "new")
    first, second = Leadership(old), Leadership(new)
    assert (first.take(), second.take()) == (1, 2)
    with pytest.raises(NotLeading, match="接管"):
        first.beat()
    with pytest.raises(NotLeading), LiveSessions(old, utc_now, Elsewhere()).step(LIVE, actor="x"):
        pytest.fail("the transaction was opened")
    with pytest.raises(NotLeading):
        old.write_together(hint)
    with pytest.raises(NotLeading):
        Access(old, utc_now).add(NAME, Role.OPERATOR, PASSWORD, actor="test")
    second.beat()
    with database.read() as db:
        seen = leadership.look(db)
    assert (seen.epoch, seen.leader, seen.beats) == (2, "new", 1)
    for each in (old, new):
        each.close()


@pytest.mark.on_postgresql
def test_a_leader_that_sleeps_inside_a_transaction_is_not_waited_for(database: Database) -> None:
    address = database.engine.url.render_as_string(hide_password=False)
    asleep, standby = Database(address), beside(database, "standby")
    Leadership(asleep).take()
    with asleep.write() as db:
        db.execute(text("UPDATE leadership SET beats = 77"))
        assert Leadership(standby).take() == 2
        with pytest.raises(DBAPIError):
            db.execute(text("SELECT 1"))
        db.rollback()
    with standby.read() as db:
        assert leadership.look(db).beats == 0
    with pytest.raises(NotLeading), asleep.write():
        pytest.fail("it may not write")
    for each in (asleep, standby):
        each.close()


@pytest.mark.on_sqlite
def test_a_standby_waits_while_a_sleeping_leader_holds_the_writer(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = beside(database, "old"), beside(database, "new")
    event.listen(new.engine, "begin", wait_for_no_lock, insert=True)
    Leadership(old).take()
    with old.write() as held:

        def sleep(_seconds: float) -> None:
            if "end old" in caplog.text:
                held.rollback()
            time.sleep(0.05)

        assert Leadership(new).stand_by(sleep) == 2
    assert "database is locked" in caplog.text
    with pytest.raises(NotLeading), old.write():
        pytest.fail("it may not write")
    for each in (old, new):
        each.close()


def wait_for_no_lock(connection: Connection) -> None:
    """As the database's timeout, only sooner."""
    connection.exec_driver_sql("PRAGMA busy_timeout=20")


def put_to_sleep(process: Process, database: Database) -> None:
    """Stop it between two of its transactions: in one it would hold SQLite's writer."""
    while True:
        os.kill(process.pid, signal.SIGSTOP)
        try:
            with database.write():
                return
        except DBAPIError:
            os.kill(process.pid, signal.SIGCONT)


@pytest.mark.on_sqlite
def test_a_standby_takes_over_from_a_leader_that_fell_silent(
    database: Database, tmp_path: Path
) -> None:
    Access(database, utc_now).add(NAME, Role.OPERATOR, PASSWORD, actor="test")
    first, second = (settings_on_port(database, tmp_path, free_port()) for _ in range(2))
    # The two have one public address, as behind a proxy.
    environment = environment_of(first)

    def serve(address: str, *options: str) -> Process:
        port = address.rpartition(":")[2]
        return Process(
            evalsys("serve", "--port", port, *options), environment, tmp_path / f"{port}.log"
        )

    leader = serve(first.public_url)
    leader.wait_for(f"{first.public_url}/login")
    standby = serve(second.public_url, "--standby")
    until(lambda: "监听" in standby.log.read_text())
    with pytest.raises(requests.ConnectionError):
        requests.get(second.public_url, timeout=5)
    try:
        put_to_sleep(leader, database)
        standby.wait_for(f"{second.public_url}/login")
        os.kill(leader.pid, signal.SIGCONT)
        assert leader.ended_with() == NotLeading.exit_code
        assert "另一台服务器已经接管" in leader.log.read_text()
        with database.read() as db:
            assert leadership.look(db).epoch == 2
    finally:
        leader.kill()
        standby.stop()
