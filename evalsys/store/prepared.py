"""Statements of the hot path: compiled once, then run on the database's own driver.

SQLAlchemy looks every statement up, binds it and wraps its answer anew: next to a look into a
SQLite file that is most of the work. A webhook of a campaign runs half a dozen statements that
never change; here they are compiled once for each set of values, with the conversions that their
columns ask for. PostgreSQL goes by SQLAlchemy as ever, which notices connections that were lost.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction

_Convert = Callable[[Any], Any]
Values = Mapping[str, object]


_KNOWN = "evalsys_driver"


@dataclass(frozen=True, slots=True)
class _Known:
    """The connection of one transaction."""

    transaction: SessionTransaction
    driver: sqlite3.Connection | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement as the driver takes it."""

    sql: str
    binds: tuple[tuple[str, object, _Convert | None], ...]
    """Of each value its name, what stands for it when none is given, and its conversion."""
    lists: tuple[str, ...] = ()
    """Names of those that are lists: where they stand in the statement, their length decides."""

    def with_values(self, values: Values) -> tuple[str, list[object]]:
        """Return the statement, and the values in its order."""
        if self.lists:
            return self._with_lists(values)
        return self.sql, [
            convert(values.get(name, given)) if convert else values.get(name, given)
            for name, given, convert in self.binds
        ]

    def _with_lists(self, values: Values) -> tuple[str, list[object]]:
        sql, bound = self.sql, list[object]()
        for name in self.lists:
            places = ", ".join("?" * len(cast("Sequence[object]", values[name])))
            sql = sql.replace(f"__[POSTCOMPILE_{name}]", places)  # SQLite takes `IN ()` for nothing
        for name, given, convert in self.binds:
            value = values.get(name, given)
            every = cast("Sequence[object]", value) if name in self.lists else (value,)
            bound += [convert(each) for each in every] if convert else every
        return sql, bound


class Prepared:
    """One statement, whose values are named by `bindparam` or by the columns they go to."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | Insert | Update | Delete) -> None:
        """Compile `statement` when it is run for the first time.

        A list of values is an expanding `bindparam`, and given as a sequence.
        """
        self._statement = statement
        self._compiled: dict[tuple[str, ...], _Compiled] = {}
        columns = statement.selected_columns if isinstance(statement, Select) else ()
        self._row: Any = namedtuple(  # type: ignore[misc]  # noqa: PYI024 - the statement's columns
            "Row", [str(column.key) for column in columns]
        )
        self._types = [column.type for column in columns]
        self._converted: tuple[tuple[int, _Convert], ...] | None = None

    def run(self, db: Session, **values: object) -> None:
        """Change what it changes.

        Raises:
            DBAPIError: as SQLAlchemy would.
        """
        if self._executed(db, values) is None:
            db.execute(self._statement, values)

    def count(self, db: Session, **values: object) -> int:
        """Change what it changes, and return how many rows those were.

        Raises:
            DBAPIError: as SQLAlchemy would.
        """
        cursor = self._executed(db, values)
        if cursor is None:
            changed: CursorResult[Any] = db.execute(self._statement, values)  # type: ignore[assignment]  # of a change
            return changed.rowcount
        return cursor.rowcount

    def all(self, db: Session, **values: object) -> Sequence[Any]:
        """Return the rows, each with its columns by name."""
        cursor = self._executed(db, values)
        if cursor is None:
            return db.execute(self._statement, values).all()
        return [self._read(db, row) for row in cursor.fetchall()]

    def first(self, db: Session, **values: object) -> Any:  # noqa: ANN401 - its columns are the statement's
        """Return the only row, or nothing when there is none."""
        cursor = self._executed(db, values)
        if cursor is None:
            return db.execute(self._statement, values).one_or_none()
        row = cursor.fetchone()
        return None if row is None else self._read(db, row)

    def _executed(self, db: Session, values: Values) -> sqlite3.Cursor | None:
        """Run it on SQLite's own connection; nothing is done when the database is another."""
        driver = _driver_of(db)
        if driver is None:
            return None
        db.flush()  # as before each of SQLAlchemy's own
        names = tuple(values)
        compiled = self._compiled.get(names)
        if compiled is None:
            compiled = self._compiled[names] = self._compile(db.connection().dialect, names)
        try:
            return driver.execute(*compiled.with_values(values))
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                compiled.sql,
                None,
                error,
                sqlite3.Error,
                hide_parameters=True,  # as of the whole database
                dialect=db.connection().dialect,
            ) from error

    def _compile(self, dialect: Dialect, names: tuple[str, ...]) -> _Compiled:
        compiled = self._statement.compile(dialect=dialect, column_keys=list(names))
        asked = compiled.positiontup or []
        parameters = {name: bind for bind, name in compiled.bind_names.items()}
        binds, lists = [], []
        for name in asked:
            bind = parameters[name]
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
            binds.append((name, bind.effective_value, convert))
            if bind.expanding:
                lists.append(name)
        return _Compiled(str(compiled), tuple(binds), tuple(dict.fromkeys(lists)))

    def _read(self, db: Session, row: tuple[object, ...]) -> Any:  # noqa: ANN401 - its columns are the statement's
        if self._converted is None:
            dialect = db.connection().dialect
            converts = (
                each.dialect_impl(dialect).result_processor(dialect, None) for each in self._types
            )
            self._converted = tuple((at, each) for at, each in enumerate(converts) if each)
        values = list(row)
        for at, convert in self._converted:
            values[at] = convert(values[at])
        return self._row._make(values)


def _driver_of(db: Session) -> sqlite3.Connection | None:
    """Return SQLite's own connection, asked for once a transaction; none on another database.

    A transaction that was taken back is not trusted: what is run there would be kept at once.
    """
    known: _Known | None = db.info.get(_KNOWN)
    if (
        known is not None
        and known.transaction is db.get_transaction()
        and known.transaction.is_active
    ):
        return known.driver
    driver = db.connection().connection.driver_connection
    transaction = db.get_transaction()
    assert transaction is not None  # noqa: S101 - begun by asking for its connection
    found = driver if isinstance(driver, sqlite3.Connection) else None
    db.info[_KNOWN] = _Known(transaction, found)
    return found
