"""The panel beyond its seats: who is invited, who came through the doors, votes on paper."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class PanelMemberRow(Base):
    """A person on the list of one session's panel. The only place that knows whose a seat is."""

    __tablename__ = "panel_members"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    live: Mapped[str] = mapped_column(String(32))
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(32))
    unit: Mapped[str] = mapped_column(String(100))
    post: Mapped[str] = mapped_column(String(100))
    leading: Mapped[bool]
    seat: Mapped[int | None]
    stood_down: Mapped[bool]

    __table_args__ = (
        UniqueConstraint("live", "place", name="uq_panel_members_live"),
        UniqueConstraint("live", "seat", name="uq_panel_members_seat"),
    )


class PanelScan(Base):
    """A genuine card that was scanned at a door; append-only."""

    __tablename__ = "panel_scans"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Made by the device, so that handing in twice is harmless."""
    live: Mapped[str] = mapped_column(String(32), index=True)
    seat: Mapped[int]
    issue: Mapped[int]
    device: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    received_at: Mapped[datetime]


class PaperSeat(Base):
    """A seat that took a slip of paper in a round: its pad has no vote then."""

    __tablename__ = "panel_paper_seats"

    live: Mapped[str] = mapped_column(String(32), primary_key=True)
    j: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class PaperSlips(Base):
    """All slips of a round as one clerk typed them: they lead to no seat."""

    __tablename__ = "panel_paper_slips"

    live: Mapped[str] = mapped_column(String(32), primary_key=True)
    j: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    clerk: Mapped[str] = mapped_column(String(64), primary_key=True)
    digits: Mapped[str] = mapped_column(Text)


class StandbyRow(Base):
    """Somebody who can be sent out with an investigation team."""

    __tablename__ = "standby_members"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    place: Mapped[int] = mapped_column(unique=True)
    category: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(100))
    unit: Mapped[str] = mapped_column(String(100))
