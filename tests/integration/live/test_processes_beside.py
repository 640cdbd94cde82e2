"""Several programs over one database: each takes its share, and the screens hear of all."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import pytest
import requests
import socketio
from flask import Flask
from sqlalchemy import text

from evalsys.app import build_rooms
from evalsys.cli.demo_people import Operator
from evalsys.cli.nginx import HEAVY
from evalsys.domain.access import Role
from evalsys.ids import LiveId
from evalsys.services import show
from evalsys.services.access import in_turn
from evalsys.services.tally import Elsewhere
from evalsys.store import listening, notices
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from tests import warmed
from tests.accounts import accounts
from tests.builders import environment_of
from tests.live_hall import NAME, PASSWORD, PLAN
from tests.living import until
from tests.nginx_door import Door
from tests.processes import Process, evalsys, free_port, settings_on_port
from tests.roster_rows import fill_roster


class EnoughError(Exception):
    """Nobody need listen any longer."""


@pytest.fixture
def listener(database: Database) -> Iterator[tuple[Event, Callable[[], None]]]:
    """Give what is set at each hint, and what breaks the connection that brings them."""
    heard, over = Event(), Event()

    def sleep(_seconds: float) -> None:
        if over.is_set():
            raise EnoughError

    def listen() -> None:
        with suppress(EnoughError):
            listening.listen(database, heard.set, sleep)

    def cut() -> None:
        with database.write() as db:
            db.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND query LIKE 'LISTEN %'"
                )
            )

    thread = Thread(target=listen)
    thread.start()
    yield heard, cut
    over.set()
    while thread.is_alive():
        cut()
        thread.join(0.05)


@pytest.mark.on_postgresql
def test_a_step_wakes_the_other_processes_also_after_the_database_cut_them_off(
    database: Database, listener: tuple[Event, Callable[[], None]]
) -> None:
    heard, cut = listener
    assert heard.wait(10), "it looks once when it begins to listen"
    heard.clear()
    with database.read() as db:
        notices.hint(db)  # what is not committed is not told
    assert not heard.wait(0.2)
    with database.write() as db:
        notices.hint(db)
    assert heard.wait(10)
    heard.clear()
    cut()
    assert heard.wait(10), "it looks again for what it may have missed"


@pytest.mark.on_postgresql
def test_what_takes_long_has_a_process_of_its_own_behind_one_address(
    database: Database, nginx_door: Door, tmp_path: Path
) -> None:
    accounts(database).add(NAME, Role.OPERATOR, PASSWORD, actor="test")
    settings = settings_on_port(database, tmp_path, free_port())
    with database.write() as db:
        fill_roster(db, PhoneBox(settings.phone_key, settings.index_key), [5] * 3)
    live_port, web_port = settings.public_url.rpartition(":")[2], str(free_port())
    programs = [
        Process(evalsys(*words), environment_of(settings), tmp_path / f"{words[0]}.log")
        for words in (("serve", "--port", live_port), ("web", "--port", web_port))
    ]
    address = nginx_door(settings, "--web", f"127.0.0.1:{web_port}")
    try:
        programs[0].wait_for(f"{settings.public_url}/login")
        programs[1].wait_for(f"{address}/login")
        operator = Operator(address)
        operator.sign_in(NAME, PASSWORD)
        live = LiveId(operator.plan(**PLAN, slots=1))

        seen: list[str] = []
        screen = socketio.Client(reconnection=False)
        screen.on("view", lambda view: seen.append(view["phase"]))
        screen.connect(settings.public_url, transports=["websocket"])
        screen.call("subscribe", {"live": live, "audience": "public"})
        elsewhere = build_rooms(settings, Elsewhere(), aside=in_turn)
        elsewhere.show.freeze(show.Operator(live, "test", 1))
        until(lambda: "frozen" in seen)
        elsewhere.live._database.close()
        screen.disconnect()

        programs[0].kill()
        assert requests.get(f"{address}/login", timeout=10).status_code == 200
        assert requests.get(f"{address}/console/", timeout=10).status_code == 502
    finally:
        for program in programs:
            program.stop()


@pytest.mark.on_sqlite
def test_every_address_that_the_web_process_takes_exists(app: Flask) -> None:
    rules = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    assert set(HEAVY) <= rules
    assert {"console", "stage", "pad", "live", "watch", "static"}.isdisjoint(HEAVY)


@pytest.mark.on_sqlite
def test_beside_sqlite_there_is_no_second_process(database: Database, tmp_path: Path) -> None:
    settings = settings_on_port(database, tmp_path, free_port())
    ended = warmed.run(["evalsys", "web"], environment_of(settings))
    assert ended.returncode == 2
    assert re.search("SQLite 只容一个进程写入.*PostgreSQL", ended.stderr)
