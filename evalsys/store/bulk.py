"""Many rows at once, past the ORM and past Core: plain tuples, as the driver has them.

COPY and a cursor of the server on PostgreSQL, many rows a statement and a plain cursor on SQLite.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Select, Table, literal, select

if TYPE_CHECKING:  # an installation on SQLite need not wait for the other driver to load
    import psycopg

FETCH_ROWS = 5000
_ROWS_AT_ONCE = 500
_ROWS_A_STATEMENT = 100
"""SQLite's driver takes as long to begin a statement as to insert a row or two."""


def bulk_insert(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Append `rows`, each in the order of `columns`, inside the connection's transaction.

    Values go to the driver as they are: text, integers, booleans, bytes, None, and dates as
    YYYY-MM-DD. SQLite's driver is quickest with text, integers and bytearrays; of any other value
    it first looks whether somebody registered an adapter.

    Raises:
        RuntimeError: no transaction was begun; SQLite would commit every row.
    """
    if not connection.in_transaction():
        raise RuntimeError("begin a transaction first")
    driver: object = connection.connection.dbapi_connection
    names = ", ".join(f'"{column}"' for column in columns)
    if isinstance(driver, sqlite3.Connection):
        marks = f"({', '.join('?' * len(columns))})"
        left = iter(rows)
        while some := list(islice(left, _ROWS_A_STATEMENT)):
            places = ", ".join([marks] * len(some))
            statement = f'INSERT INTO "{table}" ({names}) VALUES {places}'  # noqa: S608 - names of our own tables
            driver.execute(statement, list(chain.from_iterable(some)))
        return
    copied = f'COPY "{table}" ({names}) FROM STDIN'.encode()
    with _psycopg(driver).cursor() as cursor, cursor.copy(copied) as copy:
        for row in rows:
            copy.write_row(row)


def bulk_select(connection: Connection, wanted: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """Stream the rows of `wanted` as plain tuples: text, numbers, bytes and None only.

    Its values are written into the statement, so it may bind text and numbers only.
    """
    compiled = wanted.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    statement = str(compiled)
    driver: object = connection.connection.dbapi_connection
    if isinstance(driver, sqlite3.Connection):
        yield from driver.execute(statement)
        return
    with _psycopg(driver).cursor("bulk_select") as cursor:
        cursor.itersize = FETCH_ROWS
        yield from cursor.execute(statement)


def plain_rows(connection: Connection, wanted: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """Give the rows of `wanted` as the driver has them, some hundred at a time.

    Only for text and whole numbers: what a column's type would make of a value is not made.
    """
    cursor = connection.execute(wanted).cursor
    while some := cursor.fetchmany(_ROWS_AT_ONCE):
        yield from some


def is_empty(connection: Connection, table: Table) -> bool:
    """Say whether a table has no row."""
    return connection.execute(select(literal(1)).select_from(table).limit(1)).first() is None


@contextmanager
def indexed_afterwards(connection: Connection, *tables: Table) -> Iterator[None]:
    """Build the indexes of the empty ones of `tables` when they are full: half the work.

    On PostgreSQL every reader would wait until the transaction is over, so there they stay.
    """
    indexes = [
        index
        for table in tables
        if connection.dialect.name == "sqlite"
        and not any(key.column.table is table for key in table.foreign_keys)  # it uses them itself
        and is_empty(connection, table)
        for index in table.indexes
    ]
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)


def _psycopg(driver: object) -> "psycopg.Connection":
    # The only other driver that `Database` opens.
    return cast("psycopg.Connection", driver)
