"""Bringing a database to the present schema. There is no way back: restore a backup instead."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from evalsys.errors import InvalidInput, OutsideFailure
from evalsys.store.database import Database


def upgrade(database: Database) -> None:
    """Run every migration that this database has not seen; harmless to repeat.

    Raises:
        OutsideFailure: the database does not answer.
    """
    config = _config()
    with _connected(database, immediate=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def is_current(database: Database) -> bool:
    """Say whether the database has the schema that this version of the code expects."""
    heads = ScriptDirectory.from_config(_config()).get_heads()
    with _connected(database) as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


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


def _connected(database: Database, *, immediate: bool = False) -> Connection:
    try:
        return database.engine.execution_options(evalsys_immediate=immediate).connect()
    except DBAPIError as error:
        why = " ".join(str(error.orig).split())
        raise OutsideFailure(
            f"数据库连不上：{why}。",
            remedy="请核对 EVALSYS_DATABASE_URL，并确认数据库已启动、文件可读写。",
        ) from error


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
