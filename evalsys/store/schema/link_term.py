"""Renewals of links 续期: what was proposed, what was ruled, which terms began; append-only."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class LinkTermAct(Base):
    """A renewal as it was proposed."""

    __tablename__ = "link_term_acts"
    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(32))
    title: Mapped[str]
    """Name of the cadre or grid at that time."""
    due_by: Mapped[date]
    years: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    links: Mapped[int]
    cadres: Mapped[int]
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime]


class LinkTermRuling(Base):
    """Who approved, sent back or withdrew it: once."""

    __tablename__ = "link_term_rulings"
    act: Mapped[int] = mapped_column(
        ForeignKey("link_term_acts.id"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(Text)


class LinkRenewal(Base):
    """A further term of one link."""

    __tablename__ = "link_renewals"
    household: Mapped[str] = mapped_column(ForeignKey("households.code"), primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"), primary_key=True)
    link_since: Mapped[date] = mapped_column(primary_key=True)
    """First day of the link that it belongs to."""
    begins: Mapped[date] = mapped_column(primary_key=True)
    """First day of the new term."""
    decided_on: Mapped[date]
    act: Mapped[int] = mapped_column(ForeignKey("link_term_acts.id"))
