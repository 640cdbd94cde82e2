"""Requests as the public may see them: no household, no cadre, no words of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from evalsys.store.schema.casework import CaseworkEvent, CaseworkRequest, CaseworkStanding
from evalsys.store.schema.roster import Grid


@dataclass(frozen=True, slots=True)
class PublicRequest:
    """One request in public: its class, where it is, how far it is."""

    code: str
    class_code: str
    class_title: str
    is_open: bool
    step: str
    close_reason: str
    grid_name: str
    place: str
    """As a program of the public handed it in; empty for what came another way."""
    lat: float | None
    lon: float | None
    requested_at: datetime
    updated_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are listed: those of some codes, else those of a span."""

    codes: Sequence[str]
    span: tuple[datetime, datetime]
    statuses: frozenset[str]
    """open, closed; none for both."""
    classes: frozenset[str] | None
    """None for all."""


def public_requests(db: Session, asked: Wanted, limit: int) -> tuple[PublicRequest, ...]:
    """Read the newest requests that are asked for."""
    standing, request, event = CaseworkStanding, CaseworkRequest, CaseworkEvent
    wanted: list[ColumnElement[bool]] = []
    if asked.codes:
        wanted.append(standing.request.in_(asked.codes))
    else:
        wanted.append(standing.received_at.between(*asked.span))
        if len(asked.statuses) == 1:
            wanted.append(standing.is_open.is_("open" in asked.statuses))
        if asked.classes is not None:
            wanted.append(standing.class_code.in_(asked.classes))
    rows = db.execute(
        select(standing, request.place, request.lat, request.lon, Grid.name, event.at)
        .join(request, request.code == standing.request)
        .join(event, and_(event.request == standing.request, event.seq == standing.seq))
        .join(Grid, Grid.code == request.grid)
        .where(*wanted)
        .order_by(standing.received_at.desc(), standing.request)
        .limit(limit)
    )
    return tuple(_public(*row) for row in rows)


def titled(one: PublicRequest, title: str) -> PublicRequest:
    """Put the title of its class to a request."""
    return replace(one, class_title=title)


def county_code(db: Session) -> str | None:
    """Find the grid of the whole county."""
    return db.scalar(select(Grid.code).where(Grid.parent.is_(None)).limit(1))


def _public(
    row: CaseworkStanding,
    place: str,
    lat: float | None,
    lon: float | None,
    grid: str,
    touched_at: datetime,
) -> PublicRequest:
    # A place or a point that somebody typed for a household could lead to its door.
    is_public = row.channel == "open311"
    return PublicRequest(
        row.request,
        row.class_code,
        "",
        row.is_open,
        row.step,
        row.close_reason,
        grid,
        place if is_public else "",
        lat if is_public else None,
        lon if is_public else None,
        row.received_at,
        touched_at,
        row.due_at,
    )
