"""Staging whom programmes served: a temporary table, checked by joins, then brought in at once."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    Insert,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Update,
    and_,
    exists,
    func,
    insert,
    select,
    true,
    update,
)

from evalsys.domain.roster_checks import Finding, Place
from evalsys.domain.roster_sheets import Kind
from evalsys.store.bulk import bulk_insert
from evalsys.store.database import Database
from evalsys.store.roster_merge import Merged
from evalsys.store.roster_references import LISTED_PER_RULE
from evalsys.store.schema.base import Base
from evalsys.store.schema.programme import ProgrammeRow, ServiceRow
from evalsys.store.schema.roster import Cadre, Household, Unit

FIELDS: Final = ("source", "line", "programme", "name", "unit", "household", "item", "served_on")

_staging = MetaData()
STAGED: Final = Table(
    "staged_services",
    _staging,
    Column("source", Integer),
    Column("line", Integer),
    Column("programme", String),
    Column("name", String),
    Column("unit", String),
    Column("household", String),
    Column("item", String),
    Column("served_on", Date),
    prefixes=["TEMPORARY"],
)
_KEY: Final = ("programme", "household", "item", "served_on")
_PROGRAMMES: Final = Base.metadata.tables[ProgrammeRow.__tablename__]
_SERVICES: Final = Base.metadata.tables[ServiceRow.__tablename__]
_UNITS: Final = Base.metadata.tables[Unit.__tablename__]
_HOUSEHOLDS: Final = Base.metadata.tables[Household.__tablename__]
_CADRES: Final = Base.metadata.tables[Cadre.__tablename__]


@contextmanager
def staging(database: Database) -> Iterator[Connection]:
    """Open a connection of its own with an empty staging table, which vanishes with it."""
    connection = database.engine.connect()
    connection.detach()
    try:
        _staging.create_all(connection, checkfirst=False)
        connection.commit()
        yield connection
    finally:
        connection.close()


def stage(connection: Connection, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Append rows of (source, line, *values in the order of `columns`)."""
    bulk_insert(connection, STAGED.name, ("source", "line", *columns), rows)


def settle_units(db: Connection) -> None:
    """Put the code in place of a unit's name, where one unit alone has that name."""
    named = select(func.min(_UNITS.c.code)).where(_UNITS.c.name == STAGED.c.unit)
    db.execute(
        update(STAGED)
        .values(unit=named.scalar_subquery())
        .where(
            STAGED.c.unit.not_in(select(_UNITS.c.code)),
            STAGED.c.unit.in_(
                select(_UNITS.c.name).group_by(_UNITS.c.name).having(func.count() == 1)
            ),
        )
    )


def check_staged(db: Connection, named: dict[int, str]) -> Iterator[Finding]:
    """Yield every problem that more than one row, or the roster, is needed to see."""
    yield from _unknown(
        db, "household", _HOUSEHOLDS.c.code, "花名册中没有这一户", "请核对户编码，或先导入花名册。"
    )
    yield from _unknown(
        db, "unit", _UNITS.c.code, "花名册中没有这个单位", "请填单位编码，或先在“单位”表中补充。"
    )
    taken = exists().where(_CADRES.c.number == STAGED.c.programme)
    yield from _found(
        db, taken, "programme", "这是一名干部的编号", "请给项目另编一个以9开头的编号。"
    )
    yield from _contradictions(db, "name", "同一项目写了不同的名称", named)
    yield from _contradictions(db, "unit", "同一项目写了不同的单位", named)
    yield from _duplicates(db, named)


def merge(db: Connection) -> dict[str, Merged]:
    """Bring the checked rows in; give what happened to programmes and to services."""
    programmes = (
        select(
            STAGED.c.programme.label("number"),
            func.min(STAGED.c.name).label("name"),
            func.min(STAGED.c.unit).label("unit"),
        )
        .group_by(STAGED.c.programme)
        .subquery()
    )
    same = programmes.c.number == _PROGRAMMES.c.number
    differs = (programmes.c.name != _PROGRAMMES.c.name) | (programmes.c.unit != _PROGRAMMES.c.unit)
    changed = _run(
        db,
        update(_PROGRAMMES)
        .values(name=programmes.c.name, unit=programmes.c.unit)
        .where(same, differs),
    )
    added = select(programmes).where(~exists().where(same)).order_by(programmes.c.number)
    new = _run(db, insert(_PROGRAMMES).from_select(["number", "name", "unit"], added))
    total = db.scalar(select(func.count()).select_from(programmes)) or 0
    return {
        "programmes": Merged(new, changed, total - new - changed),
        "services": _merge_services(db),
    }


def _merge_services(db: Connection) -> Merged:
    columns = [STAGED.c[name] for name in _KEY]
    known = and_(*(_SERVICES.c[name] == STAGED.c[name] for name in _KEY))
    added = select(*columns).where(~exists().where(known)).order_by(*columns)
    new = _run(db, insert(_SERVICES).from_select(list(_KEY), added))
    total = db.scalar(select(func.count()).select_from(STAGED)) or 0
    return Merged(new, 0, total - new)


def _unknown(
    db: Connection, column: str, target: ColumnElement[Any], what: str, remedy: str
) -> Iterator[Finding]:
    missing = STAGED.c[column].not_in(select(target))
    yield from _found(db, missing, column, what, remedy)


def _found(
    db: Connection, which: ColumnElement[bool], column: str, what: str, remedy: str
) -> Iterator[Finding]:
    rows = (
        select(STAGED.c.source, STAGED.c.line, STAGED.c[column])
        .where(which)
        .order_by(STAGED.c.source, STAGED.c.line)
        .limit(LISTED_PER_RULE)
    )
    for source, line, value in db.execute(rows):
        yield Finding(Kind.SERVICES, (source, line), column, value, what, remedy)


def _contradictions(
    db: Connection, column: str, what: str, named: dict[int, str]
) -> Iterator[Finding]:
    """Find rows that call a programme otherwise than the first row that names it.

    A unit that does not exist is a problem of its own, and not this one too.
    """
    known = true() if column == "name" else STAGED.c.unit.in_(select(_UNITS.c.code))
    torn = (
        select(STAGED.c.programme)
        .where(known)
        .group_by(STAGED.c.programme)
        .having(func.count(STAGED.c[column].distinct()) > 1)
    )
    rows = (
        select(STAGED.c.source, STAGED.c.line, STAGED.c.programme, STAGED.c[column])
        .where(known, STAGED.c.programme.in_(torn))
        .order_by(STAGED.c.programme, STAGED.c.source, STAGED.c.line)
        .limit(LISTED_PER_RULE)
    )
    first: dict[str, tuple[str, Place]] = {}
    for source, line, programme, value in db.execute(rows):
        said, place = first.setdefault(programme, (value, (source, line)))
        if value != said:
            yield Finding(
                Kind.SERVICES,
                (source, line),
                column,
                value,
                f"{what}：{named[place[0]]}第{place[1]}行写的是“{said}”",
                "请改成一致的。",
            )


def _duplicates(db: Connection, named: dict[int, str]) -> Iterator[Finding]:
    keys = [STAGED.c[name] for name in _KEY]
    repeated: Select[Any] = select(*keys).group_by(*keys).having(func.count() > 1)
    again = repeated.limit(LISTED_PER_RULE).subquery()
    rows = db.execute(
        select(STAGED.c.source, STAGED.c.line, *keys)
        .join(again, and_(*(again.c[key.name] == key for key in keys)))
        .order_by(*keys, STAGED.c.source, STAGED.c.line)
    )
    first: tuple[object, ...] = ()
    place: Place = (0, 0)
    for source, line, *values in rows:
        if tuple(values) != first:
            first, place = tuple(values), (source, line)
            continue
        yield Finding(
            Kind.SERVICES,
            (source, line),
            "programme",
            "，".join(str(value) for value in values),
            f"与{named[place[0]]}第{place[1]}行重复",
            "请只保留正确的一行。",
        )


def _run(db: Connection, statement: Insert | Update) -> int:
    return db.execute(statement, execution_options={"preserve_rowcount": True}).rowcount
