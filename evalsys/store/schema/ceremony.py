"""The places of the ceremony: two clerks and the witnesses, each with one device."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class AttendantRow(Base):
    """One place: a card with a one-time code, then a device that is heard every few seconds."""

    __tablename__ = "attendants"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    live: Mapped[str] = mapped_column(String(32))
    service: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(8), unique=True)
    issue: Mapped[int]
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the device's token, which itself is kept nowhere."""
    joined_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    ahead_s: Mapped[int]

    __table_args__ = (UniqueConstraint("live", "service", "number"),)
