"""A fresh database on a PostgreSQL server, for the length of one measurement."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

from evalsys.store import migrate
from evalsys.store.database import Database

SERVER = "EVALSYS_BENCH_POSTGRES"
"""The variable that names a server on which databases may be made."""


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """Make a migrated database on `server`, give its address, and drop it."""
    name = f"bench_{uuid4().hex}"
    address = make_url(server).set(drivername="postgresql")
    door = address.render_as_string(hide_password=False)
    with psycopg.connect(door, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            url = address.set(database=name).render_as_string(hide_password=False)
            database = Database(url)
            migrate.upgrade(database)
            database.close()
            yield url
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextmanager
def engines(sqlite: str) -> Iterator[dict[str, str]]:
    """Give addresses to measure on: SQLite in this file, and PostgreSQL where one is named."""
    database = Database(f"sqlite:///{sqlite}")
    migrate.upgrade(database)
    database.close()
    found = {"sqlite": f"sqlite:///{sqlite}"}
    if server := os.environ.get(SERVER):
        with fresh_database(server) as url:
            yield found | {"postgresql": url}
        return
    yield found
