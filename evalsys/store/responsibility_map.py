"""Reading the whole grid with its heads, its cadres and their figures: a few scans, no row each."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, Select, case, distinct, func, select
from sqlalchemy.orm import Session

from evalsys.domain.responsibility_map import Cell, Figures, Grid, Named
from evalsys.domain.roster import RequestState
from evalsys.ids import CadreNumber, GridCode
from evalsys.store.grid_history import Former, Past, past
from evalsys.store.schema.roster import (
    Cadre,
    GridHead,
    GridLevel,
    HouseholdLink,
    ServiceRequest,
    Unit,
    Visit,
)
from evalsys.store.schema.roster import Grid as GridRow


def read_grid(db: Session, today: date, visited_since: date, *, is_past: bool = False) -> Grid:
    """Read the map as it stands on `today`; visits count from `visited_since` on.

    With `is_past` the day lies behind: links, visits and requests count as they were then, as far
    as dates say.
    """
    then = past(db, today)
    heads: dict[str, list[Named]] = {}
    of_grid = (
        select(GridHead.grid, Cadre.number, Cadre.name, Unit.name, Cadre.post)
        .join(Cadre, Cadre.number == GridHead.cadre)
        .join(Unit, Unit.code == Cadre.unit)
        .where(GridHead.since <= today, GridHead.until.is_(None) | (GridHead.until > today))
        .order_by(GridHead.grid, Cadre.number)
    )
    for grid, number, *rest in db.execute(of_grid):
        heads.setdefault(grid, []).append(Named(CadreNumber(number), *rest))
    rows = db.execute(
        select(
            GridRow.code,
            GridRow.name,
            GridRow.depth,
            GridLevel.name,
            GridRow.parent,
            GridRow.grid_class,
        ).join(GridLevel, GridLevel.depth == GridRow.depth)
    )
    cells = {}
    for code, name, depth, level, parent, grid_class in rows:
        if not then.is_there(code):
            continue
        was = then.former.get(code, Former(name, parent, grid_class))
        cells[GridCode(code)] = Cell(
            GridCode(code),
            was.name,
            depth,
            level,
            GridCode(was.parent) if was.parent else None,
            was.grid_class,
            tuple(heads.get(code, ())),
        )
    return Grid(cells, _cadres(db, visited_since, today if is_past else None, then))


def _cadres(
    db: Session, since: date, until: date | None, then: Past
) -> Mapping[GridCode, tuple[tuple[Named, Figures], ...]]:
    """Count what each cadre answers for; `until` is the day that lies behind, if one does."""
    is_linked: ColumnElement[bool] = HouseholdLink.until.is_(None)
    in_time: tuple[ColumnElement[bool], ...] = ()
    is_solved: ColumnElement[bool] = ServiceRequest.state == RequestState.SOLVED
    serves: ColumnElement[bool] = Cadre.left_on.is_(None)
    if until is not None:
        is_linked = (HouseholdLink.since <= until) & (is_linked | (HouseholdLink.until > until))
        in_time = (ServiceRequest.raised_on <= until,)
        is_solved &= ServiceRequest.solved_on <= until
        serves |= Cadre.left_on > until
    linked = _counts(
        db,
        select(HouseholdLink.cadre, func.count()).where(is_linked).group_by(HouseholdLink.cadre),
    )
    visited = _counts(
        db,
        select(Visit.cadre, func.count(distinct(Visit.household)))
        .join(
            HouseholdLink,
            (HouseholdLink.household == Visit.household)
            & (HouseholdLink.cadre == Visit.cadre)
            & is_linked,
        )
        .where(Visit.visited_on >= since, *([Visit.visited_on <= until] if until else []))
        .group_by(Visit.cadre),
    )
    one_if_solved = case((is_solved, 1), else_=0)
    asked = {
        cadre: (raised, solved)
        for cadre, raised, solved in db.execute(
            select(ServiceRequest.cadre, func.count(), func.sum(one_if_solved))
            .where(*in_time)
            .group_by(ServiceRequest.cadre)
        )
    }
    found: dict[GridCode, list[tuple[Named, Figures]]] = {}
    serving = (
        select(Cadre.grid, Cadre.number, Cadre.name, Unit.name, Cadre.post)
        .join(Unit, Unit.code == Cadre.unit)
        .where(serves)
        .order_by(Cadre.number)
    )
    for grid, number, *rest in db.execute(serving):
        raised, solved = asked.get(number, (0, 0))
        figures = Figures(1, linked.get(number, 0), visited.get(number, 0), raised, solved)
        stood = GridCode(then.cadres.get(number, grid))
        found.setdefault(stood, []).append((Named(CadreNumber(number), *rest), figures))
    return {grid: tuple(cadres) for grid, cadres in found.items()}


def _counts(db: Session, query: Select[str, int]) -> Mapping[str, int]:
    return {row[0]: row[1] for row in db.execute(query)}
