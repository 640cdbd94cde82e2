"""nginx in front of an application of a test: the real program, our generated site, loopback."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evalsys.settings import Settings
from tests.builders import environment_of
from tests.processes import Process, evalsys, free_port

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
        made = subprocess.run(  # noqa: S603 - our own program
            evalsys(
                *("deploy", "nginx", "--app", app, "--listen", f"127.0.0.1:{port}"),
                *("--alone", str(folder), *user, *options),
            ),
            env=environment_of(settings),
            capture_output=True,
            text=True,
            check=True,
        )
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
