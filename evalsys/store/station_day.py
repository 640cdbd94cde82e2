"""Keeping station days, their duty rosters and marks."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.roster import TOWNSHIP_DEPTH
from evalsys.domain.station_day import (
    Attendance,
    Duty,
    Mark,
    MarkChannel,
    Month,
    StationDay,
)
from evalsys.errors import StaleState
from evalsys.store.casework_people import grid_tree
from evalsys.store.grid_history import past
from evalsys.store.schema.casework import AccountScope
from evalsys.store.schema.roster import Cadre, GridHead, Unit
from evalsys.store.schema.station import StationDayRow, StationDuty, StationMark


def months(db: Session) -> tuple[StationDay, ...]:
    """List the months whose roster is set, the newest first."""
    rows = db.scalars(select(StationDayRow).order_by(StationDayRow.month.desc()))
    return tuple(_day(row) for row in rows)


def month(db: Session, wanted: Month) -> StationDay | None:
    """Return a month whose roster is set."""
    row = db.get(StationDayRow, str(wanted))
    return _day(row) if row else None


def due(db: Session, day: date) -> dict[str, tuple[str, str]]:
    """Say who has to be where on a day: cadre to grid and unit.

    Everybody who heads a grid then and serves; of several grids, the one of the lowest level.
    """
    tree, then = grid_tree(db, day), past(db, day)
    rows = db.execute(
        select(GridHead.grid, Cadre.number, Cadre.unit)
        .join(Cadre, Cadre.number == GridHead.cadre)
        .where(
            GridHead.since <= day,
            GridHead.until.is_(None) | (GridHead.until > day),
            Cadre.left_on.is_(None) | (Cadre.left_on > day),
        )
        .order_by(GridHead.grid)
    )
    found: dict[str, tuple[str, str]] = {}
    for grid, cadre, unit in rows:
        if not then.is_there(grid) or tree.cells[grid].parent is None:
            continue
        held = found.get(cadre)
        if held is None or tree.cells[grid].depth > tree.cells[held[0]].depth:
            found[cadre] = (grid, unit)
    return found


def set_month(db: Session, station: StationDay) -> int:
    """Keep a month with its roster; return how many have to be somewhere.

    Raises:
        StaleState: somebody else set it.
    """
    tree = grid_tree(db, station.day)
    db.add(
        StationDayRow(
            month=str(station.month),
            day=station.day,
            late_until=station.late_until,
            set_by=station.set_by,
            set_at=station.set_at,
        )
    )
    try:
        db.flush()
    except IntegrityError as error:
        raise StaleState("这个月已经排定。", remedy="请刷新页面。") from error
    rows = []
    for cadre, (grid, unit) in due(db, station.day).items():
        way = list(tree.path(grid))
        township = next((cell.name for cell in way if cell.depth == TOWNSHIP_DEPTH), "")
        rows.append(
            {
                "month": str(station.month),
                "cadre": cadre,
                "unit": unit,
                "grid": grid,
                "station": way[0].name,
                "township": township,
            }
        )
    if rows:
        db.execute(insert(StationDuty), rows)
    return len(rows)


def duties(db: Session, wanted: Month) -> tuple[Duty, ...]:
    """List who has to be where in a month, by grid and number."""
    rows = db.execute(
        select(
            StationDuty.cadre,
            Cadre.name,
            Unit.name,
            StationDuty.grid,
            StationDuty.station,
            StationDuty.township,
        )
        .join(Cadre, Cadre.number == StationDuty.cadre)
        .join(Unit, Unit.code == StationDuty.unit)
        .where(StationDuty.month == str(wanted))
        .order_by(StationDuty.grid, StationDuty.cadre)
    )
    return tuple(Duty(*row) for row in rows)


def marks(db: Session, wanted: Month) -> tuple[Mark, ...]:
    """List the marks of a month in the order in which they came."""
    rows = db.scalars(
        select(StationMark).where(StationMark.month == str(wanted)).order_by(StationMark.id)
    )
    return tuple(
        Mark(
            row.cadre,
            Attendance(row.attendance),
            row.reason,
            MarkChannel(row.channel),
            row.by,
            row.at,
        )
        for row in rows
    )


def add_marks(db: Session, wanted: Month, new: Iterable[Mark]) -> None:
    """Keep marks."""
    db.add_all(
        StationMark(
            month=str(wanted),
            cadre=mark.cadre,
            attendance=mark.attendance.value,
            reason=mark.reason.strip(),
            channel=mark.channel.value,
            by=mark.by,
            at=mark.at,
        )
        for mark in new
    )


def cadre_of(db: Session, account: str) -> str | None:
    """Say for which cadre an account acts; None when for none."""
    return db.scalar(
        select(AccountScope.code).where(
            AccountScope.account == account, AccountScope.kind == "cadre"
        )
    )


def _day(row: StationDayRow) -> StationDay:
    return StationDay(Month.read(row.month), row.day, row.late_until, row.set_by, row.set_at)
