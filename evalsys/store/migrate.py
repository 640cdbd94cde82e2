"""Bringing a database to the present schema. There is no way back: restore a backup instead."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from evalsys.store.database import Database


def upgrade(database: Database) -> None:
    """Run every migration that this database has not seen; harmless to repeat."""
    config = _config()
    with database.engine.execution_options(evalsys_immediate=True).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def is_current(database: Database) -> bool:
    """Say whether the database has the schema that this version of the code expects."""
    heads = ScriptDirectory.from_config(_config()).get_heads()
    with database.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
