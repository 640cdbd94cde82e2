"""Keeping stages of links, and counting them."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.link_stage import LinkStage, LinkStanding
from evalsys.domain.roster import TOWNSHIP_DEPTH
from evalsys.errors import StaleState
from evalsys.store.casework_people import grid_tree
from evalsys.store.schema.link_stage import LinkStageRow
from evalsys.store.schema.roster import Cadre, Grid, Household, HouseholdLink, Unit, Visit

_LINK = HouseholdLink
_OF_LINK = and_(
    LinkStageRow.cadre == _LINK.cadre,
    LinkStageRow.household == _LINK.household,
    LinkStageRow.link_since == _LINK.since,
)


def standings(db: Session, cadre: str, household: str = "") -> tuple[LinkStanding, ...]:
    """List a cadre's open links, all or one, by household."""
    visits = (
        select(
            Visit.household,
            func.count().label("visits"),
            func.max(Visit.visited_on).label("last"),
        )
        .join(
            _LINK,
            (_LINK.household == Visit.household)
            & (_LINK.cadre == Visit.cadre)
            & _LINK.until.is_(None)
            & (Visit.visited_on >= _LINK.since),
        )
        .where(Visit.cadre == cadre)
        .group_by(Visit.household)
        .subquery()
    )
    query = (
        select(
            _LINK.household,
            Grid.name,
            _LINK.since,
            func.max(LinkStageRow.stage),
            func.max(LinkStageRow.reached_on),
            visits.c.visits,
            visits.c.last,
        )
        .join(Household, Household.code == _LINK.household)
        .join(Grid, Grid.code == Household.grid)
        .outerjoin(LinkStageRow, _OF_LINK)
        .outerjoin(visits, visits.c.household == _LINK.household)
        .where(_LINK.cadre == cadre, _LINK.until.is_(None))
        .group_by(_LINK.household, Grid.name, _LINK.since, visits.c.visits, visits.c.last)
        .order_by(_LINK.household)
    )
    if household:
        query = query.where(_LINK.household == household)
    return tuple(
        LinkStanding(code, grid, since, LinkStage(stage or 0), reached, count or 0, last)
        for code, grid, since, stage, reached, count, last in db.execute(query)
    )


def add(  # noqa: PLR0913, PLR0917 - the columns of a stage
    db: Session, cadre: str, link: LinkStanding, stage: LinkStage, on: date, by: str, at: datetime
) -> None:
    """Keep a stage, once.

    Raises:
        StaleState: it is kept already.
    """
    db.add(
        LinkStageRow(
            cadre=cadre,
            household=link.household,
            link_since=link.since,
            stage=int(stage),
            reached_on=on,
            by=by,
            at=at,
        )
    )
    try:
        db.flush()
    except IntegrityError as error:
        raise StaleState("这个阶段刚登记过。", remedy="请刷新页面。") from error


def counts(db: Session, *, by_unit: bool) -> Iterator[tuple[str, int, int]]:
    """Count the open links of serving cadres by unit, or by grid of the second level, and stage."""
    stage = (
        select(func.coalesce(func.max(LinkStageRow.stage), 0))
        .where(_OF_LINK)
        .correlate(_LINK)
        .scalar_subquery()
    )
    links = select(_LINK.cadre, stage.label("stage")).where(_LINK.until.is_(None)).subquery()
    rows = db.execute(
        select(Cadre.grid, Unit.name, links.c.stage, func.count())
        .join(Cadre, Cadre.number == links.c.cadre)
        .join(Unit, Unit.code == Cadre.unit)
        .where(Cadre.left_on.is_(None))
        .group_by(Cadre.grid, Unit.name, links.c.stage)
    )
    tree = grid_tree(db)
    for grid, unit, reached, count in rows:
        way = tree.path(grid)
        township = next((cell.name for cell in way if cell.depth == TOWNSHIP_DEPTH), grid)
        yield (unit if by_unit else township), reached, count
