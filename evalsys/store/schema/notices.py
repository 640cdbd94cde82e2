"""Notices that were issued under a number."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class IssuedNoticeRow(Base):
    """One issued notice; append-only. The paper itself lies sealed among the case papers."""

    __tablename__ = "issued_notices"
    __table_args__ = (
        UniqueConstraint("series", "year", "number"),
        CheckConstraint("number > 0", name="number_counts_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(String(16))
    year: Mapped[int]
    number: Mapped[int]
    key: Mapped[str] = mapped_column(String(64), index=True)
    """SHA-256 of kind, cadre, assessed year and grounds: what is issued once."""
    kind: Mapped[str] = mapped_column(String(16))
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"), index=True)
    assessed_year: Mapped[int]
    as_of: Mapped[date]
    grounds: Mapped[str] = mapped_column(Text)
    """JSON list of sentences."""
    run: Mapped[str] = mapped_column(String(16))
    paper: Mapped[str] = mapped_column(String(32))
    paper_name: Mapped[str] = mapped_column(Text)
    paper_media: Mapped[str] = mapped_column(String(100))
    paper_sha256: Mapped[str] = mapped_column(String(64))
    paper_size: Mapped[int]
    issued_by: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]


class NoticeWithdrawalRow(Base):
    """That a notice no longer holds, once; append-only."""

    __tablename__ = "notice_withdrawals"

    notice: Mapped[int] = mapped_column(
        ForeignKey("issued_notices.id"), primary_key=True, autoincrement=False
    )
    reason: Mapped[str] = mapped_column(Text)
    withdrawn_by: Mapped[str] = mapped_column(String(64))
    withdrawn_at: Mapped[datetime]
