"""Everybody at home: what nginx makes of the watch page's files, and what passes it."""

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread

from evalsys.cli.nginx import NginxSite, nginx_config, stand_alone
from evalsys.store.public_folder import PublicFolder
from scripts.benches.figure import Figure
from scripts.benches.live_fanout import free_port, wait_for

NGINX, WRK = "/usr/sbin/nginx", "/usr/bin/wrk"
LEAST_OF_PLAIN = 0.9
POLLING = 1000
_SECONDS = 3
_LIVE = "a" * 32
_PICTURE = b'{"seq":4711,"filling":"' + b"x" * 3000 + b'"}'

_PLAIN = """
  server {{
    listen 127.0.0.1:{port};
    sendfile on;
    tcp_nopush on;
    root {folder}/plain;
  }}
"""


@dataclass(frozen=True, slots=True)
class Nation:
    """nginx with our site, a plain file beside it, and an application that only counts."""

    watch: str
    plain: str
    asked: list[bytes]
    """What reached the application."""


def run(repeat: int) -> list[Figure]:
    """Ask nginx for both files in turn; then let a thousand connections poll."""
    if not (Path(NGINX).exists() and Path(WRK).exists()):
        return []
    ours, plains = [], []
    with TemporaryDirectory() as folder, _nation(Path(folder)) as nation:
        for _ in range(repeat):
            ours.append(_requests_a_second(nation.watch, 50))
            plains.append(_requests_a_second(nation.plain, 50))
        nation.asked.clear()
        polled = _requests_a_second(nation.watch, POLLING)
        reached = len(nation.asked)
    plain = median(plains)
    return [
        Figure(
            "live",
            "state.json from nginx",
            median(ours),
            "requests/s",
            "a plain static file",
            plain,
            target=plain * LEAST_OF_PLAIN,
            higher_is_better=True,
        ),
        Figure("live", f"state.json, {POLLING:,} connections", polled, "requests/s"),
        Figure(
            "live",
            f"application, {POLLING:,} connections ask",
            reached,
            "requests",
            target=0,
        ),
    ]


@contextmanager
def _nation(folder: Path) -> Iterator[Nation]:
    PublicFolder(folder / "watch").write(f"{_LIVE}/state.json", _PICTURE)
    (folder / "plain").mkdir()
    shutil.copy(folder / "watch" / _LIVE / "state.json", folder / "plain" / "state.json")
    folder.chmod(0o755)
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as application:
        Thread(target=_count, args=(application, asked), daemon=True).start()
        watch, plain = free_port(), free_port()
        site = NginxSite(
            name="_",
            listen=f"127.0.0.1:{watch}",
            app=f"127.0.0.1:{application.getsockname()[1]}",
            standby="",
            web="",
            static=folder / "plain",
            watch=folder / "watch",
            certificate=None,
            certificate_key=folder,
        )
        both = nginx_config(site) + _PLAIN.format(folder=folder, port=plain)
        user = "root" if Path(folder).owner() == "root" else ""
        (folder / "nginx.conf").write_text(stand_alone(both, folder, user), encoding="utf-8")
        process = subprocess.Popen(  # noqa: S603 - Debian's nginx with our own site
            [NGINX, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
        )
        try:
            wait_for(watch)
            yield Nation(
                f"http://127.0.0.1:{watch}/watch/{_LIVE}/state.json",
                f"http://127.0.0.1:{plain}/state.json",
                asked,
            )
        finally:
            process.terminate()
            process.wait()


def _count(application: socket.socket, asked: list[bytes]) -> None:
    while True:
        try:
            connection, _ = application.accept()
        except OSError:
            return  # the bench is over
        asked.append(connection.recv(4096))
        connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        connection.close()


def _requests_a_second(url: str, connections: int) -> float:
    """Let wrk ask as fast as it can; an answer that is not 200 makes the figure worthless."""
    ended = subprocess.run(  # noqa: S603 - Debian's wrk, our own address
        [WRK, "--threads", "1", "--connections", str(connections), f"--duration={_SECONDS}s", url],
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"Requests/sec:\s+([\d.]+)", ended.stdout)
    if found is None or "Non-2xx" in ended.stdout:
        raise RuntimeError(ended.stdout)
    return float(found[1])
