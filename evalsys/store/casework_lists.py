"""Lists over the standings: what is whose, what is red, what is due, what may be the same."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, false, func, insert, or_, select, update
from sqlalchemy.orm import Session

from evalsys.domain.casework.route import GridTree
from evalsys.domain.casework.standing import Standing
from evalsys.domain.casework.words import Confirmation, Duty, Party, PartyKind, Step
from evalsys.store.schema.casework import (
    CaseworkRequest,
    CaseworkStanding,
    Duplicate,
    MakeUpDay,
)

_S = CaseworkStanding.__table__.c
_COLUMNS = [_S[each.name] for each in fields(Standing)]
LISTED = 200
"""Rows of a desk's list; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a list: where it stands, and the words it began with."""

    standing: Standing
    text: str


def grids_below(tree: GridTree, grids: Iterable[str]) -> tuple[str, ...]:
    """List grids and everything below them."""
    found = set(grids)
    for code in tuple(found):
        found |= {cell.code for cell in tree.below(code)}
    return tuple(sorted(found))


def concerning(tree: GridTree, parties: frozenset[Party]) -> ColumnElement[bool]:
    """Narrow to what concerns parties: held or answered for by them, or on a grid of theirs."""
    heads = {each.code for each in parties if each.kind is PartyKind.GRID}
    county = tree.county
    if county is not None and county.code in heads:
        return _S.request.is_not(None)
    ways: list[ColumnElement[bool]] = [
        or_(
            and_(_S.holder_kind == each.kind.value, _S.holder == each.code),
            and_(_S.accountable_kind == each.kind.value, _S.accountable == each.code),
        )
        for each in sorted(parties)
    ]
    ways += [_S.cadre == each.code for each in sorted(parties) if each.kind is PartyKind.CADRE]
    ways += [_S.unit == each.code for each in sorted(parties) if each.kind is PartyKind.UNIT]
    if heads:
        ways.append(_S.grid.in_(grids_below(tree, heads)))
    return or_(*ways) if ways else false()


def open_requests(
    db: Session, which: ColumnElement[bool], *, limit: int = LISTED
) -> tuple[Listed, ...]:
    """List open requests, the ones whose next duty is due first."""
    return _listed(db, and_(_S.is_open, which), (_S.next_at, _S.request), limit)


def red_requests(
    db: Session, which: ColumnElement[bool], now: datetime, *, limit: int = LISTED
) -> tuple[Listed, ...]:
    """List the supervision list 督办: open and past their time, the longest first (L26)."""
    return _listed(db, and_(_S.is_open, _S.due_at <= now, which), (_S.due_at, _S.request), limit)


def closed_requests(
    db: Session, which: ColumnElement[bool], *, limit: int = 50
) -> tuple[Listed, ...]:
    """List closed requests, the newest first."""
    return _listed(db, and_(~_S.is_open, which), (_S.closed_at.desc(), _S.request.desc()), limit)


def of_household(db: Session, household: str, *, limit: int = 100) -> tuple[Listed, ...]:
    """List a household's requests, the newest first."""
    return _listed(db, _S.household == household, (_S.raised_at.desc(), _S.request), limit)


def agenda(db: Session, grids: Sequence[str]) -> tuple[Listed, ...]:
    """List the open requests that are handled at one of `grids`: urgent, then escalated (Y70)."""
    order = (_S.urgency.desc(), _S.due_at, _S.request)
    return _listed(db, and_(_S.is_open, _S.at_grid.in_(grids)), order, 1000)


def _listed(
    db: Session, which: ColumnElement[bool], order: Sequence[ColumnElement[object]], limit: int
) -> tuple[Listed, ...]:
    rows = db.execute(
        select(CaseworkRequest.text, *_COLUMNS)
        .join(CaseworkRequest, CaseworkRequest.code == _S.request)
        .where(which)
        .order_by(*order)
        .limit(limit)
    )
    return tuple(Listed(Standing(*row[1:]), row[0]) for row in rows)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are of what concerns somebody."""

    open: int
    overdue: int
    closed: int
    solved: int


def counts(db: Session, which: ColumnElement[bool], now: datetime) -> Counts:
    """Count what concerns somebody, at this moment."""
    row = db.execute(
        select(
            func.count().filter(_S.is_open),
            func.count().filter(and_(_S.is_open, _S.due_at <= now)),
            func.count().filter(~_S.is_open),
            func.count().filter(_S.solved),
        ).where(which)
    ).one()
    return Counts(*row)


def due_by(db: Session, at: datetime) -> Iterator[tuple[str, str, datetime, str, str, int, str]]:
    """Give what has a duty due by `at`: request, duty, when, holder's kind, holder, level, grid."""
    yield from db.execute(
        select(
            _S.request, _S.next_duty, _S.next_at, _S.holder_kind, _S.holder, _S.level, _S.at_grid
        )
        .where(or_(_S.is_open, _S.next_duty == Duty.REOPEN.value), _S.next_at <= at)
        .order_by(_S.next_at, _S.request)
    )


def overdue(db: Session, at: datetime) -> Iterator[tuple[str, datetime, str, str, int, str]]:
    """Give what is past its answer's time: request, when, holder's kind, holder, level, grid."""
    yield from db.execute(
        select(_S.request, _S.due_at, _S.holder_kind, _S.holder, _S.level, _S.at_grid)
        .where(_S.is_open, _S.due_at <= at)
        .order_by(_S.due_at, _S.request)
    )


def pauses_over(db: Session, at: datetime) -> tuple[str, ...]:
    """List the paused requests of which something is due: the end of the pause, or more besides.

    What is due soonest may be another duty, such as a summons that nobody followed.
    """
    query = select(_S.request).where(_S.is_open, _S.step == Step.PAUSED.value, _S.next_at <= at)
    return tuple(db.scalars(query))


def paused(db: Session) -> tuple[str, ...]:
    """List the requests whose clock waits."""
    return tuple(db.scalars(select(_S.request).where(_S.is_open, _S.is_paused)))


def computed_otherwise(db: Session, clockwork: str) -> tuple[str, ...]:
    """List the open requests whose times were computed with another calendar or policy."""
    runs = or_(_S.is_open, _S.confirmed == Confirmation.NO.value)
    return tuple(db.scalars(select(_S.request).where(runs, _S.clockwork != clockwork)))


def codes(db: Session) -> Iterator[str]:
    """Give every request's code."""
    yield from db.scalars(select(CaseworkRequest.code).order_by(CaseworkRequest.code))


def near(db: Session, grid: str, household: str | None) -> tuple[tuple[str, str, str], ...]:
    """Give open requests of the same household or grid: code, text, household; the newest 200."""
    same = [CaseworkRequest.grid == grid]
    if household is not None:
        same.append(CaseworkRequest.household == household)
    rows = db.execute(
        select(CaseworkRequest.code, CaseworkRequest.text, CaseworkRequest.household)
        .join(CaseworkStanding, CaseworkStanding.request == CaseworkRequest.code)
        .where(or_(*same), CaseworkStanding.is_open)
        .order_by(CaseworkRequest.received_at.desc())
        .limit(LISTED)
    )
    return tuple((code, text, owner or "") for code, text, owner in rows)


def add_duplicates(db: Session, request: str, found: Sequence[tuple[str, int]]) -> None:
    """Keep hints that `request` may be one of earlier ones, with their likeness in percent."""
    rows = [
        {
            "request": request,
            "other": other,
            "likeness": likeness,
            "decided": "",
            "decided_by": "",
        }
        for other, likeness in found
    ]
    if rows:
        db.execute(insert(Duplicate), rows)


def duplicates_of(db: Session, request: str) -> tuple[tuple[str, int, str], ...]:
    """Give the hints about a request: the other one, likeness in percent, what was decided."""
    rows = db.execute(
        select(Duplicate.request, Duplicate.other, Duplicate.likeness, Duplicate.decided).where(
            or_(Duplicate.request == request, Duplicate.other == request)
        )
    )
    return tuple(
        (other if own == request else own, likeness, decided)
        for own, other, likeness, decided in rows
    )


def decide_duplicate(db: Session, request: str, other: str, *, same: bool, by: str) -> None:
    """Keep what a person made of a hint."""
    pair = or_(
        and_(Duplicate.request == request, Duplicate.other == other),
        and_(Duplicate.request == other, Duplicate.other == request),
    )
    decided = "same" if same else "different"
    db.execute(update(Duplicate).where(pair).values(decided=decided, decided_by=by))


def to_reopen(db: Session, which: ColumnElement[bool]) -> tuple[Listed, ...]:
    """List the closed requests whose households said no, which nobody has followed up (Y54)."""
    waits = and_(~_S.is_open, _S.next_duty == Duty.REOPEN.value, which)
    return _listed(db, waits, (_S.next_at, _S.request), LISTED)


def make_up_days(db: Session) -> dict[date, str]:
    """Read the weekend days that are worked, with their names."""
    rows = db.execute(select(MakeUpDay.day, MakeUpDay.name).order_by(MakeUpDay.day))
    return {day: name for day, name in rows}  # noqa: C416 - rows are no pairs to the checker


def offered_to(db: Session, parties: frozenset[Party]) -> tuple[Listed, ...]:
    """List what was offered to one of `parties` and waits for their yes or no."""
    if not parties:
        return ()
    waits = and_(_S.is_open, _S.step == Step.HANDING_OVER.value)
    mine = or_(
        *(
            and_(_S.offered_kind == each.kind.value, _S.offered == each.code)
            for each in sorted(parties)
        )
    )
    return _listed(db, and_(waits, mine), (_S.next_at, _S.request), LISTED)


def to_decide(db: Session, which: ColumnElement[bool], now: datetime) -> tuple[Listed, ...]:
    """List what waits for somebody above: disputes, closes, longer limits, hand-overs left."""
    steps = (Step.DISPUTED.value, Step.APPROVAL.value)
    is_left = and_(_S.step == Step.HANDING_OVER.value, _S.next_at <= now)
    waits = and_(_S.is_open, or_(_S.step.in_(steps), is_left, _S.longer_limit != ""), which)
    return _listed(db, waits, (_S.next_at, _S.request), LISTED)
