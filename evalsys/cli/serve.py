"""`evalsys serve`: the live process, one gevent loop that all screens talk to."""

import os
import resource
import socket
import sqlite3
import sys
from typing import NoReturn

import click

from evalsys.cli.database import opened_database
from evalsys.errors import InvalidInput
from evalsys.settings import Settings, read_settings, refuse_tally_key
from evalsys.store import migrate
from evalsys.store.database import WAL_RACE_FIXED_IN, Database
from evalsys.telephony.carriers import leaves_country

HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")


@click.command()
@HOST
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
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
    become("evalsys.wsgi", host, port, migrate_first=migrate_first, more=("standby",) * standby)


def become(
    module: str, host: str, port: int, *, migrate_first: bool = False, more: tuple[str, ...] = ()
) -> NoReturn:
    """Check the installation, then go on as the server `module` in a fresh interpreter."""
    refuse_tally_key(os.environ)
    settings = read_settings(os.environ)
    _prepare(settings, migrate_first=migrate_first)
    _check_free(host, port)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"evalsys 监听 http://{shown}:{port} ，对外地址 {settings.public_url}")
    sys.stdout.flush()
    _allow_many_screens()
    # gevent must patch before anything of ours is loaded.
    os.execv(  # noqa: S606 - our own interpreter, no shell
        sys.executable, [sys.executable, "-m", module, host, str(port), *more]
    )


def _prepare(settings: Settings, *, migrate_first: bool) -> None:
    if migrate_first:
        database = Database(settings.database_url)
        migrate.upgrade(database)
        database.close()
    if abroad := leaves_country(settings):
        click.secho(
            f"注意：电话平台 {abroad} 不在境内，联系户的号码和语音会离开本国"
            "（个人信息保护法第三十六、三十八条）。"
            "平台确在境内时请设置 EVALSYS_TELEPHONY_COUNTRY=CN。",
            fg="yellow",
            err=True,
        )
    with opened_database(settings) as database:
        risky = database.is_sqlite and sqlite3.sqlite_version_info < WAL_RACE_FIXED_IN
    if risky:
        click.secho(
            f"注意：SQLite {sqlite3.sqlite_version} 有 WAL 复位缺陷（3.51.3 修复），"
            "请只运行一个会写数据库的进程；正式使用请改用 PostgreSQL。",
            fg="yellow",
            err=True,
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
