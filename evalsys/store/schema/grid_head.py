"""Appointments and ends of heads of grids as they were decided; append-only."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class GridHeadAct(Base):
    """A deed as it was proposed 网格负责人任免. The terms themselves stand in `grid_heads`."""

    __tablename__ = "grid_head_acts"
    id: Mapped[int] = mapped_column(primary_key=True)
    deed: Mapped[str] = mapped_column(String(8))
    grid: Mapped[str] = mapped_column(ForeignKey("grids.code"), index=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"))
    on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    replaces: Mapped[str] = mapped_column(String(32))
    """Number of the head whose place is taken; empty for none."""
    title: Mapped[str]
    """Name of the grid at that time."""
    name: Mapped[str]
    """Of the cadre."""
    found: Mapped[str] = mapped_column(Text)
    """JSON of the `HeadCheck` of that day."""
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime]


class GridHeadRuling(Base):
    """Who approved, sent back or withdrew it, or that it took effect: each at most once."""

    __tablename__ = "grid_head_rulings"
    act: Mapped[int] = mapped_column(
        ForeignKey("grid_head_acts.id"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(String(16), primary_key=True)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(Text)
