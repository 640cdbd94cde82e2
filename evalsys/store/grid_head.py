"""Keeping deeds about heads of grids, reading what they are checked against, carrying them out."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import Select, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.grid_change import GridNow
from evalsys.domain.grid_head import (
    HeadAct,
    HeadCheck,
    HeadDeed,
    HeadGround,
    HeadProposal,
    HeadTerm,
    Named,
)
from evalsys.domain.ruling import OPEN, Ruling, state_of
from evalsys.errors import NotFound, StaleState
from evalsys.store.grid_preset import levels
from evalsys.store.schema.grid import GridBirth, GridEnd
from evalsys.store.schema.grid_head import GridHeadAct, GridHeadRuling
from evalsys.store.schema.roster import Cadre, Grid, GridHead

_SETTLED = frozenset(Ruling) - OPEN


def ground(db: Session, act: HeadAct, *, but: int = 0) -> HeadGround:
    """Read what a deed is checked against; the deed of number `but` is passed over."""
    grid = db.get(Grid, act.grid)
    cadre = db.get(Cadre, act.cadre)
    end = db.get(GridEnd, act.grid)
    birth = db.get(GridBirth, act.grid)
    now = (
        GridNow(
            grid.code,
            grid.name,
            grid.depth,
            grid.parent,
            grid.grid_class,
            "",
            None,
            end.until if end else None,
        )
        if grid
        else None
    )
    by_depth = {level.depth: level for level in levels(db)}
    waiting = any(one.is_open and one.id != but for one in of_grid(db, act.grid))
    return HeadGround(
        now,
        birth.since if birth else None,
        by_depth.get(grid.depth) if grid else None,
        Named(cadre.number, cadre.name, cadre.rank, cadre.left_on) if cadre else None,
        terms(db, act.grid, act.on),
        waiting,
    )


def grid_name(db: Session, code: str) -> str:
    """Name a grid.

    Raises:
        NotFound: there is none of this code.
    """
    grid = db.get(Grid, code)
    if grid is None:
        raise NotFound(f"没有编码为 {code} 的网格。", remedy="网格编码见鱼鳞图或花名册。")
    return grid.name


def terms(db: Session, grid: str, day: date) -> tuple[HeadTerm, ...]:
    """List the terms of a grid that are not over on a day, by their beginning."""
    rows = db.execute(
        select(GridHead.cadre, Cadre.name, GridHead.since, GridHead.until)
        .join(Cadre, Cadre.number == GridHead.cadre)
        .where(GridHead.grid == grid, or_(GridHead.until.is_(None), GridHead.until > day))
        .order_by(GridHead.since, GridHead.cadre)
    )
    return tuple(HeadTerm(*row) for row in rows)


def history(db: Session, grid: str) -> tuple[HeadTerm, ...]:
    """List every term of a grid, the newest first."""
    rows = db.execute(
        select(GridHead.cadre, Cadre.name, GridHead.since, GridHead.until)
        .join(Cadre, Cadre.number == GridHead.cadre)
        .where(GridHead.grid == grid)
        .order_by(GridHead.since.desc(), GridHead.cadre)
    )
    return tuple(HeadTerm(*row) for row in rows)


def add(db: Session, proposal: HeadProposal) -> int:
    """Keep a proposal; return its number."""
    act = proposal.act
    row = GridHeadAct(
        deed=act.deed.value,
        grid=act.grid,
        cadre=act.cadre,
        on=act.on,
        reason=act.reason.strip(),
        replaces=act.replaces,
        title=proposal.title,
        name=proposal.name,
        found=json.dumps(asdict(proposal.check), ensure_ascii=False),
        proposed_by=proposal.proposed_by,
        proposed_at=proposal.proposed_at,
    )
    db.add(row)
    db.flush()
    return row.id


def proposals(db: Session, *, limit: int) -> tuple[HeadProposal, ...]:
    """List proposals, the newest first."""
    query = select(GridHeadAct).order_by(GridHeadAct.id.desc()).limit(limit)
    return _read_all(db, query)


def of_grid(db: Session, grid: str) -> tuple[HeadProposal, ...]:
    """List all proposals about a grid."""
    query = select(GridHeadAct).where(GridHeadAct.grid == grid).order_by(GridHeadAct.id)
    return _read_all(db, query)


def proposal(db: Session, number: int) -> HeadProposal:
    """Return a proposal.

    Raises:
        NotFound: there is none of this number.
    """
    if db.get(GridHeadAct, number) is None:
        raise NotFound("没有这件任免。", remedy="请从网格负责人页进入。")
    (found,) = _read_all(db, select(GridHeadAct).where(GridHeadAct.id == number))
    return found


def due(db: Session, today: date) -> tuple[HeadProposal, ...]:
    """List what was approved and holds by today, in the order of the days."""
    query = select(GridHeadAct).where(
        GridHeadAct.on <= today,
        GridHeadAct.id.in_(_ruled(Ruling.ACCEPTED)),
        GridHeadAct.id.not_in(_ruled(*_SETTLED)),
    )
    return _read_all(db, query.order_by(GridHeadAct.on, GridHeadAct.id))


def rule(db: Session, number: int, state: Ruling, by: str, at: datetime, why: str = "") -> None:
    """Keep a ruling, once.

    Raises:
        StaleState: somebody else was first.
    """
    db.add(GridHeadRuling(act=number, state=state.value, by=by, at=at, why=why.strip()))
    try:
        db.flush()
    except IntegrityError as error:
        raise StaleState("这件任免刚被别人处理。", remedy="请刷新页面看结果。") from error


def carry_out(db: Session, act: HeadAct) -> None:
    """Begin a term, end one, or both."""
    leaving = act.replaces if act.deed is HeadDeed.APPOINT else act.cadre
    if leaving:
        db.execute(
            update(GridHead)
            .where(
                GridHead.grid == act.grid,
                GridHead.cadre == leaving,
                GridHead.since < act.on,
                or_(GridHead.until.is_(None), GridHead.until > act.on),
            )
            .values(until=act.on)
            .execution_options(synchronize_session=False)
        )
    if act.deed is HeadDeed.APPOINT:
        db.add(GridHead(grid=act.grid, cadre=act.cadre, since=act.on, until=None))
    db.flush()


def _ruled(*states: Ruling) -> Select[int]:
    """Select the deeds on which one of these was ruled."""
    return select(GridHeadRuling.act).where(GridHeadRuling.state.in_(states))


def _read_all(db: Session, query: Select[GridHeadAct]) -> tuple[HeadProposal, ...]:
    rows = db.scalars(query).all()
    found: dict[int, dict[Ruling, GridHeadRuling]] = {}
    for ruling in db.scalars(
        select(GridHeadRuling).where(GridHeadRuling.act.in_([row.id for row in rows]))
    ):
        found.setdefault(ruling.act, {})[Ruling(ruling.state)] = ruling
    return tuple(_read(row, found.get(row.id, {})) for row in rows)


def _read(row: GridHeadAct, rulings: Mapping[Ruling, GridHeadRuling]) -> HeadProposal:
    raw = json.loads(row.found)
    check = HeadCheck(**{**raw, "heads_after": tuple(raw["heads_after"])})
    state = state_of(frozenset(rulings))
    said = rulings.get(Ruling.ACCEPTED if state is Ruling.DONE else state)
    act = HeadAct(HeadDeed(row.deed), row.grid, row.cadre, row.on, row.reason, row.replaces)
    return HeadProposal(
        row.id,
        act,
        row.title,
        row.name,
        check,
        row.proposed_by,
        row.proposed_at,
        state,
        said.by if said else "",
        said.at if said else None,
        said.why if said else "",
    )
