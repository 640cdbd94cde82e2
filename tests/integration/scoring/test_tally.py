"""The tally as a process of its own: it opens closed rounds, once, and the application cannot."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evalsys.domain.live import events as e
from evalsys.domain.live.words import Presence, Verdict
from evalsys.domain.scoring import Band
from evalsys.errors import InvalidInput, NotFound, WrongPhase
from evalsys.settings import refuse_tally_key
from evalsys.store import event_log
from evalsys.store.ballot_box import BoxKey
from evalsys.store.database import Database
from tests import warmed
from tests.builders import TALLY_KEY, environment_of
from tests.calling import Carrier, Hall, callers, fill_county, on_the_wire
from tests.processes import Process, evalsys

# Alike in both databases.

_PRIVATE = {"EVALSYS_TALLY_KEY": TALLY_KEY.hex()}


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def hall(database: Database, tmp_path: Path, carrier: Carrier) -> Iterator[Hall]:
    """Give a hall whose three households of the first round have scored 3, 4 and 5."""
    with on_the_wire(carrier.answer) as url:
        built = Hall(database, tmp_path, telephony_url=url)
        fill_county(database, built.settings)
        built.open_calls(parallel=3, target=3, slots=2)
        built.tick()
        yield built
        built.close()


def answer(hall: Hall, carrier: Carrier, scores: str = "345") -> None:
    """Let every household that is called answer, and close the calls."""
    for caller, score in zip(callers(hall, carrier).values(), scores, strict=True):
        caller.pick_up()
        caller.press_all("1111" + score)
        caller.hang_up()


def run(hall: Hall, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `evalsys tally` to its end."""
    its_own = {**environment_of(hall.settings), **environment, "PATH": "/usr/bin:/bin"}
    return warmed.run(["evalsys", "tally", *arguments], its_own)


def releases(hall: Hall) -> list[e.ScoresReleased]:
    with hall.database.read() as db:
        events = [record.event for record in event_log.read(db, hall.live)]
    return [event for event in events if isinstance(event, e.ScoresReleased)]


def test_an_open_round_stays_sealed(hall: Hall, carrier: Carrier) -> None:
    with pytest.raises(WrongPhase, match="还没有结束"):
        hall.tally.open_round(hall.live, 1)
    with pytest.raises(NotFound):
        hall.tally.open_round(hall.live, 2)
    answer(hall, carrier)
    assert hall.tally.open_round(hall.live, 1).n == 3


def test_a_round_is_opened_once_whoever_asks(hall: Hall, carrier: Carrier) -> None:
    answer(hall, carrier)
    assert hall.tally.due() == ((hall.live, 1),)
    first = hall.tally.open_round(hall.live, 1)
    assert first.band is Band.TOO_FEW
    assert hall.tally.open_round(hall.live, 1) == first
    assert hall.tally.due() == ()
    assert len(releases(hall)) == 1


def test_the_show_goes_on_while_the_tally_is_away_and_the_scores_come_later(
    hall: Hall, carrier: Carrier
) -> None:
    answer(hall, carrier)
    show = hall.rooms.show
    show.open_vote(hall.operator)
    before = hall.operator
    hall.tally.open_round(hall.live, 1)
    show.close_vote(before)  # the release is no step of the show: nothing went stale
    assert hall.round.released is not None


def test_a_round_that_ended_before_the_tally_came_is_opened_after_the_next_draw(
    hall: Hall, carrier: Carrier
) -> None:
    answer(hall, carrier)
    show = hall.rooms.show
    show.open_vote(hall.operator)
    show.close_vote(hall.operator)
    show.give_verdict(hall.operator, Verdict.CONFIRMED)
    hall.rooms.ceremony.draw_next(hall.operator)
    show.record_presence(hall.operator, Presence.ABSENT)
    assert hall.tally.look() == ""
    first, second = hall.state.rounds
    assert first.released is not None
    assert second.released is None


@pytest.mark.on_sqlite
def test_the_command_tells_what_may_be_known_and_refuses_what_may_not(
    hall: Hall, carrier: Carrier
) -> None:
    name = f"{hall.live}/1"
    refused = run(hall, name, **_PRIVATE)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "wrong_phase" in refused.stderr
    answer(hall, carrier)
    told = run(hall, name, "--json", **_PRIVATE)
    found = {"live": hall.live, "j": 1, "answered": 3, "band": "too_few", "mean_tenths": None}
    assert json.loads(told.stdout) == found
    assert "答复不足" in run(hall, name, **_PRIVATE).stdout
    for bad in ("", "1", f"{hall.live}/x", f"{hall.live}/999", "x/1"):
        assert run(hall, bad, **_PRIVATE).returncode == 2, bad
    assert len(releases(hall)) == 1


@pytest.mark.on_sqlite
def test_the_command_needs_the_other_half_of_the_key_that_seals(hall: Hall) -> None:
    missing = run(hall, f"{hall.live}/1")
    assert missing.returncode == 2
    assert "EVALSYS_TALLY_KEY" in missing.stderr
    strange = run(hall, f"{hall.live}/1", EVALSYS_TALLY_KEY="11" * 32)
    assert strange.returncode == 2
    assert "不是一对" in strange.stderr
    assert "11" * 32 not in strange.stderr


@pytest.mark.on_sqlite
def test_a_new_pair_fits(hall: Hall) -> None:
    lines = run(hall, "--new-key").stdout.split()
    pair = dict(line.split("=") for line in lines)
    private = bytes.fromhex(pair["EVALSYS_TALLY_KEY"])
    assert pair["EVALSYS_TALLY_PUBLIC_KEY"] == BoxKey(private).public.hex()
    shown = run(hall, "--public-key", EVALSYS_TALLY_KEY=private.hex()).stdout.strip()
    assert shown == pair["EVALSYS_TALLY_PUBLIC_KEY"]


def test_the_watch_opens_a_round_by_itself_and_comes_back_after_a_kill(
    hall: Hall, carrier: Carrier, tmp_path: Path
) -> None:
    def watching() -> Process:
        environment = environment_of(hall.settings) | _PRIVATE
        return Process(evalsys("tally", "--watch"), environment, tmp_path / "tally.log")

    assert hall.rooms.score.tally_trouble() == "starting"
    first = watching()
    _until(lambda: hall.rooms.score.tally_trouble() == "", "a sign of life")
    first.kill()
    answer(hall, carrier)
    again = watching()
    _until(lambda: hall.round.released is not None, "the release")
    again.stop()
    assert len(releases(hall)) == 1


def test_the_console_learns_of_a_tally_with_another_key(hall: Hall) -> None:
    other = BoxKey(bytes(range(9, 41)))
    stranger = Hall(hall.database, hall.settings.data_dir, telephony_url="http://127.0.0.1:1")
    settings = replace(hall.settings, tally_public_key=other.public)
    environment = environment_of(settings) | {"EVALSYS_TALLY_KEY": bytes(range(9, 41)).hex()}
    process = Process(
        evalsys("tally", "--watch"), environment, hall.settings.data_dir / "stranger.log"
    )
    _until(lambda: stranger.rooms.score.tally_trouble() == "wrong_key", "the wrong key")
    process.stop()
    stranger.close()


@pytest.mark.on_sqlite
def test_the_application_does_not_start_with_the_private_half(hall: Hall) -> None:
    with pytest.raises(InvalidInput, match="EVALSYS_TALLY_KEY"):
        refuse_tally_key(_PRIVATE)
    environment = {**environment_of(hall.settings), **_PRIVATE, "PATH": "/usr/bin:/bin"}
    ended = warmed.run(["evalsys", "serve"], environment)
    assert ended.returncode == 2
    assert "计票" in ended.stderr


def _until(what: Callable[[], bool], name: str) -> None:
    deadline = time.monotonic() + 30
    while not what():
        assert time.monotonic() < deadline, name
        time.sleep(0.1)
