"""A PostgreSQL database that each test finds as new, for a tenth of what making one costs."""

from contextlib import closing
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import make_url

from evalsys.store import migrate
from evalsys.store.database import Database

LARGE = 1 << 20
"""Bytes of a table from which on truncating it costs less than deleting its rows."""

TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
SEQUENCES = "SELECT sequencename, start_value, last_value FROM pg_sequences"
LEAVE = """SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
AND backend_type = 'client backend'"""
SCHEMA = """SELECT sum(pg_class.oid::bigint), count(*),
    (SELECT sum(oid::bigint) FROM pg_trigger WHERE tgenabled = 'O'),
    (SELECT sum(oid::bigint) FROM pg_proc)
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace"""
"""Other numbers when a table, column, index, trigger or function came or went."""


class FreshPostgres:
    """One database of this test process, migrated once and emptied before each test."""

    def __init__(self, server: str) -> None:
        """Make it on the server at this address, to which databases may be added."""
        self._server = server
        self._make()

    def fresh(self) -> str:
        """Give the database's address: it holds what the migrations left, and nobody is there."""
        self._connection.execute(LEAVE)
        if self._connection.execute(SCHEMA).fetchone() == self._schema:
            self._empty()
        else:  # a test took the schema itself apart
            self.drop()
            self._make()
        return self.url

    def drop(self) -> None:
        """Give the disk space back."""
        self._connection.close()
        with closing(self._connected(self._server)) as connection:
            drop = SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(Identifier(self._name)))

    def _make(self) -> None:
        self._name = f"test_{uuid4().hex}"
        with closing(self._connected(self._server)) as connection:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(self._name)))
        url = make_url(self._server).set(database=self._name)
        self.url = url.render_as_string(hide_password=False)
        database = Database(self.url)
        migrate.upgrade(database)
        database.close()
        # Kept: a new one would first have to learn about every table.
        self._connection = connection = self._connected(self.url)
        connection.execute("SET session_replication_role = replica")  # empties append-only tables
        self._tables = [name for (name,) in connection.execute(TABLES)]
        self._first = self._filled()
        connection.execute("CREATE SCHEMA first")
        for name in self._first:
            copy = SQL("CREATE TABLE first.{} AS TABLE public.{}")
            connection.execute(copy.format(Identifier(name), Identifier(name)))
        self._sequences = connection.execute(SEQUENCES).fetchall()
        self._schema = connection.execute(SCHEMA).fetchone()

    def _empty(self) -> None:
        connection, filled = self._connection, self._filled()
        for (name,) in connection.execute(
            f"{TABLES} AND pg_relation_size(oid) > {LARGE}"
        ).fetchall():
            connection.execute(SQL("TRUNCATE {} CASCADE").format(Identifier(name)))
        for name in filled:
            connection.execute(SQL("DELETE FROM {}").format(Identifier(name)))
        for name in self._first:
            back = SQL("INSERT INTO public.{} OVERRIDING SYSTEM VALUE TABLE first.{}")
            connection.execute(back.format(Identifier(name), Identifier(name)))
        for name, start, last in self._sequences:
            connection.execute("SELECT setval(%s, %s, %s)", (name, last or start, last is not None))

    def _filled(self) -> list[str]:
        """Which of the tables have rows."""
        asked = SQL(" UNION ALL ").join(
            SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(Literal(name), Identifier(name))
            for name in self._tables
        )
        return [name for (name,) in self._connection.execute(asked)]

    @staticmethod
    def _connected(url: str) -> psycopg.Connection:
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(address, autocommit=True)
