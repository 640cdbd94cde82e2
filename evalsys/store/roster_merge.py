"""Bringing checked, staged rows into the roster: new, changed and unchanged rows told apart.

Set-based on both engines. A row that says what is already kept is not touched, so importing
the same files again changes nothing. Columns that a file does not have keep their values.
Where nothing is kept yet, as in a county's first import, nothing is compared.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Table,
    Update,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from evalsys.domain.roster import YISHUI_LEVELS
from evalsys.domain.roster_sheets import PHONE_COLUMNS, SHEETS, Kind
from evalsys.store.bulk import indexed_afterwards, is_empty
from evalsys.store.phone_box import KEY_VERSION
from evalsys.store.roster_stage import PHONE_OWNERS, PHONES, STAGED, STAGED_PHONES, TARGETS
from evalsys.store.schema.base import Base
from evalsys.store.schema.roster import OfficeNumber, UnitPrincipal

REASSIGNED: Final = "重新分配"
"""Reason of a link that ended because the file names another cadre, when it gives none."""

_OFFICE_NUMBERS: Final = Base.metadata.tables[OfficeNumber.__tablename__]
_PRINCIPALS: Final = Base.metadata.tables[UnitPrincipal.__tablename__]

Present = Mapping[frozenset[str], Collection[int]]
"""Sets of columns that sources brought, and the numbers of those sources."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What an import did to one table."""

    new: int
    changed: int
    unchanged: int
    closed: int = 0
    """Terms and links that ended because the files name somebody else."""


def merge(db: Connection, present: Mapping[Kind, Present]) -> dict[Kind, Merged]:
    """Bring every staged table in, in the order of dependence; give what happened to each."""
    if Kind.LEVELS not in present and is_empty(db, TARGETS[Kind.LEVELS]):
        _plant_levels(db)
    done: dict[Kind, Merged] = {}
    for kind, sources in present.items():
        if kind is Kind.ASSESSMENT:
            continue
        if is_empty(db, TARGETS[kind]):
            with indexed_afterwards(db, TARGETS[kind]):
                done[kind] = Merged(_add(db, kind), 0, 0)
        else:
            done[kind] = _upsert(db, kind, sources)
    anew = is_empty(db, PHONES)
    with indexed_afterwards(db, PHONES):
        for kind in (Kind.HOUSEHOLDS, Kind.CADRES):
            _merge_phones(db, kind, present.get(kind, {}), anew=anew)
    if Kind.UNITS in present:
        _merge_principals(db, present[Kind.UNITS])
        _merge_office_numbers(db, present[Kind.UNITS])
    return done


def _plant_levels(db: Connection) -> None:
    db.execute(
        insert(TARGETS[Kind.LEVELS]),
        [
            {
                "depth": level.depth,
                "name": level.name,
                "head_count": level.head_count,
                "head_min_rank": level.head_min_rank,
                "holds_households": level.holds_households,
                "holds_cadres": level.holds_cadres,
            }
            for level in YISHUI_LEVELS
        ],
    )


def _upsert(db: Connection, kind: Kind, present: Present) -> Merged:
    staged, target = STAGED[kind], TARGETS[kind]
    closed = _close_replaced(db, kind)
    keys = [column.name for column in target.primary_key]
    same = _same(staged, target, keys)
    changed = 0
    for columns, sources in present.items():
        names = [name for name in _names(target) if name in columns and name not in keys]
        if names:
            values = {name: _brought(kind, name) for name in names}
            differs = or_(*(target.c[name].is_distinct_from(values[name]) for name in names))
            changed += _run(
                db,
                update(target).values(values).where(same, differs, staged.c.source.in_(sources)),
            )
    new = _add(db, kind, ~exists().where(same))
    total = db.scalar(select(func.count()).select_from(staged)) or 0
    return Merged(new, changed, total - new - changed, closed)


def _brought(kind: Kind, name: str) -> ColumnElement[Any]:
    """Give what a staged row makes of a column: what another room recorded stays, if unsaid."""
    sheet, staged = SHEETS[kind], STAGED[kind]
    if name not in sheet.others_too:
        return staged.c[name]
    said = or_(*(staged.c[each].is_not(None) for each in sheet.others_too))
    return case((said, _filled(kind, name)), else_=TARGETS[kind].c[name])


def _filled(kind: Kind, name: str) -> ColumnElement[Any]:
    staged, blank = STAGED[kind].c[name], SHEETS[kind].column(name).blank
    return staged if blank is None else func.coalesce(staged, blank)


def _add(db: Connection, kind: Kind, *only: ColumnElement[bool]) -> int:
    """Add the staged rows, in the order of their index: the table grows at its end."""
    staged, target = STAGED[kind], TARGETS[kind]
    fields = _names(target)
    added = (
        select(*(_filled(kind, name) for name in fields))
        .where(*only)
        .order_by(*(staged.c[name] for name in SHEETS[kind].key))
    )
    return _run(db, insert(target).from_select(fields, added))


def _close_replaced(db: Connection, kind: Kind) -> int:
    """End what the files replace: a household's links, a grid's heads (Y22, dated heads).

    A household or grid with an open row in the files is described by them completely: its
    other open rows end on the day the earliest of the named ones began.
    """
    owner = {Kind.LINKS: "household", Kind.HEADS: "grid"}.get(kind)
    if owner is None:
        return 0
    staged, target = STAGED[kind], TARGETS[kind]
    _correct_starts(db, kind, owner)
    named = staged.alias()
    is_open = and_(named.c.until.is_(None), named.c[owner] == target.c[owner])
    began = select(func.min(named.c.since)).where(is_open).scalar_subquery()
    values: dict[str, object] = {
        "until": case((began > target.c.since, began), else_=target.c.since)
    }
    if kind is Kind.LINKS:
        given = select(func.max(named.c.reason)).where(is_open).scalar_subquery()
        values["reason"] = func.coalesce(func.nullif(given, ""), REASSIGNED)
    replaced = (
        target.c.until.is_(None),
        exists().where(is_open),
        ~exists().where(staged.c[owner] == target.c[owner], staged.c.cadre == target.c.cadre),
    )
    return _run(db, update(target).values(values).where(*replaced))


def _correct_starts(db: Connection, kind: Kind, owner: str) -> None:
    """Move the beginning of an open row that the files date otherwise, instead of adding one."""
    staged, target = STAGED[kind], TARGETS[kind]
    taken = target.alias()
    db.execute(
        update(target)
        .values(since=staged.c.since)
        .where(
            target.c[owner] == staged.c[owner],
            target.c.cadre == staged.c.cadre,
            target.c.until.is_(None),
            staged.c.until.is_(None),
            target.c.since != staged.c.since,
            ~exists().where(
                taken.c[owner] == staged.c[owner],
                taken.c.cadre == staged.c.cadre,
                taken.c.since == staged.c.since,
            ),
        )
    )


def _merge_phones(db: Connection, kind: Kind, present: Present, *, anew: bool) -> None:
    """Make the owners' numbers those of the files; a number that stays keeps its sealed row.

    `anew` says that no number was kept before this import.
    """
    owner = PHONE_OWNERS[kind]
    sources = _bringing(present, PHONE_COLUMNS)
    staged, owners, (key,) = STAGED_PHONES, STAGED[kind], SHEETS[kind].key
    if not sources:
        return
    only: list[ColumnElement[bool]] = [staged.c[owner].is_not(None)]
    if not anew:
        db.execute(
            delete(PHONES).where(
                exists().where(owners.c[key] == PHONES.c[owner], owners.c.source.in_(sources)),
                ~exists().where(_same(staged, PHONES, (owner, "position", "blind"))),
            )
        )
        only.append(~exists().where(_same(staged, PHONES, (owner, "position"))))
    shared = ("id", owner, "position", "usable", "sealed", "blind")
    db.execute(
        insert(PHONES).from_select(
            (*shared, "key_version"),
            select(*(staged.c[name] for name in shared), literal(KEY_VERSION)).where(*only),
        )
    )


def _merge_principals(db: Connection, present: Present) -> None:
    sources = _bringing(present, ("principal",))
    units = STAGED[Kind.UNITS]
    db.execute(
        delete(_PRINCIPALS).where(
            _PRINCIPALS.c.unit.in_(select(units.c.code).where(units.c.source.in_(sources)))
        )
    )
    db.execute(
        insert(_PRINCIPALS).from_select(
            ("unit", "cadre"),
            select(units.c.code, units.c.principal).where(
                units.c.source.in_(sources), units.c.principal.is_not(None)
            ),
        )
    )


def _merge_office_numbers(db: Connection, present: Present) -> None:
    sources = _bringing(present, PHONE_COLUMNS)
    units, staged = STAGED[Kind.UNITS], STAGED_PHONES
    db.execute(
        delete(_OFFICE_NUMBERS).where(
            _OFFICE_NUMBERS.c.unit.in_(select(units.c.code).where(units.c.source.in_(sources)))
        )
    )
    db.execute(
        insert(_OFFICE_NUMBERS).from_select(
            ("unit", "blind"),
            select(staged.c.unit, staged.c.blind)
            .where(staged.c.unit.is_not(None), staged.c.usable)
            .distinct(),
        )
    )


def _bringing(present: Present, wanted: Collection[str]) -> list[int]:
    """Give the numbers of the sources that brought one of some columns."""
    return [
        source
        for columns, numbers in present.items()
        if not columns.isdisjoint(wanted)
        for source in numbers
    ]


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def _same(left: Table, right: Table, names: Sequence[str]) -> ColumnElement[bool]:
    return and_(*(left.c[name] == right.c[name] for name in names))


def _run(db: Connection, statement: Insert | Update) -> int:
    """Execute a statement and give the number of rows that it wrote."""
    return db.execute(statement, execution_options={"preserve_rowcount": True}).rowcount
