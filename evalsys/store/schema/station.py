"""Station days 驻点日: the day of a month, who had to be where, and every mark; append-only."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class StationDayRow(Base):
    """The station day of a month; there once its roster is set."""

    __tablename__ = "station_days"
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    """YYYY-MM."""
    day: Mapped[date]
    late_until: Mapped[date]
    set_by: Mapped[str] = mapped_column(String(64))
    set_at: Mapped[datetime]


class StationDuty(Base):
    """Who had to be at which grid's station, as the roster stood then."""

    __tablename__ = "station_duties"
    month: Mapped[str] = mapped_column(ForeignKey("station_days.month"), primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"), primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))
    grid: Mapped[str] = mapped_column(ForeignKey("grids.code"))
    station: Mapped[str]
    """Name of the grid on that day."""
    township: Mapped[str]


class StationMark(Base):
    """A mark 签到; the last one of a cadre counts."""

    __tablename__ = "station_marks"
    __table_args__ = (Index("ix_station_marks_month", "month"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(ForeignKey("station_days.month"))
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"))
    attendance: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(String(8))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
