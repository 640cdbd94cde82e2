"""Exchange, web process and database die in the middle of a round, as by a power cut."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import socketio

from evalsys.cli.demo_people import Operator
from evalsys.domain.live import events as e
from evalsys.errors import OutsideFailure
from evalsys.store import migrate
from evalsys.store.database import Database
from tests.builders import environment_of
from tests.conftest import POSTGRES
from tests.integration.live.test_bad_moments import calls_are_over
from tests.live_hall import Hall
from tests.living import until
from tests.own_postgres import OwnPostgres
from tests.processes import Process, evalsys, free_port, settings_on_port


@pytest.fixture
def own_postgres() -> Iterator[OwnPostgres]:
    if POSTGRES not in os.environ:
        pytest.skip(f"{POSTGRES} is not set: run ./scripts/test, which has PostgreSQL")
    # Its server's user may not enter the folders of tests.
    with TemporaryDirectory(prefix="evalsys-pg-") as name:
        Path(name).chmod(0o755)
        server = OwnPostgres(Path(name))
        yield server
        server.stop()


def answers(operator: Operator) -> bool:
    with suppress(OutsideFailure):
        return bool(operator.look())
    return False


def grown(hall: Hall) -> None:
    """Let the calls go on for a while."""
    before = hall.operator.look()["seq"]
    hall.wait(lambda view: bool(view["seq"] >= before + 4) or calls_are_over(view))


def nobody_is_asked_twice(records: list[e.Recorded]) -> bool:
    """Whether no household was called again once it had answered a question."""
    spoken_to: set[tuple[int, int]] = set()
    for one in records:
        if isinstance(one.event, e.HouseholdReplied):
            spoken_to.add((one.event.j, one.event.k))
        if isinstance(one.event, e.CallPlaced) and (one.event.j, one.event.k) in spoken_to:
            return False
    return bool(spoken_to)


def to_the_end(hall: Hall) -> None:
    """Finish the session: the calls in progress end, scores are released, the panel votes."""
    operator = hall.operator
    operator.do("stop_dialling")
    hall.wait(lambda view: bool(view["round"]["calls_end"]))
    hall.wait(lambda view: bool(view["round"]["released"]))
    for command in ("open_vote", "close_vote"):
        operator.do(command)
    operator.do("give_verdict", verdict="confirmed")
    operator.do("close")
    operator.do("seal")


def test_exchange_web_and_database_die_in_the_middle_of_a_round(
    own_postgres: OwnPostgres, tmp_path: Path
) -> None:
    database = Database(own_postgres.address)
    migrate.upgrade(database)
    settings = replace(
        settings_on_port(database, tmp_path, free_port()),
        telephony_url=f"http://127.0.0.1:{free_port()}",
    )
    hall, web_port = Hall(database, tmp_path, settings, speed=20, slots=1), str(free_port())
    screen, seen = socketio.Client(reconnection=False), [""]
    with ExitStack() as ends:
        for end in (database.close, hall.close, screen.disconnect):
            ends.callback(end)

        def start_web() -> Process:
            words = evalsys("web", "--port", web_port)
            process = Process(words, environment_of(settings), tmp_path / "web.log")
            ends.callback(process.stop)
            process.wait_for(f"http://127.0.0.1:{web_port}/login")
            return process

        hall.open()
        web = start_web()
        hall.until_calling()
        screen.on("view", lambda view: seen.append(view["phase"]))
        screen.connect(settings.public_url, transports=["websocket"])
        screen.call("subscribe", {"live": hall.operator.live, "audience": "public"})
        grown(hall)
        web.kill()
        assert hall.exchange is not None
        hall.exchange.kill()
        hall.start_exchange()
        start_web()
        until(lambda: any(isinstance(one.event, e.HouseholdReplied) for one in hall.events()))

        committed = hall.events()
        own_postgres.kill()
        with pytest.raises(OutsideFailure, match="自动重连"):
            hall.operator.do("stop_dialling")
        pictures = len(seen)
        own_postgres.start_again()
        until(lambda: answers(hall.operator))
        records = hall.events()
        assert records[: len(committed)] == committed, (
            "what was committed is there, the chain holds"
        )
        until(lambda: len(seen) > pictures)
        to_the_end(hall)
        assert nobody_is_asked_twice(hall.events())
        assert seen[-1] == "sealed", "the screen was told of everything that followed"
        for process in (hall.app, hall.tally):
            assert process is not None
            assert process.is_running, "it was never started again"
