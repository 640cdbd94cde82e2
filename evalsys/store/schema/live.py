"""The event log of live sessions: rows are appended, never changed."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class LiveSessionRow(Base):
    """One session and the head of its log; a projection, rebuilt from the events."""

    __tablename__ = "live_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    rehearsal: Mapped[bool]
    kind: Mapped[str] = mapped_column(String(16), server_default="cadre")
    """What it hears: "cadre", "programme" or "assembly"."""
    phase: Mapped[str] = mapped_column(String(16))
    drawn: Mapped[int]
    slots: Mapped[int]
    planned_at: Mapped[datetime]
    head_seq: Mapped[int]

    __table_args__ = (Index(None, "planned_at"), Index(None, "phase"))


class LiveEventRow(Base):
    """One event; `hash` covers everything else in the row and the row before."""

    __tablename__ = "live_events"

    live: Mapped[str] = mapped_column(String(32), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
