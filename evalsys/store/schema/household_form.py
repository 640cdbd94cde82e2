"""The household form 民情表: sealed answers that are only ever added, under a key a household.

Erasing a household's form throws its key away: the entries stay where they are, and nobody can
read them any more, not from a backup of the table either.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base

_CLUSTERED = {"sqlite_with_rowid": False}


class HouseholdKey(Base):
    """The key of a household's form, sealed by the installation's; a new one after each erasure."""

    __tablename__ = "household_keys"
    __table_args__ = _CLUSTERED

    household: Mapped[str] = mapped_column(ForeignKey("households.code"), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """None once it was thrown away."""
    made_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class HouseholdEntry(Base):
    """One answer to one question; append-only."""

    __tablename__ = "household_entries"
    __table_args__ = _CLUSTERED

    household: Mapped[str] = mapped_column(ForeignKey("households.code"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 ... a household: two people who write at once collide here."""
    generation: Mapped[int]
    """Of the key that it is sealed under."""
    field: Mapped[str] = mapped_column(String(24))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(16))
    """Where it came from: a page, a file, the household itself."""
    definition: Mapped[str] = mapped_column(String(16))
    """Version of the form that asked."""
