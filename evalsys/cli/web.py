"""`evalsys web`: what takes long, in a process of its own beside `evalsys serve`."""

import os

import click

from evalsys.cli.serve import HOST, become
from evalsys.errors import InvalidInput
from evalsys.settings import read_settings


@click.command()
@HOST
@click.option(
    "--port",
    default=8010,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="监听端口 · port to listen on.",
)
def command(host: str, port: int) -> None:
    """网页进程 · serve what takes long beside `evalsys serve`: uploads, exports, webhooks.

    The same pages on real threads, so that no screen waits for them. Let nginx pass them on:
    `evalsys deploy nginx --web`. Needs PostgreSQL; any number may run.
    """
    if read_settings(os.environ).database_url.startswith("sqlite"):
        raise InvalidInput(
            "SQLite 只容一个进程写入，不能另开网页进程。",
            remedy="请把 EVALSYS_DATABASE_URL 设为 PostgreSQL；一台机器上 evalsys serve 已够用。",
        )
    become("evalsys.wsgi_web", host, port)
