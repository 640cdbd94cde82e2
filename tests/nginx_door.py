"""nginx in front of an application of a test: the real program, our generated site, loopback."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evalsys.settings import Settings
from tests import warmed
from tests.builders import environment_of
from tests.processes import Process, free_port

NGINX = "/usr/sbin/nginx"
Door = Callable[..., str]


@pytest.fixture
def nginx_door(tmp_path: Path) -> Iterator[Door]:
    """Open a door before an application: `nginx_door(settings)` gives its address.

    Further words are options of `evalsys deploy nginx`.
    """
    running: list[Process] = []

    def open_door(settings: Settings, *options: str) -> str:
        folder = tmp_path / "nginx"
        folder.mkdir()
        port = free_port()
        # The tests' folders are their user's own; without root the directive would be ignored.
        user = ("--user", "root") if os.geteuid() == 0 else ()
        _, _, app = settings.public_url.rpartition("/")
        words = ["evalsys", "deploy", "nginx", "--app", app, "--listen", f"127.0.0.1:{port}"]
        words += ["--alone", str(folder), *user, *options]
        made = warmed.run(words, environment_of(settings))
        assert made.returncode == 0, made.stderr
        (folder / "nginx.conf").write_text(made.stdout)
        door = Process(
            [NGINX, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")],
            {},
            folder / "log",
        )
        running.append(door)
        address = f"http://127.0.0.1:{port}"
        door.wait_for(f"{address}/static/evalsys.css")
        return address

    yield open_door
    for process in running:
        process.stop()
