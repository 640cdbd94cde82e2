"""What a server does before it serves: look at the installation, and say what is risky.

The server does it itself, after it was loaded: a program that only looked first would load the
database's libraries a second time, and after a kill each tenth of a second is a dark screen.
"""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from evalsys.errors import EvalsysError
from evalsys.say import say, say_error
from evalsys.settings import Settings, read_settings, refuse_tally_key
from evalsys.store import schema_version
from evalsys.store.database import WAL_RACE_FIXED_IN, Database
from evalsys.store.faults import refusal_of
from evalsys.telephony.carriers import leaves_country


def prepared(*, migrate_first: bool = False) -> Settings:
    """Read the settings and look at what they name; with `migrate_first` update the database.

    Raises:
        InvalidInput: a setting is wrong, or the database has another version's schema.
        OutsideFailure: the database does not answer.
    """
    refuse_tally_key(os.environ)
    settings = read_settings(os.environ)
    database = Database(settings.database_url)
    try:
        if migrate_first and not schema_version.is_current(database):
            _migrate()
        schema_version.check_current(database)
        is_sqlite = database.is_sqlite
    finally:
        database.close()
    _warn(settings, is_sqlite=is_sqlite)
    return settings


def in_words(serve: Callable[[], object]) -> None:
    """Serve until stopped; an error that a person can act on is one line and an exit code."""
    try:
        serve()
    except (EvalsysError, DBAPIError) as error:
        refusal = error if isinstance(error, EvalsysError) else refusal_of(error)
        if refusal is None:
            raise
        say_error(refusal)
        sys.exit(refusal.exit_code)


def say_listening(host: str, port: int, settings: Settings) -> None:
    """Say at which address, and for whom."""
    shown = f"[{host}]" if ":" in host else host
    say(f"evalsys 监听 http://{shown}:{port} ，对外地址 {settings.public_url}")


def _migrate() -> None:
    """Update the database in a process of its own: its libraries are of no use afterwards."""
    ended = subprocess.run([sys.executable, "-m", "evalsys", "migrate"], check=False)
    if ended.returncode:
        sys.exit(ended.returncode)


def _warn(settings: Settings, *, is_sqlite: bool) -> None:
    if abroad := leaves_country(settings):
        say(
            f"注意：电话平台 {abroad} 不在境内，联系户的号码和语音会离开本国"
            "（个人信息保护法第三十六、三十八条）。"
            "平台确在境内时请设置 EVALSYS_TELEPHONY_COUNTRY=CN。",
            fg="yellow",
            err=True,
        )
    if is_sqlite and sqlite3.sqlite_version_info < WAL_RACE_FIXED_IN:
        say(
            f"注意：SQLite {sqlite3.sqlite_version} 有 WAL 复位缺陷（3.51.3 修复），"
            "请只运行一个会写数据库的进程；正式使用请改用 PostgreSQL。",
            fg="yellow",
            err=True,
        )
