"""Listening to the hints of other processes; apart, for only whoever listens loads the driver."""

import logging
from collections.abc import Callable

import psycopg

from evalsys.store.database import Database
from evalsys.store.notices import CHANNEL

_CONNECT_WITHIN_S = 5
_AGAIN_AFTER_S = 1.0

_log = logging.getLogger(__name__)


def listen(database: Database, heard: Callable[[], None], sleep: Callable[[float], object]) -> None:
    """Call `heard` after each hint, for ever; return at once on SQLite.

    A lost connection is made again, and `heard` is called then, for what was missed.
    """
    if database.is_sqlite:
        return
    address = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            with psycopg.connect(
                address,
                autocommit=True,
                connect_timeout=_CONNECT_WITHIN_S,
                application_name=database.name,
            ) as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                heard()
                for _notice in connection.notifies():
                    heard()
        except psycopg.Error as error:
            _log.warning("no hints from the database meanwhile: %s", error)
        except Exception:  # noqa: BLE001 - whatever it was, the next hint must be heard
            _log.exception("a hint was not followed")
        sleep(_AGAIN_AFTER_S)
