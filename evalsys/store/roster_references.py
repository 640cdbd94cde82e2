"""Checking what staged rows refer to: every code they name must be staged or kept."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select

from evalsys.domain.roster_checks import Finding
from evalsys.domain.roster_problems import Severity
from evalsys.domain.roster_sheets import SHEETS, Column, Kind
from evalsys.store.roster_stage import STAGED, TARGETS

LISTED_PER_RULE: Final = 10_000
"""A rule that every row breaks is shown so many times."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What the files hold and nobody could read: who names it makes no second error."""

    refused: Mapping[Kind, Collection[object]]
    """Keys of rows that were refused by themselves."""
    unread: Collection[Kind]
    """Kinds of which a sheet was refused for its header: no rule that asks them is applied."""


def check_references(db: Connection, unknown: Unknown) -> Iterator[Finding]:
    """Yield every row that names what is neither staged nor kept.

    Rows that may name something of a sheet nobody could read are counted and not listed: the
    sheet is the error.
    """
    for sheet in SHEETS.values():
        for column in sheet.columns:
            if column.refers is None:
                continue
            if column.refers in unknown.unread:
                yield from _unchecked(db, sheet.kind, column, column.refers)
                continue
            for finding in _dangling(db, sheet.kind, column, column.refers):
                if finding.value not in unknown.refused.get(column.refers, ()):
                    yield finding


def _dangling(db: Connection, kind: Kind, column: Column, refers: Kind) -> Iterator[Finding]:
    table = STAGED[kind]
    rows = db.execute(
        select(table.c.source, table.c.line, table.c[column.name])
        .where(_names_nobody(kind, column, refers))
        .order_by(table.c.source, table.c.line)
        .limit(LISTED_PER_RULE)
    )
    title = SHEETS[refers].title
    for source, line, value in rows:
        yield Finding(
            kind,
            (source, line),
            column.name,
            value,
            f"“{title}”中没有这个编码",
            f"请核对编码，或先在“{title}”表中补充。",
        )


def _unchecked(db: Connection, kind: Kind, column: Column, refers: Kind) -> Iterator[Finding]:
    """Say of each sheet how many rows name what may stand in one that was not read."""
    source, title = STAGED[kind].c.source, SHEETS[refers].title
    for number, count in db.execute(
        select(source, func.count())
        .where(_names_nobody(kind, column, refers))
        .group_by(source)
        .order_by(source)
    ):
        yield Finding(
            kind,
            (number, 0),
            column.name,
            "",
            f"“{title}”表没有读成，{count:,} 行的这一列没有核对",
            f"请先改正“{title}”表的表头。",
            Severity.WARNING,
        )


def _names_nobody(kind: Kind, column: Column, refers: Kind) -> ColumnElement[bool]:
    target, also = TARGETS[refers], STAGED[refers].alias()
    named, key = STAGED[kind].c[column.name], SHEETS[refers].key[0]
    return and_(
        named.is_not(None),
        ~exists().where(also.c[key] == named),
        ~exists().where(target.c[key] == named),
    )
