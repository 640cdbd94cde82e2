"""Versions of the taxonomy and their entries: never edited, only superseded."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class TaxonomyVersionRow(Base):
    """A taxonomy as it was brought in; append-only."""

    __tablename__ = "taxonomy_versions"
    __table_args__ = (UniqueConstraint("catalogue", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    catalogue: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(30))
    sha256: Mapped[str] = mapped_column(String(64))
    """The version: hash over its entries."""
    since: Mapped[date]
    size: Mapped[int]
    imported_by: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]


class TaxonomyEntryRow(Base):
    """One class of one version; append-only. NULL and "" are left open: as the parent says."""

    __tablename__ = "taxonomy_entries"

    version: Mapped[int] = mapped_column(
        ForeignKey("taxonomy_versions.id"), primary_key=True, autoincrement=False
    )
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    place: Mapped[int]
    """1, 2, 3 … as the file has them."""
    name: Mapped[str] = mapped_column(String(60))
    parent: Mapped[str] = mapped_column(String(32))
    admitted: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(Text)
    urgency: Mapped[str] = mapped_column(String(8))
