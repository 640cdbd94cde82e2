"""Many rows at once, past the ORM and past Core: COPY on PostgreSQL, executemany on SQLite."""

import sqlite3
from collections.abc import Iterable, Sequence

import psycopg
from psycopg import sql
from sqlalchemy import Connection


def bulk_insert(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Append `rows`, each in the order of `columns`, inside the connection's transaction.

    Values go to the driver as they are: text, integers, booleans, bytes, None, and dates as
    YYYY-MM-DD.

    Raises:
        RuntimeError: no transaction was begun; SQLite would commit every row.
    """
    if not connection.in_transaction():
        raise RuntimeError("begin a transaction first")
    driver: object = connection.connection.dbapi_connection
    if isinstance(driver, sqlite3.Connection):
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        driver.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608 - names of our own tables
        return
    if not isinstance(driver, psycopg.Connection):
        message = f"no bulk path for {type(driver).__name__}"
        raise TypeError(message)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
