"""Keeping changes of the grid, reading what they are checked against, and carrying them out."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import Select, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.grid_change import (
    ChangeKind,
    Effect,
    GridChange,
    Ground,
    Part,
    Proposal,
)
from evalsys.domain.ruling import OPEN, Ruling, state_of
from evalsys.errors import NotFound, StaleState
from evalsys.store.grid_ground import below, heads_on, members, read_ground
from evalsys.store.schema.grid import (
    GridBirth,
    GridBounds,
    GridChangeRow,
    GridChangeRuling,
    GridEnd,
    GridMove,
    GridState,
)
from evalsys.store.schema.roster import Cadre, Grid, GridHead, Household, HouseholdLink

_NO_SYNC = {"synchronize_session": False}
_SETTLED = frozenset(Ruling) - OPEN


def ground(db: Session, change: GridChange, *, but: int = 0) -> Ground:
    """Read what a change is checked against; the proposal of number `but` is passed over."""
    query = select(GridChangeRow).where(GridChangeRow.id.not_in(_ruled(*_SETTLED)))
    others = _read_all(db, query.where(GridChangeRow.id != but))
    return read_ground(db, change, (one.change for one in others))


def effect(db: Session, change: GridChange) -> Effect:
    """Count what a change would do."""
    match change.kind:
        case ChangeKind.MERGE:
            return Effect(
                _count(db, select(Household.code).where(Household.grid == change.grid)),
                _count(db, select(Cadre.number).where(Cadre.grid == change.grid)),
                len(below(db, change.grid)),
                _count(db, _serving(change)),
            )
        case ChangeKind.MOVE:
            return Effect(grids=1)
        case ChangeKind.SPLIT:
            sorted_ = [_sorted(db, change, part) for part in change.parts]
            return Effect(
                sum(len(households) for _, _, households in sorted_),
                sum(len(cadres) for _, cadres, _ in sorted_),
                sum(len(grids) for grids, _, _ in sorted_),
                0,
                len(change.parts),
            )
        case _:
            return Effect()


def add(db: Session, change: GridChange, found: Effect, title: str, by: str, at: datetime) -> int:
    """Keep a proposal; return its number."""
    detail = {
        "name": change.name.strip(),
        "bounds": change.bounds.strip(),
        "grid_class": change.grid_class,
        "target": change.target,
        "parts": [asdict(part) for part in change.parts],
    }
    row = GridChangeRow(
        kind=change.kind.value,
        grid=change.grid,
        title=title,
        on=change.on,
        reason=change.reason.strip(),
        detail=json.dumps(detail, ensure_ascii=False),
        effect=json.dumps(asdict(found)),
        proposed_by=by,
        proposed_at=at,
    )
    db.add(row)
    db.flush()
    return row.id


def proposals(db: Session, *, limit: int = 200) -> tuple[Proposal, ...]:
    """List proposals, the newest first."""
    return _read_all(db, select(GridChangeRow).order_by(GridChangeRow.id.desc()).limit(limit))


def proposal(db: Session, number: int) -> Proposal:
    """Return a proposal.

    Raises:
        NotFound: there is none of this number.
    """
    row = db.get(GridChangeRow, number)
    if row is None:
        raise NotFound("没有这件网格调整。", remedy="请从网格页进入。")
    return _read(row, _rulings(db, [number]).get(number, ()))


def due(db: Session, today: date) -> tuple[Proposal, ...]:
    """List what was approved and holds by today, in the order of the days."""
    query = select(GridChangeRow).where(
        GridChangeRow.on <= today,
        GridChangeRow.id.in_(_ruled(Ruling.ACCEPTED)),
        GridChangeRow.id.not_in(_ruled(*_SETTLED)),
    )
    return _read_all(db, query.order_by(GridChangeRow.on, GridChangeRow.id))


def changes_done(db: Session) -> int:
    """Count the changes that took effect."""
    done = select(GridChangeRuling.change).where(GridChangeRuling.state == Ruling.DONE.value)
    return db.scalar(select(func.count()).select_from(done.subquery())) or 0


def rule(db: Session, number: int, state: Ruling, by: str, at: datetime, why: str = "") -> None:
    """Keep a ruling, once.

    Raises:
        StaleState: somebody else was first.
    """
    db.add(GridChangeRuling(change=number, state=state.value, by=by, at=at, why=why.strip()))
    try:
        db.flush()
    except IntegrityError as error:
        raise StaleState("这件调整刚被别人处理。", remedy="请刷新页面看结果。") from error


def carry_out(db: Session, number: int, change: GridChange) -> None:
    """Change the grid. Links between cadres and households are not touched."""
    match change.kind:
        case ChangeKind.RENAME | ChangeKind.BOUNDS | ChangeKind.MOVE:
            _alter(db, number, change)
        case ChangeKind.MERGE:
            _merge(db, number, change)
        case ChangeKind.SPLIT:
            for part in change.parts:
                _part(db, number, change, part)
    db.flush()


def _alter(db: Session, number: int, change: GridChange) -> None:
    """Give a grid the name, class, parent or bounds that the change names."""
    _remember(db, number, change.on, [change.grid])
    given = {
        "name": change.name.strip(),
        "grid_class": change.grid_class,
        "parent": change.target,
    }
    values = {column: value for column, value in given.items() if value}
    if values:
        _set(db, change.grid, **values)
    if change.bounds.strip():
        db.execute(delete(GridBounds).where(GridBounds.grid == change.grid))
        db.add(GridBounds(grid=change.grid, bounds=change.bounds.strip()))


def _merge(db: Session, number: int, change: GridChange) -> None:
    lower = below(db, change.grid)
    _remember(db, number, change.on, [change.grid, *lower])
    if lower:
        _reparent(db, lower, change.target)
    households = db.scalars(select(Household.code).where(Household.grid == change.grid)).all()
    cadres = db.scalars(select(Cadre.number).where(Cadre.grid == change.grid)).all()
    _put(db, number, change, households, cadres, change.target)
    db.execute(
        update(GridHead)
        .where(GridHead.grid == change.grid, heads_on(change.on), GridHead.since < change.on)
        .values(until=change.on)
        .execution_options(**_NO_SYNC)
    )
    db.add(GridEnd(grid=change.grid, until=change.on, successor=change.target, change=number))


def _part(db: Session, number: int, change: GridChange, part: Part) -> None:
    grids, cadres, households = _sorted(db, change, part)
    whole = db.get_one(Grid, change.grid)
    db.add(
        Grid(
            code=part.code,
            name=part.name.strip(),
            depth=whole.depth,
            parent=whole.parent,
            grid_class=whole.grid_class,
        )
    )
    db.flush()
    db.add(GridBirth(grid=part.code, since=change.on, change=number))
    db.add(GridHead(grid=part.code, cadre=part.head, since=change.on, until=None))
    if grids:
        _remember(db, number, change.on, grids)
        _reparent(db, grids, part.code)
    _put(db, number, change, households, cadres, part.code)


def _put(
    db: Session,
    number: int,
    change: GridChange,
    households: Iterable[str],
    cadres: Iterable[str],
    target: str,
) -> None:
    """Put households and cadres on another grid, and keep where they stood."""
    moves = [
        {
            "change": number,
            "kind": kind,
            "code": code,
            "on": change.on,
            "source": change.grid,
            "target": target,
        }
        for kind, codes in (("household", households), ("cadre", cadres))
        for code in codes
    ]
    if not moves:
        return
    db.execute(insert(GridMove), moves)
    for kind, table, key in (
        ("household", Household, Household.code),
        ("cadre", Cadre, Cadre.number),
    ):
        mine = select(GridMove.code).where(
            GridMove.change == number, GridMove.kind == kind, GridMove.target == target
        )
        db.execute(
            update(table).where(key.in_(mine)).values(grid=target).execution_options(**_NO_SYNC)
        )


def _sorted(db: Session, change: GridChange, part: Part) -> tuple[list[str], list[str], list[str]]:
    """Sort a part's members into grids, cadres, households.

    Households that are linked to its cadres, or to those on its grids, come along.
    """
    kinds = members(db, change.grid)
    grids = [code for code in part.members if kinds.get(code) == "grid"]
    cadres = [code for code in part.members if kinds.get(code) == "cadre"]
    elsewhere = {code for other in change.parts if other is not part for code in other.members}
    along = select(Household.code).where(
        Household.grid == change.grid,
        Household.code.in_(
            select(HouseholdLink.household)
            .join(Cadre, Cadre.number == HouseholdLink.cadre)
            .where(
                HouseholdLink.until.is_(None),
                or_(Cadre.number.in_(cadres), Cadre.grid.in_(grids)),
            )
        ),
    )
    found = {code for code in part.members if kinds.get(code) == "household"}
    found |= set(db.scalars(along)) - elsewhere
    return grids, cadres, sorted(found)


def _serving(change: GridChange) -> Select[str]:
    return select(GridHead.cadre).where(GridHead.grid == change.grid, heads_on(change.on))


def _count(db: Session, query: Select[str]) -> int:
    return db.scalar(select(func.count()).select_from(query.subquery())) or 0


def _remember(db: Session, number: int, until: date, grids: Iterable[str]) -> None:
    """Keep what grids are before a change."""
    rows = db.execute(
        select(Grid.code, Grid.name, Grid.parent, Grid.grid_class, GridBounds.bounds)
        .outerjoin(GridBounds, GridBounds.grid == Grid.code)
        .where(Grid.code.in_(list(grids)))
    )
    db.execute(
        insert(GridState),
        [
            {
                "grid": code,
                "until": until,
                "change": number,
                "name": name,
                "parent": parent,
                "grid_class": grid_class,
                "bounds": bounds or "",
            }
            for code, name, parent, grid_class, bounds in rows
        ],
    )


def _set(db: Session, grid: str, **values: object) -> None:
    db.execute(update(Grid).where(Grid.code == grid).values(**values).execution_options(**_NO_SYNC))


def _reparent(db: Session, grids: list[str], parent: str) -> None:
    db.execute(
        update(Grid).where(Grid.code.in_(grids)).values(parent=parent).execution_options(**_NO_SYNC)
    )


def _ruled(*states: Ruling) -> Select[int]:
    """Select the changes on which one of these was ruled."""
    return select(GridChangeRuling.change).where(GridChangeRuling.state.in_(states))


def _read_all(db: Session, query: Select[GridChangeRow]) -> tuple[Proposal, ...]:
    rows = db.scalars(query).all()
    rulings = _rulings(db, [row.id for row in rows])
    return tuple(_read(row, rulings.get(row.id, ())) for row in rows)


def _rulings(db: Session, numbers: list[int]) -> Mapping[int, tuple[GridChangeRuling, ...]]:
    found: dict[int, tuple[GridChangeRuling, ...]] = {}
    rows = db.scalars(
        select(GridChangeRuling)
        .where(GridChangeRuling.change.in_(numbers))
        .order_by(GridChangeRuling.at)
    )
    for row in rows:
        found[row.change] = (*found.get(row.change, ()), row)
    return found


def _read(row: GridChangeRow, rulings: tuple[GridChangeRuling, ...]) -> Proposal:
    detail = json.loads(row.detail)
    parts = tuple(
        Part(each["code"], each["name"], each["head"], tuple(each["members"]))
        for each in detail["parts"]
    )
    change = GridChange(
        ChangeKind(row.kind),
        row.grid,
        row.on,
        row.reason,
        detail["name"],
        detail["bounds"],
        detail["grid_class"],
        detail["target"],
        parts,
    )
    by_state = {Ruling(ruling.state): ruling for ruling in rulings}
    state = state_of(frozenset(by_state))
    said = by_state.get(Ruling.ACCEPTED if state is Ruling.DONE else state)
    done = by_state.get(Ruling.DONE)
    return Proposal(
        row.id,
        change,
        row.title,
        Effect(**json.loads(row.effect)),
        row.proposed_by,
        row.proposed_at,
        state,
        said.by if said else "",
        said.at if said else None,
        said.why if said else "",
        done.at if done else None,
    )
