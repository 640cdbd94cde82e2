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
    newest = max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    with connected(database) as connection:
        if not inspect(connection).has_table(_VERSION.name):
            return False
        return connection.scalars(select(_VERSION.c.version_num)).all() == [newest.split("_")[0]]


def check_current(database: Database) -> None:
    """Insist on a database that this version of the code can work with.

    Raises:
        OutsideFailure: it does not answer.
        InvalidInput: it has the schema of another version, or none.
    """
    if not is_current(database):
        raise InvalidInput(
            "数据库还没有建立，或者结构与本版本不符。",
            remedy="先备份，再运行 evalsys migrate，或用 evalsys serve --migrate 启动。",
        )


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
