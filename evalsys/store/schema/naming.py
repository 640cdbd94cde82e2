"""Proposals to name a cadre, and what became of them: rows are appended, never changed."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class NamingProposal(Base):
    """What a seat proposed; not public until it is taken."""

    __tablename__ = "naming_proposals"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    live: Mapped[str] = mapped_column(String(32), index=True)
    seat: Mapped[str] = mapped_column(ForeignKey("panel_seats.id"))
    cadre: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime]


class NamingAnswer(Base):
    """What the operator did with a proposal, once."""

    __tablename__ = "naming_answers"

    proposal: Mapped[str] = mapped_column(ForeignKey("naming_proposals.id"), primary_key=True)
    answer: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(String(200))
    answered_by: Mapped[str] = mapped_column(String(64))
    answered_at: Mapped[datetime]
