"""The real programs as processes of their own, as an installation runs them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from evalsys.settings import Settings
from evalsys.store.database import Database
from tests.builders import environment_of, some_settings
from tests.warmed import KINDS, Forked

START_WITHIN_S = 60
STOP_WITHIN_S = 15
NO_LINE = "http://127.0.0.1:1"
"""Where no exchange ever answers, whatever else runs on this machine."""

ServeApp = Callable[[Database], str]


def _ports() -> Iterator[int]:
    """Walk over this worker's own ports, below those that the system gives to connections."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first, start = 12_000 + worker % 8 * 2_500, os.getpid() * 7
    yield from (first + (start + i) % 2_500 for i in count())


_PORTS = _ports()


def free_port() -> int:
    """A loopback port that nobody listens on now, and that nobody else will be given."""
    for port in _PORTS:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError  # the walk has no end


class Process:
    """One program that a test started; only this one is ever stopped, by its pid."""

    def __init__(self, arguments: list[str], environment: dict[str, str], log: Path) -> None:
        self.log = log
        self._child = _started(arguments, {**os.environ, **environment}, log)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def is_running(self) -> bool:
        return self._child.poll() is None

    def wait_for(self, url: str) -> None:
        """Return when `url` answers; fail with the program's own words when it does not."""
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline and self._child.poll() is None:
            try:
                with urlopen(url, timeout=5):  # noqa: S310 - a loopback address
                    return
            except (URLError, TimeoutError, ConnectionError):
                time.sleep(0.1)
        pytest.fail(f"{url} did not answer:\n{self.log.read_text(errors='replace')[-4000:]}")

    def ended_with(self) -> int:
        """Wait until it ends by itself, and give its exit code."""
        return self._child.wait(START_WITHIN_S)

    def kill(self) -> None:
        """Kill it as a power cut would: no goodbye."""
        self._child.send_signal(signal.SIGKILL)
        self._child.wait()

    def stop(self) -> None:
        """Ask it to end, and insist after a while; harmless when it has ended."""
        self._child.terminate()
        try:
            self._child.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()


def _started(
    arguments: list[str], environment: dict[str, str], log: Path
) -> "Forked | subprocess.Popen[bytes]":
    log.touch()  # whoever reads it at once finds it
    python, _, module, *_ = (*arguments, "", "")
    if python == sys.executable and module in KINDS:
        return Forked(arguments[2:], environment, log.parent, log)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own program, no shell
            arguments,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
        )


def evalsys(*arguments: str) -> list[str]:
    """The command line of `evalsys ...` in this environment."""
    return [sys.executable, "-m", "evalsys", *arguments]


def server(port: str | int) -> list[str]:
    """The command line of what `evalsys serve` becomes once it has looked at the installation."""
    return [sys.executable, "-m", "evalsys.wsgi", "127.0.0.1", str(port)]


def settings_on_port(database: Database, data_dir: Path, port: int) -> Settings:
    """Settings of an installation that is reached at `port` of this machine, and has no line."""
    address = database.engine.url.render_as_string(hide_password=False)
    settings = some_settings(address, data_dir, public_url=f"http://127.0.0.1:{port}")
    return replace(settings, telephony_url=NO_LINE)


@pytest.fixture
def serve_app(tmp_path: Path) -> Iterator[ServeApp]:
    """Run the server over a database: `serve_app(database)` gives its address."""
    running: list[Process] = []

    def serve(database: Database) -> str:
        port = free_port()
        settings = settings_on_port(database, tmp_path, port)
        process = Process(
            server(port),
            environment_of(settings),
            tmp_path / f"serve-{port}.log",
        )
        running.append(process)
        process.wait_for(settings.public_url)
        return settings.public_url

    yield serve
    for process in running:
        process.stop()
