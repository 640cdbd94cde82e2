"""The demo's programs: secrets that only their owner reads, children that come back."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from evalsys.cli.demo_children import MOST_BRIEF, Child, Children, free_port
from evalsys.cli.demo_house import County, House
from evalsys.domain.access import Role
from evalsys.errors import OutsideFailure
from evalsys.settings import read_settings
from evalsys.store import migrate
from tests.processes import free_port as a_free_port

SMALL = County(cadres=20, households=600, seed=1)


def a_house(folder: Path, *, port: int = 8000) -> House:
    return House(folder, SMALL, port=port, exchange_port=8001)


def a_web_server(port: int, log: Path) -> Child:
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]
    url = f"http://127.0.0.1:{port}"
    return Child("web server", command, os.environ, answers_at=url, log=log)


@contextmanager
def watched(children: Children) -> Iterator[None]:
    """Watch over the children beside the test; the watcher ends with the test process."""
    threading.Thread(target=children.watch, daemon=True).start()
    yield


def test_secrets_are_drawn_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first = a_house(tmp_path).environment()
    file = tmp_path / "secrets.env"
    assert file.stat().st_mode & 0o777 == 0o600
    assert a_house(tmp_path).environment() == first


def test_a_secret_that_an_older_demo_did_not_have_is_drawn_and_the_others_stay(
    tmp_path: Path,
) -> None:
    first = a_house(tmp_path).environment()
    file = tmp_path / "secrets.env"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "HEAD_KEY" not in line))
    second = a_house(tmp_path).environment()
    assert {name for name in first if first[name] != second[name]} == {"EVALSYS_HEAD_KEY"}
    assert a_house(tmp_path).environment() == second


def test_the_house_makes_settings_that_the_application_accepts(tmp_path: Path) -> None:
    settings = read_settings(a_house(tmp_path, port=8123).environment())
    assert settings.public_url == "http://127.0.0.1:8123"
    assert settings.data_dir == tmp_path


def test_a_year_that_was_cut_off_is_told_and_not_begun_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = a_house(tmp_path)
    with pytest.raises(OperationalError):  # there is no county yet
        house.live_a_year()
    house.live_a_year()
    assert "cut off" in capsys.readouterr().out


def test_each_start_gives_everybody_who_signs_in_a_fresh_password(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    database = house.database()
    migrate.upgrade(database)
    database.close()
    first, second = house.admit(), house.admit()
    assert set(first) == set(second) == set(Role) - {Role.PANEL}
    for role, (name, password) in first.items():
        assert second[role][0] == name
        assert second[role][1] != password


def test_a_port_that_is_taken_is_not_offered(tmp_path: Path) -> None:
    port = a_free_port()
    with Children() as children:
        children.start(a_web_server(port, tmp_path / "log"))
        assert free_port(port) != port


def test_a_program_that_dies_is_started_again_and_all_stop_at_the_end(tmp_path: Path) -> None:
    port = a_free_port()
    child = a_web_server(port, tmp_path / "log")
    with Children() as children:
        children.start(child)
        first = child.pid
        assert first is not None
        with watched(children):
            os.kill(first, signal.SIGKILL)
            deadline = time.monotonic() + 20
            while child.pid == first and time.monotonic() < deadline:
                time.sleep(0.1)
            child.wait_until_it_answers()
        assert child.pid != first
    assert free_port(port) == port


def test_a_program_that_does_not_start_is_told_with_the_place_of_its_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    port = a_free_port()
    broken = [sys.executable, "-c", "raise SystemExit(3)"]
    url, log = f"http://127.0.0.1:{port}", tmp_path / "log"
    child = Child("broken", broken, os.environ, answers_at=url, log=log)
    with Children() as children, pytest.raises(OutsideFailure, match=str(log)):
        children.start(child)
    for _ in range(MOST_BRIEF + 2):
        child.start_again()
        with pytest.raises(OutsideFailure):
            child.wait_until_it_answers()
    said = capsys.readouterr().out
    assert said.count("restarted") == MOST_BRIEF - 1
    assert said.count(str(log)) == said.count("keeps ending") == 1
