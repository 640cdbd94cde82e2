"""Dated values of the clocks, dated routes of classes, versions of the calendar; append-only."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class PolicyValueRow(Base):
    """A value of a limit, pause or number from a day on."""

    __tablename__ = "casework_policy_values"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    value: Mapped[int]
    since: Mapped[date]
    document: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class ClassRouteRow(Base):
    """Which unit requests of a class go to from a day on; no unit takes the route away."""

    __tablename__ = "casework_class_routes"
    id: Mapped[int] = mapped_column(primary_key=True)
    class_code: Mapped[str] = mapped_column(String(32))
    unit: Mapped[str | None] = mapped_column(ForeignKey("units.code"))
    since: Mapped[date]
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class CalendarVersionRow(Base):
    """Holidays and make-up days as somebody kept them; the last one is in force."""

    __tablename__ = "calendar_versions"
    id: Mapped[int] = mapped_column(primary_key=True)
    holidays: Mapped[str] = mapped_column(Text)
    """JSON object of day to name."""
    make_up: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
