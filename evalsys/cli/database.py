"""The installation's database, as the commands open it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from evalsys.settings import Settings, read_settings
from evalsys.store import schema_version
from evalsys.store.database import Database


@contextmanager
def opened_database(settings: Settings | None = None) -> Iterator[Database]:
    """Open the database of `settings` (the environment's) for one command.

    Raises:
        InvalidInput: a setting is wrong, or the database has another version's schema.
        OutsideFailure: the database does not answer.
    """
    database = Database((settings or read_settings(os.environ)).database_url)
    try:
        schema_version.check_current(database)
        yield database
    finally:
        database.close()
