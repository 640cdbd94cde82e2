"""`evalsys serve`: the real server over a real database."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.request import urlopen

import pytest
import requests
import socketio
from click.testing import CliRunner
from websocket import WebSocketBadStatusException, create_connection

from evalsys.cli import serve
from evalsys.domain.access import Role
from evalsys.errors import InvalidInput
from evalsys.store.database import Database
from tests import warmed
from tests.accounts import accounts
from tests.builders import environment_of
from tests.processes import Process, ServeApp, evalsys, free_port, settings_on_port

# Alike in both databases.

GOOD = "correct horse battery"
ENGINE = "/socket.io/?EIO=4&transport="


def test_a_login_works_until_it_is_revoked_and_its_socket_is_cut_off(
    database: Database, serve_app: ServeApp
) -> None:
    access = accounts(database)
    access.add("shenji", Role.AUDITOR, GOOD, actor="test")
    token = access.sign_in("shenji", GOOD, address="127.0.0.1")
    url = serve_app(database)
    cookies = {"evalsys_login": token}
    assert requests.get(f"{url}/audit", cookies=cookies, timeout=10).status_code == 200

    screen = socketio.Client(reconnection=False)
    screen.connect(url, headers={"Cookie": f"evalsys_login={token}"}, transports=["websocket"])
    access.disable("shenji", actor="test")
    assert requests.get(f"{url}/audit", cookies=cookies, timeout=10).status_code == 401
    deadline = time.monotonic() + 15
    while screen.connected and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not screen.connected
    screen.disconnect()


@pytest.mark.on_sqlite
def test_sockets_are_opened_from_our_own_pages_only(
    database: Database, serve_app: ServeApp
) -> None:
    url = serve_app(database)
    address = url.replace("http", "ws", 1) + ENGINE + "websocket"
    create_connection(address, origin=url, timeout=10).close()
    for elsewhere in ("http://evil.example", url.replace("127.0.0.1", "localhost"), "null"):
        with pytest.raises(WebSocketBadStatusException):
            create_connection(address, origin=elsewhere, timeout=10)
    assert requests.get(url + ENGINE + "polling", timeout=10).status_code == 400


@pytest.mark.on_sqlite
def test_small_answers_do_not_wait_for_the_network_to_collect_them(
    database: Database, serve_app: ServeApp
) -> None:
    url = serve_app(database)
    with requests.Session() as visitor:
        answers = [visitor.get(f"{url}/login", timeout=10).elapsed for _ in range(21)]
    assert min(answers).total_seconds() < 0.03  # a delayed acknowledgement takes 0.04


@pytest.mark.on_sqlite
def test_a_refusal_while_working_aside_leaves_nothing_in_the_server_s_log(
    database: Database, serve_app: ServeApp, tmp_path: Path
) -> None:
    url = serve_app(database)
    with requests.Session() as visitor:
        page = visitor.get(f"{url}/login", timeout=10).text
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found is not None
        form = {"name": "shenji", "password": "not the password", "csrf_token": found[1]}
        assert visitor.post(f"{url}/login", data=form, timeout=10).status_code == 401
    (log,) = tmp_path.glob("serve-*.log")
    assert "Traceback" not in log.read_text("utf-8")


def test_serving_refuses_a_database_that_is_not_current_and_says_what_to_do(
    tmp_path: Path,
) -> None:
    ended = _serve(Database(f"sqlite:///{tmp_path}/new.db"), tmp_path, free_port())
    assert ended.returncode == 2
    assert "evalsys migrate" in ended.stderr


@pytest.mark.parametrize(
    ("setting", "place", "why"),
    [
        ("EVALSYS_DATA_DIR", "locked", "没有写入权限"),
        ("EVALSYS_WATCH_DIR", "a_file", "不是文件夹"),
    ],
)
def test_serving_refuses_a_folder_that_it_could_not_write(
    tmp_path: Path, setting: str, place: str, why: str
) -> None:
    (tmp_path / "a_file").touch()
    (tmp_path / "locked").mkdir(mode=0o500)
    usual = settings_on_port(Database(f"sqlite:///{tmp_path}/new.db"), tmp_path, free_port())
    environment = environment_of(usual) | {setting: f"{tmp_path}/{place}/evalsys"}
    with _one_of_many() if place == "locked" else nullcontext():
        refusal = CliRunner().invoke(serve.command, env=environment).exception
    assert isinstance(refusal, InvalidInput)
    assert (refusal.place, refusal.exit_code) == (setting, 2)
    assert why in refusal.what
    assert refusal.remedy


@contextmanager
def _one_of_many() -> Iterator[None]:
    """Be nobody for a while, if we are root: it may write everywhere."""
    usual = os.geteuid()
    try:
        if usual == 0:
            os.seteuid(65534)
        yield
    finally:
        os.seteuid(usual)


def test_serving_can_bring_the_database_up_to_date_first(tmp_path: Path) -> None:
    port = free_port()
    settings = settings_on_port(Database(f"sqlite:///{tmp_path}/new.db"), tmp_path, port)
    process = Process(
        evalsys("serve", "--port", str(port), "--migrate"),
        environment_of(settings),
        tmp_path / "serve.log",
    )
    process.wait_for(f"{settings.public_url}/login")
    told = process.log.read_text("utf-8")
    assert f"http://127.0.0.1:{port}" in told
    process.stop()
    assert "Traceback" not in process.log.read_text("utf-8")


@pytest.mark.on_sqlite
def test_serving_refuses_a_port_that_is_taken(database: Database, serve_app: ServeApp) -> None:
    url = serve_app(database)
    with urlopen(f"{url}/login", timeout=10):  # noqa: S310 - a loopback address
        pass
    ended = _serve(database, Path(str(database.engine.url.database)).parent, _port(url))
    assert ended.returncode == 2
    assert "不能监听" in ended.stderr


def _serve(database: Database, folder: Path, port: int) -> subprocess.CompletedProcess[str]:
    settings = settings_on_port(database, folder, port)
    environment = {**environment_of(settings), "PATH": "/usr/bin:/bin"}
    return warmed.run(["evalsys", "serve", "--port", str(port)], environment)


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])
