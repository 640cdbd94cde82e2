"""Signs for review, what people made of them, and the rhythms of calls apart from the calls."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class CallRhythm(Base):
    """How the keys of one call came, the score's left out. Nothing leads to the call.

    Without a row number on SQLite, where it would tell the order in which calls ended.
    """

    __tablename__ = "call_rhythms"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random."""
    live: Mapped[str] = mapped_column(String(32), index=True)
    """The session, or the campaign."""
    j: Mapped[int]
    """The session's round; 0 in a campaign."""
    cadre: Mapped[str] = mapped_column(String(8))
    waits: Mapped[str] = mapped_column(String(100))
    """Half seconds from each question to its key, with commas."""
    prompts: Mapped[str] = mapped_column(String(100))
    """Half seconds that each of these questions takes to say."""

    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class


class FlagRow(Base):
    """A sign that was found; only ever added."""

    __tablename__ = "flags"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(32), index=True)
    evidence: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime]


class FlagDecisionRow(Base):
    """What a person made of a sign, and why; only ever added."""

    __tablename__ = "flag_decisions"

    flag: Mapped[str] = mapped_column(ForeignKey("flags.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    decision: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
