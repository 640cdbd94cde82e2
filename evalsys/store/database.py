"""Opening the database: SQLite embedded by default, PostgreSQL by one setting."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import gethostname
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from evalsys.errors import InvalidInput
from evalsys.store.shared_commit import SharedCommit

BUSY_TIMEOUT_MS = 5000
WAL_RACE_FIXED_IN = (3, 51, 3)
"""Before this SQLite, two writing processes may corrupt the write-ahead log."""

_Told = TypeVar("_Told")
Fence = Callable[[Session], None]
"""Looks at the beginning of a write whether this process may still write; raises when not."""


def _open_to_all(_db: Session) -> None:
    """Let every process write: only one that leads can be put off."""


class Database:
    """One database and the two ways to use it: read, and write in one transaction."""

    def __init__(self, url: str) -> None:
        """Use `url`, an SQLAlchemy database address (`sqlite:///...` or `postgresql://...`).

        Raises:
            InvalidInput: it is no such address, or its folder cannot be made.
        """
        # PostgreSQL keeps 63 bytes of it.
        self.name = f"evalsys {os.getpid()}@{gethostname()}"[:63]
        """What this process is called in the database's own list of connections."""
        self.fence: Fence = _open_to_all
        self.engine = _open(url, self.name)
        self._writer = self.engine.execution_options(evalsys_immediate=True)
        self._shared = SharedCommit(self.write)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database, which knows one writer at a time."""
        return self.engine.dialect.name == "sqlite"

    @property
    def is_missing(self) -> bool:
        """Whether it is a file that is not there yet."""
        name = self.engine.url.database if self.is_sqlite else None
        return bool(name) and name != ":memory:" and not Path(str(name)).exists()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Look, without holding the writer's lock. What is changed here is rolled back."""
        with Session(self.engine, expire_on_commit=False) as db:
            yield db
            db.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Change things in one transaction: all of it is committed, or nothing.

        On SQLite the writer's lock is taken at once (BEGIN IMMEDIATE), so two writers
        queue instead of colliding half-way (reliability, section 2).
        """
        with Session(self._writer, expire_on_commit=False) as db, db.begin():
            self.fence(db)
            yield db

    def write_together(self, act: Callable[[Session], _Told]) -> _Told:
        """Let `act` change things, all or nothing; return what it returned once it is committed.

        For what comes often and is short. On SQLite those of one moment share a commit; a
        PostgreSQL does that by itself. `act` must not wait for anybody.
        """
        if self.is_sqlite:
            return self._shared.write(act)
        with self.write() as db:
            return act(db)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _open(url: str, name: str) -> Engine:
    # `hide_parameters`: an error in a log must not bring along what was to be kept.
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        # Not what the address says: it may hold a password.
        raise _unusable("数据库地址不合格式。") from error
    if address.drivername in {"postgresql", "postgres"}:
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() not in {"sqlite", "postgresql"}:
        raise _unusable("数据库只能是 SQLite 或 PostgreSQL。")
    if address.get_backend_name() == "postgresql":
        given = address.query.get("options", "")
        return create_engine(
            address,
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=20,
            hide_parameters=True,
            # Compiling a query takes longer than any of ours gains by it.
            connect_args={"application_name": name, "options": f"{given} -c jit=off"},
        )
    if address.database:
        folder = Path(address.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unusable(f"数据库的文件夹 {folder} 建不了：{error.strerror}。") from error
    engine = create_engine(
        address, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _unusable(what: str) -> InvalidInput:
    remedy = "请写成 sqlite:////路径/evalsys.db 或 postgresql://用户@主机/库名。"
    return InvalidInput(what, remedy=remedy, place="EVALSYS_DATABASE_URL")


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite3.Connection):
        message = f"expected the sqlite3 driver, got {type(connection).__name__}"
        raise TypeError(message)
    # The driver's own BEGIN comes too late for IMMEDIATE; _begin_sqlite says it instead.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL loses acknowledged votes at a power cut
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("evalsys_immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
