"""Keeping what an editor changes of the clocks, the calendar and the routes."""

import json
from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from evalsys.domain.casework.rule_changes import CalendarVersion, DatedValue, Route
from evalsys.store.campaigns import keep_holidays
from evalsys.store.schema.casework import MakeUpDay
from evalsys.store.schema.casework_rules import CalendarVersionRow, ClassRouteRow, PolicyValueRow


def values(db: Session) -> tuple[DatedValue, ...]:
    """List every value in the order in which they were kept."""
    rows = db.scalars(select(PolicyValueRow).order_by(PolicyValueRow.id))
    return tuple(
        DatedValue(row.name, row.value, row.since, row.document, row.by, row.at) for row in rows
    )


def add_value(db: Session, new: DatedValue) -> None:
    """Keep a value."""
    db.add(
        PolicyValueRow(
            name=new.name,
            value=new.value,
            since=new.since,
            document=new.document.strip(),
            by=new.by,
            at=new.at,
        )
    )


def routes(db: Session) -> tuple[Route, ...]:
    """List every route in the order in which they were kept."""
    rows = db.scalars(select(ClassRouteRow).order_by(ClassRouteRow.id))
    return tuple(Route(row.class_code, row.unit or "", row.since, row.by, row.at) for row in rows)


def add_route(db: Session, new: Route) -> None:
    """Keep a route."""
    db.add(
        ClassRouteRow(
            class_code=new.class_code,
            unit=new.unit or None,
            since=new.since,
            by=new.by,
            at=new.at,
        )
    )


def keep_calendar(db: Session, new: CalendarVersion) -> None:
    """Make a calendar the one in force, and keep it as a version."""
    db.add(
        CalendarVersionRow(
            holidays=_written(new.holidays), make_up=_written(new.make_up), by=new.by, at=new.at
        )
    )
    keep_holidays(db, new.holidays)
    db.execute(delete(MakeUpDay))
    if new.make_up:
        db.execute(
            insert(MakeUpDay), [{"day": day, "name": name} for day, name in new.make_up.items()]
        )


def calendar_versions(db: Session, limit: int) -> tuple[CalendarVersion, ...]:
    """List the versions of the calendar, the newest first."""
    rows = db.scalars(
        select(CalendarVersionRow).order_by(CalendarVersionRow.id.desc()).limit(limit)
    )
    return tuple(
        CalendarVersion(_read(row.holidays), _read(row.make_up), row.by, row.at) for row in rows
    )


def _written(days: Mapping[date, str]) -> str:
    return json.dumps({day.isoformat(): days[day] for day in sorted(days)}, ensure_ascii=False)


def _read(text: str) -> Mapping[date, str]:
    return {date.fromisoformat(day): name for day, name in json.loads(text).items()}
