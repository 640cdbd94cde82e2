"""Whether a database has the schema of this version of the code; quick, for every command asks."""

from pathlib import Path
from typing import Final

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select
from sqlalchemy.exc import DBAPIError

from evalsys.errors import InvalidInput, OutsideFailure
from evalsys.store.database import Database

MIGRATIONS: Final = Path(__file__).parent / "migrations"

_VERSION: Final = Table("alembic_version", MetaData(), Column("version_num", String))


def is_current(database: Database) -> bool:
    """Say whether the database has the schema that this version of the code expects."""
    return _kept(database) == _known()[-1]


def check_current(database: Database) -> None:
    """Insist on a database that this version of the code can work with.

    Raises:
        OutsideFailure: it does not answer.
        InvalidInput: it has the schema of another version, or none.
    """
    kept, known = _kept(database), _known()
    if not kept:
        raise InvalidInput(
            "数据库还没有建立。",
            remedy="请核对 EVALSYS_DATABASE_URL，再运行 evalsys migrate，"
            "或用 evalsys serve --migrate 启动。",
        )
    check_known(kept)
    if kept != known[-1]:
        raise InvalidInput(
            f"数据库的结构是 {kept} 版，本程序要 {known[-1]} 版。",
            remedy="先备份，再运行 evalsys migrate，或用 evalsys serve --migrate 启动。",
        )


def check_known(kept: str) -> None:
    """Insist on a schema that this version of the code has heard of; "" is none at all.

    Raises:
        InvalidInput: a later version of the code has made it.
    """
    if kept and kept not in (known := _known()):
        raise InvalidInput(
            f"数据库的结构是 {kept} 版，来自更新的程序；本程序只到 {known[-1]} 版。",
            remedy="请安装更新的程序，或恢复升级以前的备份。",
        )


def version_in(connection: Connection) -> str:
    """Give the version of the schema that a database has; empty when it has none."""
    if not inspect(connection).has_table(_VERSION.name):
        return ""
    return connection.scalars(select(_VERSION.c.version_num)).first() or ""


def _kept(database: Database) -> str:
    if database.is_missing:  # to look into a file that is not there would make one
        return ""
    with connected(database) as connection:
        return version_in(connection)


def _known() -> list[str]:
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    return [name.split("_")[0] for name in names]


def connected(database: Database, *, immediate: bool = False) -> Connection:
    """Connect to the database; with `immediate` as a writer, on SQLite, from the first statement.

    Raises:
        OutsideFailure: it does not answer.
    """
    try:
        return database.engine.execution_options(evalsys_immediate=immediate).connect()
    except DBAPIError as error:
        why = " ".join(str(error.orig).split())
        raise OutsideFailure(
            f"数据库连不上：{why}。",
            remedy="请核对 EVALSYS_DATABASE_URL，并确认数据库已启动、文件可读写。",
        ) from error
