"""Interview scripts that were used, or that a county wrote itself: as they were, for ever."""

from datetime import datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class InterviewScriptRow(Base):
    """One script, byte by byte; only added to."""

    __tablename__ = "interview_scripts"
    __table_args__ = (UniqueConstraint("name", "version"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime]
    kept_by: Mapped[str] = mapped_column(String(64))
