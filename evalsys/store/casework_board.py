"""Counting for boards: one scan of the standings a board, grouped by what it lists."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from evalsys.domain.casework.board import Counts, Sort
from evalsys.domain.casework.words import CloseReason, Confirmation, PartyKind
from evalsys.domain.record_scores import NOBODYS, Tally
from evalsys.ids import CadreNumber
from evalsys.store.bulk import plain_rows
from evalsys.store.schema.casework import CaseworkEvent, CaseworkStanding
from evalsys.store.schema.roster import Cadre, Grid, GridLevel, Unit, Visit

_S = CaseworkStanding.__table__.c


@dataclass(frozen=True, slots=True)
class Raised:
    """Which requests a board counts; None narrows nothing. `until` is not included."""

    since: datetime | None = None
    until: datetime | None = None
    grids: tuple[str, ...] | None = None
    sort: Sort | None = None


def by_grid(db: Session, now: datetime, raised: Raised) -> Mapping[str, Counts]:
    """Count requests by the grid they were raised on."""
    return _counted(db, _S.grid, now, raised, {})


def by_cadre(
    db: Session, now: datetime, raised: Raised, visits: Mapping[str, int]
) -> dict[str, Counts]:
    """Count requests by the cadre linked to the household; "" without one.

    `visits` by cadre are put beside them.
    """
    return _counted(db, _S.cadre, now, raised, visits)


def by_unit(db: Session, now: datetime, raised: Raised) -> Mapping[str, Counts]:
    """Count requests by the unit that answers for them; "" without one."""
    return _counted(db, _S.unit, now, raised, {})


def settled_by_level(db: Session, raised: Raised) -> Sequence[tuple[str, int]]:
    """Count requests that were solved by the level of the grid where they were, lowest first.

    Levels without any are listed, too (J09).
    """
    found = select(_S.level, func.count()).where(*_narrowed(raised), _S.solved).group_by(_S.level)
    counts = {row[0]: row[1] for row in plain_rows(db.connection(), found)}
    levels = db.execute(select(GridLevel.depth, GridLevel.name).order_by(GridLevel.depth.desc()))
    return [(name, counts.get(depth, 0)) for depth, name in levels]


def knows_no_other(db: Session, grids: tuple[str, ...]) -> bool:
    """Say whether these are all grids: naming ten thousand of them costs more than counting."""
    return db.scalar(select(func.count()).select_from(Grid)) == len(grids)


def answered_by_cadre(
    db: Session, since: datetime, until: datetime, known_before: datetime
) -> Mapping[CadreNumber, Tally]:
    """Count by the cadre who is accountable (Y41) the requests taken in during these times.

    Decided are those that are closed or past their time at `until`, which is not included; good
    those answered in time whose household does not say no (Y54). What went up to another party is
    not charged to the cadre (Y81); closed as unfounded, duplicate or withdrawn it is nobody's.
    One scan, without the requests to which something happened at `known_before` or later: those
    are to be counted as they were known then (`record_scores.requests`).
    """
    moved = select(CaseworkEvent.request).where(CaseworkEvent.at >= known_before)
    closed = _S.closed_at < until
    decided = or_(closed, _S.due_at < until)
    good = and_(
        closed,
        _S.answered,
        or_(_S.due_at.is_(None), _S.closed_at <= _S.due_at),
        _S.confirmed != Confirmation.NO.value,
    )
    rows = db.execute(
        select(
            _S.accountable,
            func.count(),
            func.count().filter(decided),
            func.count().filter(good),
        )
        .where(
            _S.received_at >= since,
            _S.received_at < until,
            _S.accountable_kind == PartyKind.CADRE.value,
            _S.close_reason.not_in([each.value for each in NOBODYS]),
            _S.request.not_in(moved),
        )
        .group_by(_S.accountable)
    )
    return {CadreNumber(row[0]): Tally(*row[1:]) for row in rows}


def visits_by_cadre(
    db: Session, first: date | None, last: date | None, cadres: Collection[str] | None = None
) -> Mapping[str, int]:
    """Count the visits that cadres, or these alone, recorded; both days included."""
    query: Select[str, int] = select(Visit.cadre, func.count()).group_by(Visit.cadre)
    if cadres is not None:
        query = query.where(Visit.cadre.in_(cadres))
    if first is not None:
        query = query.where(Visit.visited_on >= first)
    if last is not None:
        query = query.where(Visit.visited_on <= last)
    return dict(plain_rows(db.connection(), query))


def visits_by_grid(
    db: Session, first: date | None, last: date | None, grids: Collection[str] | None
) -> Mapping[str, int]:
    """Count the visits that the cadres of each grid, or of these, recorded; both days included."""
    query = select(Cadre.number, Cadre.grid)
    if grids is not None:
        query = query.where(Cadre.grid.in_(grids))
    on = dict(plain_rows(db.connection(), query))
    paid: Counter[str] = Counter()
    for cadre, count in visits_by_cadre(db, first, last, None if grids is None else on).items():
        if cadre in on:
            paid[on[cadre]] += count
    return paid


def cadres_on(db: Session, grids: Collection[str] | None) -> dict[str, str]:
    """Name the cadres on some grids, or all, by their number."""
    query = select(Cadre.number, Cadre.name)
    if grids is not None:
        query = query.where(Cadre.grid.in_(grids))
    return dict(plain_rows(db.connection(), query))


def cadre_names(db: Session, cadres: Collection[str]) -> Mapping[str, str]:
    """Name some cadres."""
    query = select(Cadre.number, Cadre.name).where(Cadre.number.in_(cadres))
    return dict(plain_rows(db.connection(), query))


def unit_names(db: Session) -> Mapping[str, str]:
    """Name every unit."""
    return {row[0]: row[1] for row in db.execute(select(Unit.code, Unit.name))}


def _narrowed(raised: Raised) -> Sequence[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = []
    if raised.since is not None:
        narrowed.append(_S.raised_at >= raised.since)
    if raised.until is not None:
        narrowed.append(_S.raised_at < raised.until)
    if raised.grids is not None:
        narrowed.append(_S.grid.in_(raised.grids))
    if raised.sort is Sort.PETITION:
        narrowed.append(_S.is_petition)
    elif raised.sort is not None:
        narrowed.append(_S.kind == raised.sort.value)
    return narrowed


def _counted(
    db: Session,
    group: ColumnElement[str] | ColumnElement[str | None],
    now: datetime,
    raised: Raised,
    visits: Mapping[str, int],
) -> dict[str, Counts]:
    def count(that: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(that)

    # What follows from others is not counted anew: an engine reckons equal sums once.
    whole, is_open, solved = func.count(), count(_S.is_open), count(_S.solved)
    said_yes = count(_S.confirmed == Confirmation.YES.value)
    said_no = count(_S.confirmed == Confirmation.NO.value)
    legacy = count(_S.close_reason == CloseReason.LEGACY.value)
    policy = count(_S.close_reason == CloseReason.POLICY.value)
    columns = (
        whole,
        is_open,
        count(and_(_S.is_open, _S.due_at <= now)),
        whole - is_open,
        solved,
        count(and_(_S.solved, _S.escalated == 0)),
        count(_S.answered),
        count(_S.explained),
        count(_S.concluded),
        said_yes,
        said_no,
        whole - is_open - said_yes - said_no,
        legacy,
        policy,
        whole - is_open - solved - legacy - policy,
        count(_S.reopened > 0),
        count(_S.is_petition),
    )
    rows = plain_rows(
        db.connection(), select(group, *columns).where(*_narrowed(raised)).group_by(group)
    )
    # Visits are the last of `Counts`: given here, no count is made twice.
    return {row[0] or "": Counts._make((*row[1:], visits.get(row[0], 0))) for row in rows}
