"""`evalsys serve`: the live process, one gevent loop that all screens talk to."""

import os
import resource
import socket
import sys
from pathlib import Path
from typing import NoReturn

import click

from evalsys.errors import InvalidInput
from evalsys.settings import read_settings, refuse_tally_key

HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")


@click.command()
@HOST
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="监听端口 · port to listen on.",
)
@click.option("--migrate", "migrate_first", is_flag=True, help="Update the database first.")
@click.option(
    "--standby",
    is_flag=True,
    help="备用：等主机静默后再接管 · stand by, and lead when the leader has fallen silent.",
)
def command(host: str, port: int, *, migrate_first: bool, standby: bool) -> None:
    """启动服务 · serve pages, sockets and the carrier's webhooks until stopped.

    One process with gevent, configured by EVALSYS_* variables (docs/settings.md).
    Put nginx in front for https. Start `evalsys tally --watch` beside it: this process seals
    ballots and cannot open them. SIGTERM stops it gracefully; it may be killed at any time.

    Only one process leads: it takes over at once, and who led before can write nothing more and
    ends with exit code 3. With --standby it waits, warm and not listening, until the leader has
    given no sign of life for two seconds.
    """
    settings = read_settings(os.environ)
    _check_writable(settings.data_dir, "EVALSYS_DATA_DIR")
    _check_writable(settings.watch_dir, "EVALSYS_WATCH_DIR")
    more = ("migrate",) * migrate_first + ("standby",) * standby
    become("evalsys.wsgi", host, port, more=more)


def become(module: str, host: str, port: int, *, more: tuple[str, ...] = ()) -> NoReturn:
    """Check what costs nothing, then go on as the server `module` in a fresh interpreter."""
    refuse_tally_key(os.environ)
    read_settings(os.environ)
    _check_free(host, port)
    _allow_many_screens()
    # gevent must patch before anything of ours is loaded.
    os.execv(  # noqa: S606 - our own interpreter, no shell
        sys.executable, [sys.executable, "-m", module, host, str(port), *more]
    )


def _check_writable(folder: Path, setting: str) -> None:
    # What is not there yet is made later. A full disk is no reason: a show goes on without pages.
    there = next(each for each in (folder, *folder.parents) if os.path.exists(each))  # noqa: PTH110 - never fails
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK, effective_ids=True):
        return
    why = "没有写入权限" if there.is_dir() else "不是文件夹"
    raise InvalidInput(
        f"{folder} 不能写入，服务没有启动：{there} {why}。",
        remedy="请改它的属主和权限，或改这项设置。",
        place=setting,
    )


def _allow_many_screens() -> None:
    # Each open screen holds a file; the usual soft limit of 1,024 is less than a hall needs.
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise InvalidInput(
                f"不能监听 {host}:{port}：{error.strerror}。",
                remedy="换一个端口，或停掉占用它的程序。",
            ) from error
