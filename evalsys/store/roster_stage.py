"""Staging a roster: temporary tables that hold the files' rows until all of them are checked.

Each row keeps the number of its source (file and sheet) and its line, so that a problem found
by a join still names its place. Telephone numbers are sealed before they are staged: no plain
number ever reaches a disk.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    select,
)
from sqlalchemy.types import TypeEngine

from evalsys.domain.assessment import AssessmentInput
from evalsys.domain.roster_sheets import PHONE_COLUMNS, SHEETS, Kind, Sheet
from evalsys.ids import CadreNumber
from evalsys.store.bulk import bulk_insert, is_empty
from evalsys.store.database import Database
from evalsys.store.schema import roster as schema
from evalsys.store.schema.base import Base

PLACE: Final = ("source", "line")

SQLITE_STAGING_CACHE_KIB: Final = 32 * 1024
SQLITE_CACHE_KIB: Final = 64 * 1024
"""Of the database itself: nothing is read from files any more when it fills."""
SQLITE_SAMPLED_ROWS: Final = 1000
"""Of each index, to plan the joins by: the default counts every row."""

TARGETS: Final[Mapping[Kind, Table]] = {
    kind: Base.metadata.tables[entity.__tablename__]
    for kind, entity in {
        Kind.LEVELS: schema.GridLevel,
        Kind.GRIDS: schema.Grid,
        Kind.UNITS: schema.Unit,
        Kind.CADRES: schema.Cadre,
        Kind.HEADS: schema.GridHead,
        Kind.STAFF: schema.GridStaff,
        Kind.HOUSEHOLDS: schema.Household,
        Kind.LINKS: schema.HouseholdLink,
        Kind.VISITS: schema.Visit,
        Kind.REQUESTS: schema.ServiceRequest,
    }.items()
}
"""Where each kind of sheet is kept; the annual assessment has its own room."""

PHONES: Final = Base.metadata.tables[schema.Phone.__tablename__]

_staging = MetaData()


def _staged_table(sheet: Sheet) -> Table:
    columns = [
        Column(column.name, _type_of(sheet.kind, column.name))
        for column in sheet.columns
        if column.name not in PHONE_COLUMNS
    ]
    return Table(
        f"staged_{sheet.kind}",
        _staging,
        *(Column(name, Integer) for name in PLACE),
        *columns,
        prefixes=["TEMPORARY"],
    )


def _type_of(kind: Kind, column: str) -> TypeEngine[Any]:
    target = TARGETS.get(kind)
    if target is not None and column in target.c:
        return target.c[column].type
    return String() if column in {"cadre", "principal"} else Integer()


STAGED: Final = {kind: _staged_table(sheet) for kind, sheet in SHEETS.items()}
STAGED_PHONES: Final = Table(
    "staged_phones",
    _staging,
    Column("household", String),
    Column("cadre", String),
    Column("unit", String),
    Column("position", Integer),
    Column("usable", Boolean),
    Column("id", LargeBinary),
    Column("sealed", LargeBinary),
    Column("blind", LargeBinary),
    prefixes=["TEMPORARY"],
)
PHONE_OWNERS: Final = {Kind.HOUSEHOLDS: "household", Kind.CADRES: "cadre", Kind.UNITS: "unit"}
"""The column that names the owner of a number, by the sheet that brings it."""


@contextmanager
def staging(database: Database) -> Iterator[Connection]:
    """Open a connection of its own with empty staging tables, which vanish with it."""
    connection = database.engine.connect()
    connection.detach()
    try:
        if database.is_sqlite:
            connection.exec_driver_sql(f"PRAGMA cache_size=-{SQLITE_CACHE_KIB}")
            connection.exec_driver_sql(f"PRAGMA temp.cache_size=-{SQLITE_STAGING_CACHE_KIB}")
        _staging.create_all(connection, checkfirst=False)
        connection.commit()
        yield connection
    finally:
        connection.close()


def stage(
    connection: Connection, kind: Kind, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Append rows of (source, line, *values in the order of `columns`)."""
    bulk_insert(connection, STAGED[kind].name, (*PLACE, *columns), rows)


def stage_phones(connection: Connection, kind: Kind, rows: Iterable[Sequence[object]]) -> None:
    """Append sealed numbers: rows of (owner, position, usable, id, sealed, blind)."""
    columns = (PHONE_OWNERS[kind], "position", "usable", "id", "sealed", "blind")
    bulk_insert(connection, STAGED_PHONES.name, columns, rows)


def staged_assessments(connection: Connection) -> Iterator[AssessmentInput]:
    """Give the staged years of cadres as the assessment's room takes them."""
    table = STAGED[Kind.ASSESSMENT]
    for row in connection.execute(select(table)):
        yield AssessmentInput(
            CadreNumber(row.cadre),
            row.year,
            row.household_score_tenths,
            row.households_linked or 0,
            row.households_answered or 0,
            row.unit_rating_tenths,
            row.inspection_tenths,
        )


def index_staged(connection: Connection, kind: Kind) -> None:
    """Index what was staged of a kind, so that checking and merging are joins and not scans.

    More of it may follow. Numbers are looked up by their owners only where some are kept.
    """
    _index(connection, STAGED[kind], SHEETS[kind].key)
    owner = PHONE_OWNERS.get(kind)
    if owner is not None and not is_empty(connection, PHONES):
        _index(connection, STAGED_PHONES, (owner, "position"), only=f"{owner} IS NOT NULL")


def finish_staging(connection: Connection, kinds: Iterable[Kind]) -> None:
    """Let the database know how much was staged."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA analysis_limit={SQLITE_SAMPLED_ROWS}")
    for table in (STAGED_PHONES, *(STAGED[kind] for kind in kinds)):
        connection.exec_driver_sql(f'ANALYZE "{table.name}"')
    connection.commit()


def _index(connection: Connection, table: Table, columns: Sequence[str], only: str = "") -> None:
    name = f"ix_{table.name}_{columns[0]}"
    names = ", ".join(f'"{column}"' for column in columns)
    where = f" WHERE {only}" if only else ""
    connection.exec_driver_sql(
        f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table.name}" ({names}){where}'
    )
