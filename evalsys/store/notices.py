"""Hints between processes that a record grew: PostgreSQL's NOTIFY, sent with the commit itself.

Nothing depends on a hint: whoever misses one finds the new head at its next look.
"""

import logging
from collections.abc import Callable

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from evalsys.store.database import Database

_CHANNEL = "evalsys_record"
_CONNECT_WITHIN_S = 5
_AGAIN_AFTER_S = 1.0

_log = logging.getLogger(__name__)


def hint(db: Session) -> None:
    """Wake those who listen when this transaction is committed; SQLite has nobody to wake."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_notify(:channel, '')"), {"channel": _CHANNEL})


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
                connection.execute(f"LISTEN {_CHANNEL}")
                heard()
                for _notice in connection.notifies():
                    heard()
        except psycopg.Error as error:
            _log.warning("no hints from the database meanwhile: %s", error)
        except Exception:  # noqa: BLE001 - whatever it was, the next hint must be heard
            _log.exception("a hint was not followed")
        sleep(_AGAIN_AFTER_S)
