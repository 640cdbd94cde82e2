"""Bringing a database to the present schema. There is no way back: restore a backup instead."""

from alembic import command
from alembic.config import Config

from evalsys.store.database import Database
from evalsys.store.schema_version import MIGRATIONS, check_known, connected, version_in


def upgrade(database: Database) -> None:
    """Run every migration that this database has not seen; harmless to repeat.

    Raises:
        OutsideFailure: the database does not answer.
        InvalidInput: a later version of the code has made its schema.
    """
    config = _config()
    with connected(database, immediate=True) as connection:
        check_known(version_in(connection))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
