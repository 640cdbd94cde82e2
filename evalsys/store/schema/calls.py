"""Dialling attempts, and the inbox of what households pressed: never which key."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base

_UNDER_WAY = text("ended_at IS NULL")


class CallAttempt(Base):
    """One dialling attempt; written before the carrier is asked. No telephone number."""

    __tablename__ = "call_attempts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    live: Mapped[str] = mapped_column(String(32))
    j: Mapped[int]
    k: Mapped[int]
    cadre: Mapped[str] = mapped_column(String(8))
    household: Mapped[str] = mapped_column(String(32))
    script: Mapped[str] = mapped_column(String(64))
    sid: Mapped[str | None] = mapped_column(String(64), unique=True)
    status: Mapped[str] = mapped_column(String(16))
    placed_at: Mapped[datetime]
    rang_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    heard_at: Mapped[datetime]
    """When the carrier last said something about it, or was asked."""
    step: Mapped[str] = mapped_column(String(32))
    """What was asked last; the interview goes on from here after a restart."""
    asks: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """Order and polarity of its questions; empty as the script is written."""
    rhythm: Mapped[str] = mapped_column(Text, default="", server_default="")
    """How the keys came so far; cut loose from here when the call ends."""
    recording: Mapped[str | None] = mapped_column(String(64))
    """A comment that waits for its words; empty once it was handed on, apart from this row."""

    __table_args__ = (
        Index(
            "uq_call_attempts_under_way",
            "household",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
        Index(None, "ended_at"),
        Index(None, "recording"),
    )


class CallAnswer(Base):
    """One webhook that had its effect: a repeat gets the same answer, another one none."""

    __tablename__ = "call_answers"

    attempt: Mapped[str] = mapped_column(ForeignKey("call_attempts.id"), primary_key=True)
    asked: Mapped[str] = mapped_column(String(32), primary_key=True)
    """What it answers: question and try, "answer" or "transcription"."""
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Keyed, because a bare hash of one of five keys is reversed at once; empty after the call."""
    step: Mapped[str] = mapped_column(String(32))
    """What was said next."""
