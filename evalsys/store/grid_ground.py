"""What a change of the grid is checked against: the grid as it stands, and who is on it."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from evalsys.domain.grid_change import (
    Candidate,
    ChangeKind,
    GridChange,
    GridNow,
    Ground,
    named,
)
from evalsys.store.grid_preset import levels
from evalsys.store.schema.grid import GridBirth, GridBounds, GridEnd, GridState
from evalsys.store.schema.roster import Cadre, Grid, GridHead, Household


def read_ground(db: Session, change: GridChange, open_changes: Iterable[GridChange]) -> Ground:
    """Read what a change is checked against; `open_changes` are the others under way."""
    wanted = named(change)
    heads: dict[str, list[str]] = {}
    serving = select(GridHead.grid, GridHead.cadre).where(
        GridHead.grid.in_(wanted), heads_on(change.on)
    )
    for grid, cadre in db.execute(serving.order_by(GridHead.cadre)):
        heads.setdefault(grid, []).append(cadre)
    waiting = tuple(open_changes)
    asked = [part.head for part in change.parts]
    rows = db.execute(
        select(Cadre.number, Cadre.name, Cadre.rank, Cadre.left_on).where(Cadre.number.in_(asked))
    )
    return Ground(
        {level.depth: level for level in levels(db)},
        _grids(db),
        {grid: tuple(found) for grid, found in heads.items()},
        members(db, change.grid) if change.kind is ChangeKind.SPLIT else {},
        {
            number: Candidate(number, name, rank, left_on is not None)
            for number, name, rank, left_on in rows
        },
        frozenset(one.grid for one in waiting),
        frozenset(one.target for one in waiting if one.target),
    )


def heads_on(day: date) -> ColumnElement[bool]:
    """Select the terms that are not over on a day, whether their end is known or not."""
    return or_(GridHead.until.is_(None), GridHead.until > day)


def members(db: Session, grid: str) -> Mapping[str, str]:
    """Tell what stands right on or below a grid: code to grid, cadre or household."""
    found = dict.fromkeys(below(db, grid), "grid")
    found |= dict.fromkeys(db.scalars(select(Cadre.number).where(Cadre.grid == grid)), "cadre")
    found |= dict.fromkeys(
        db.scalars(select(Household.code).where(Household.grid == grid)), "household"
    )
    return found


def below(db: Session, grid: str) -> list[str]:
    """List the grids right below that have not ended."""
    ended = select(GridEnd.grid)
    found = select(Grid.code).where(Grid.parent == grid, Grid.code.not_in(ended))
    return list(db.scalars(found.order_by(Grid.code)))


def _grids(db: Session) -> Mapping[str, GridNow]:
    touched: dict[str, date] = {}
    for query in (
        select(GridState.grid, func.max(GridState.until)).group_by(GridState.grid),
        select(GridBirth.grid, GridBirth.since),
    ):
        for code, on in db.execute(query):
            touched[code] = max(on, touched.get(code, on))
    ended = {row.grid: row.until for row in db.execute(select(GridEnd.grid, GridEnd.until))}
    bounds = {
        row.grid: row.bounds for row in db.execute(select(GridBounds.grid, GridBounds.bounds))
    }
    rows = db.execute(select(Grid.code, Grid.name, Grid.depth, Grid.parent, Grid.grid_class))
    return {
        row.code: GridNow(
            *row, bounds.get(row.code, ""), touched.get(row.code), ended.get(row.code)
        )
        for row in rows
    }
