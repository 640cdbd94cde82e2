"""Hand-overs of linked households, and what was ruled on them; append-only."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class HandOverRow(Base):
    """A hand-over as it was proposed. Which households it moved stands in their links."""

    __tablename__ = "link_handovers"
    id: Mapped[int] = mapped_column(primary_key=True)
    giver: Mapped[str] = mapped_column(ForeignKey("cadres.number"), index=True)
    taker: Mapped[str] = mapped_column(ForeignKey("cadres.number"))
    reason: Mapped[str] = mapped_column(String(16))
    since: Mapped[date]
    households: Mapped[int]
    note: Mapped[str]
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime]


class HandOverRulingRow(Base):
    """Who accepted, declined or withdrew it: once, since the hand-over is the key."""

    __tablename__ = "link_handover_rulings"
    handover: Mapped[int] = mapped_column(
        ForeignKey("link_handovers.id"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(String(16))
    ruled_by: Mapped[str] = mapped_column(String(64))
    ruled_at: Mapped[datetime]
    why: Mapped[str]
