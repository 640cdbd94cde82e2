"""The whole telephone, end to end: app, local exchange and scripted households over real HTTP."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evalsys.domain.live.words import CallsEnd, CallStatus
from evalsys.domain.manifest import FinalCode
from evalsys.store.database import Database
from tests.builders import environment_of
from tests.calling import CADRES, HOUSEHOLDS, Hall, fill_county, truth_of
from tests.exchange_process import Exchange
from tests.living import Live, calls_of, everybody, grown, until
from tests.processes import Process, free_port, server
from tests.roster_rows import code_of

# Alike in both databases.


def test_households_are_called_in_order_and_what_they_know_comes_to_light(live: Live) -> None:
    unvisited, stranger, dead = 1, 2, 3
    truth = [
        truth_of(i, h, visited=h != unvisited, linked=h != stranger, score=5 - (h == unvisited))
        for i in range(CADRES)
        for h in range(HOUSEHOLDS)
        if h != dead
    ]
    hall, _ = live(truth)
    hall.open_calls(parallel=3, target=6)
    until(lambda: hall.round.calls_end is not None)
    assert hall.round.calls_end is CallsEnd.LIST_EXHAUSTED
    i = int(hall.round.cadre) - 1
    ends = {}
    for k, position in hall.round.positions.items():
        h = next(h for h in range(HOUSEHOLDS) if code_of(i, h) == hall.code(k))
        ends[h] = position.final
        if position.final is FinalCode.COMPLETED:
            assert position.replies["visited"].reply == ("no" if h == unvisited else "yes")
            assert position.contradicts == (h == unvisited)
            assert position.replies["solved"].reply == "yes"
    assert ends[stranger] is FinalCode.NOT_LINKED
    assert ends[dead] is FinalCode.INVALID_NUMBER
    answered = sum(end is FinalCode.COMPLETED for end in ends.values())
    assert answered >= 2
    assert calls_of(hall.settings).most_common(1)[0][1] <= 2
    assert list(hall.round.positions) == list(hall.round.order)
    assert hall.round.comments == answered


@pytest.mark.on_sqlite
def test_an_exchange_that_dies_and_comes_back_ends_no_session(live: Live) -> None:
    hall, exchange = live(everybody())
    hall.open_calls(parallel=2, target=6)
    until(lambda: any(p.replies for p in hall.round.positions.values()))
    exchange.kill()
    until(lambda: bool(hall.rooms.dialler.line_problem), 20)
    exchange.start(hall.settings)
    until(lambda: hall.round.calls_end is not None)
    assert hall.rooms.dialler.line_problem == ""
    assert hall.round.in_flight == 0
    assert all(position.final for position in hall.round.positions.values())
    assert hall.round.completed >= 2


@pytest.fixture
def programs(database: Database, tmp_path: Path) -> Iterator[tuple[Hall, Callable[[], Process]]]:
    """Give a hall that only looks on, and how to start the server over its database."""
    exchange, port = Exchange(tmp_path, everybody(), speed=40), free_port()
    public_url = f"http://127.0.0.1:{port}"
    hall = Hall(database, tmp_path, telephony_url=exchange.url, public_url=public_url)
    fill_county(database, hall.settings)
    exchange.start(hall.settings)
    running: list[Process] = []

    def start() -> Process:
        environment = environment_of(hall.settings)
        process = Process(server(port), environment, tmp_path / "serve.log")
        running.append(process)
        process.wait_for(public_url)
        return process

    yield hall, start
    for process in running:
        process.stop()
    exchange.stop()
    hall.close()


@pytest.mark.on_sqlite  # on PostgreSQL the whole evening is killed: `live/test_bad_moments.py`
def test_the_app_killed_in_the_middle_of_interviews_goes_on_where_it_was(
    programs: tuple[Hall, Callable[[], Process]],
) -> None:
    hall, start = programs
    app = start()
    hall.open_calls(parallel=2, target=6)
    for _ in range(2):
        until(grown(hall, hall.state.version + 6))
        app.kill()
        app = start()
    until(lambda: hall.round.calls_end is not None, 120)
    assert hall.round.in_flight == 0
    assert sorted(hall.round.positions) == sorted(hall.round.order)
    attempts = [a for position in hall.round.positions.values() for a in position.attempts]
    rang = sum(attempt.status is not CallStatus.VOID for attempt in attempts)
    assert sum(calls_of(hall.settings).values()) == rang
    for position in hall.round.positions.values():
        assert position.final is not None
        assert position.counted <= 2
