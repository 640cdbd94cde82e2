"""Reading the whole grid with its heads, its cadres and their figures: a few scans, no row each."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Select, case, distinct, func, select
from sqlalchemy.orm import Session

from evalsys.domain.responsibility_map import Cell, Figures, Grid, Named
from evalsys.domain.roster import RequestState
from evalsys.ids import CadreNumber, GridCode
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


def read_grid(db: Session, today: date, visited_since: date) -> Grid:
    """Read the map as it stands on `today`; visits count from `visited_since` on."""
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
    cells = {
        GridCode(code): Cell(
            GridCode(code),
            name,
            depth,
            level,
            GridCode(parent) if parent else None,
            grid_class,
            tuple(heads.get(code, ())),
        )
        for code, name, depth, level, parent, grid_class in rows
    }
    return Grid(cells, _cadres(db, visited_since))


def _cadres(db: Session, since: date) -> Mapping[GridCode, tuple[tuple[Named, Figures], ...]]:
    linked = _counts(
        db,
        select(HouseholdLink.cadre, func.count())
        .where(HouseholdLink.until.is_(None))
        .group_by(HouseholdLink.cadre),
    )
    visited = _counts(
        db,
        select(Visit.cadre, func.count(distinct(Visit.household)))
        .join(
            HouseholdLink,
            (HouseholdLink.household == Visit.household)
            & (HouseholdLink.cadre == Visit.cadre)
            & HouseholdLink.until.is_(None),
        )
        .where(Visit.visited_on >= since)
        .group_by(Visit.cadre),
    )
    is_solved = case((ServiceRequest.state == RequestState.SOLVED, 1), else_=0)
    asked = {
        cadre: (raised, solved)
        for cadre, raised, solved in db.execute(
            select(ServiceRequest.cadre, func.count(), func.sum(is_solved)).group_by(
                ServiceRequest.cadre
            )
        )
    }
    found: dict[GridCode, list[tuple[Named, Figures]]] = {}
    serving = (
        select(Cadre.grid, Cadre.number, Cadre.name, Unit.name, Cadre.post)
        .join(Unit, Unit.code == Cadre.unit)
        .where(Cadre.left_on.is_(None))
        .order_by(Cadre.number)
    )
    for grid, number, *rest in db.execute(serving):
        raised, solved = asked.get(number, (0, 0))
        figures = Figures(1, linked.get(number, 0), visited.get(number, 0), raised, solved)
        found.setdefault(GridCode(grid), []).append((Named(CadreNumber(number), *rest), figures))
    return {grid: tuple(cadres) for grid, cadres in found.items()}


def _counts(db: Session, query: Select[str, int]) -> Mapping[str, int]:
    return {row[0]: row[1] for row in db.execute(query)}
