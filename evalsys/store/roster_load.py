"""Reading loads and heads as of a day."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from evalsys.domain.roster import TOWNSHIP_DEPTH
from evalsys.domain.roster_load import CadreLoad, GridHeads, Head, LinkCoverage
from evalsys.store.casework_people import grid_tree
from evalsys.store.grid_history import past
from evalsys.store.grid_preset import levels, taken
from evalsys.store.link_term import last_terms, of_link
from evalsys.store.schema.roster import Cadre, GridHead, GridStaff, Household, HouseholdLink, Unit


def loads(db: Session, day: date, expired_since: date | None) -> tuple[CadreLoad, ...]:
    """List who served on a day with the households linked then, in the order of numbers.

    Links whose present term began on `expired_since` or earlier count as expired, too.
    """
    tree, then = grid_tree(db, day), past(db, day)
    link, last = HouseholdLink, last_terms(day)
    holds = (link.since <= day) & or_(link.until.is_(None), link.until > day)
    old = func.coalesce(last.c.begins, link.since) <= (expired_since or date.min)
    counts: Mapping[str, tuple[int, int]] = {
        cadre: (all_, expired or 0)
        for cadre, all_, expired in db.execute(
            select(link.cadre, func.count(), func.sum(case((old, 1), else_=0)))
            .outerjoin(last, of_link(last))
            .where(holds)
            .group_by(link.cadre)
        )
    }
    serving = db.execute(
        select(Cadre.number, Cadre.name, Unit.name, Cadre.grid)
        .join(Unit, Unit.code == Cadre.unit)
        .where(or_(Cadre.left_on.is_(None), Cadre.left_on > day))
        .order_by(Cadre.number)
    )
    found = []
    for number, name, unit, kept in serving:
        grid = then.cadres.get(number, kept)
        way = list(tree.path(grid))
        township = next((cell.name for cell in way if cell.depth == TOWNSHIP_DEPTH), "")
        households, expired = counts.get(number, (0, 0))
        place = way[0].name if way else grid
        found.append(CadreLoad(number, name, unit, place, township, households, expired))
    return tuple(found)


def link_coverage(db: Session, day: date) -> LinkCoverage:
    """Count households by their links to serving cadres on a day."""
    link = HouseholdLink
    serving = (
        select(link.household, func.count().label("cadres"))
        .join(Cadre, Cadre.number == link.cadre)
        .where(
            link.since <= day,
            or_(link.until.is_(None), link.until > day),
            or_(Cadre.left_on.is_(None), Cadre.left_on > day),
        )
        .group_by(link.household)
        .subquery()
    )
    linked, doubled = db.execute(
        select(func.count(), func.sum(case((serving.c.cadres > 1, 1), else_=0))).select_from(
            serving
        )
    ).one()
    households = db.scalar(select(func.count()).select_from(Household)) or 0
    return LinkCoverage(households, linked, doubled or 0)


def heads(db: Session, day: date) -> tuple[GridHeads, ...]:
    """List every grid of a day with its heads, in the order of codes."""
    tree, then = grid_tree(db, day), past(db, day)
    by_depth = {level.depth: level for level in levels(db)}
    serving: dict[str, list[Head]] = {}
    rows = db.execute(
        select(GridHead.grid, Cadre.number, Cadre.name, Cadre.rank, Cadre.left_on)
        .join(Cadre, Cadre.number == GridHead.cadre)
        .where(GridHead.since <= day, or_(GridHead.until.is_(None), GridHead.until > day))
        .order_by(GridHead.grid, Cadre.number)
    )
    for grid, number, name, rank, left_on in rows:
        serving.setdefault(grid, []).append(Head(number, name, rank, left_on))
    filled = _filled(db, day)
    roles = taken(db).roles
    found = []
    for code in sorted(tree.cells):
        cell = tree.cells[code]
        if not then.is_there(code) or cell.depth not in by_depth:
            continue
        way = tree.path(code)
        township = next((each.name for each in way if each.depth == TOWNSHIP_DEPTH), "")
        own = tuple(serving.get(code, ()))
        lacking = tuple(
            role.name
            for role in roles
            if role.depth == cell.depth and filled.get((code, role.name), 0) < role.least
        )
        found.append(GridHeads(code, cell.name, by_depth[cell.depth], township, own, lacking))
    return tuple(found)


def _filled(db: Session, day: date) -> Mapping[tuple[str, str], int]:
    """Count who fills each role of each grid on a day."""
    rows = db.execute(
        select(GridStaff.grid, GridStaff.role, func.count())
        .where(GridStaff.since <= day, or_(GridStaff.until.is_(None), GridStaff.until > day))
        .group_by(GridStaff.grid, GridStaff.role)
    )
    return {(grid, role): count for grid, role, count in rows}
