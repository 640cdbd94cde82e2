"""A household's own page: askings, codes, sittings, wishes. Codes are kept as hashes only."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class HouseholdAsking(Base):
    """Somebody asked for a code by short message; known numbers and others leave the same row."""

    __tablename__ = "household_askings"
    __table_args__ = (Index(None, "blind", "at"), Index(None, "address", "at"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    blind: Mapped[bytes] = mapped_column(LargeBinary(16))
    """Of the number that was typed, which itself is not kept."""
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    handled_at: Mapped[datetime | None]


class HouseholdCode(Base):
    """A code that opens a household's page once."""

    __tablename__ = "household_codes"

    mac: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """Keyed hash of the code, with the asking for a message's."""
    household: Mapped[str] = mapped_column(ForeignKey("households.code"), index=True)
    via: Mapped[str] = mapped_column(String(8))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class HouseholdTry(Base):
    """A code was typed, right or wrong."""

    __tablename__ = "household_tries"
    __table_args__ = (Index(None, "address", "at"), Index(None, "asking"))

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(64))
    asking: Mapped[str] = mapped_column(String(32))
    """Whose message's code was guessed at; empty for a letter's."""
    at: Mapped[datetime]


class HouseholdSitting(Base):
    """A browser that got in."""

    __tablename__ = "household_sittings"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    household: Mapped[str] = mapped_column(ForeignKey("households.code"), index=True)
    via: Mapped[str] = mapped_column(String(8))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class PageWish(Base):
    """What a household asks the county office for; append-only, its words sealed."""

    __tablename__ = "household_page_wishes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    household: Mapped[str] = mapped_column(ForeignKey("households.code"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    measure: Mapped[str] = mapped_column(String(16))
    """Of a wish for protection: a `domain.protection.Protection`."""
    generation: Mapped[int]
    """Of the household's key that the words are sealed under."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]


class PageWishOutcome(Base):
    """What the office made of a wish; append-only."""

    __tablename__ = "household_page_outcomes"

    wish: Mapped[str] = mapped_column(ForeignKey("household_page_wishes.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(String(500))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class HouseholdCorrection(Base):
    """A column of the roster that the office put right at a household's wish.

    It stands until a roster file says the same: till then no file changes the column.
    """

    __tablename__ = "household_corrections"

    household: Mapped[str] = mapped_column(ForeignKey("households.code"), primary_key=True)
    field: Mapped[str] = mapped_column(String(8), primary_key=True)
    """head, members or phones."""
    wish: Mapped[str] = mapped_column(ForeignKey("household_page_wishes.id"))
    at: Mapped[datetime]
