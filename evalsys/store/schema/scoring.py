"""Panel seats and votes, sealed ballots, comments."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class PanelSeat(Base):
    """A seat of the panel in one live session: a card with a code, then one device."""

    __tablename__ = "panel_seats"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    live: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    category: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(8), unique=True)
    issue: Mapped[int]
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the device's token, which itself is kept nowhere."""
    joined_at: Mapped[datetime | None]
    card_since: Mapped[datetime | None]
    """When the present card replaced another one; never of a first card."""

    __table_args__ = (UniqueConstraint("live", "number"),)


class PanelRound(Base):
    """The panel's vote on one drawn cadre. Casting holds this row shared, closing alone."""

    __tablename__ = "panel_rounds"

    live: Mapped[str] = mapped_column(String(32), primary_key=True)
    j: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(8))
    """open, tallied or void."""
    opening: Mapped[int]
    """1 for the first opening, one more after each void: a late vote can not slip into the next."""
    satisfied: Mapped[int]
    basically_satisfied: Mapped[int]
    not_satisfied: Mapped[int]
    present: Mapped[int]


class PanelVote(Base):
    """That a seat voted, and until the tally its last choice. No time: it would tell too much."""

    __tablename__ = "panel_votes"

    live: Mapped[str] = mapped_column(String(32), primary_key=True)
    j: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seat: Mapped[str] = mapped_column(ForeignKey("panel_seats.id"), primary_key=True)
    revision: Mapped[int]
    choice: Mapped[str | None] = mapped_column(String(24))
    """Gone once the vote is tallied."""


class BallotReceipt(Base):
    """That household `k` scored; until the release with the sealed ballot itself."""

    __tablename__ = "ballot_receipts"

    live: Mapped[str] = mapped_column(String(32), primary_key=True)
    j: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    k: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attempt: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the sealed ballot; stands in the session's record too."""
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Destroyed at the release; never kept of a score that came later."""

    # On SQLite a row number would tell the order in which scores came.
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class


class RoundScore(Base):
    """What the sealed ballots of a round told, as it may be shown to anybody."""

    __tablename__ = "round_scores"

    live: Mapped[str] = mapped_column(String(32), primary_key=True)
    j: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cadre: Mapped[str] = mapped_column(String(8), index=True)
    n: Mapped[int]
    mean_tenths: Mapped[int | None]
    band: Mapped[str] = mapped_column(String(16))


class TallyWatch(Base):
    """The one line in which the tally process says that it is there, and what troubles it."""

    __tablename__ = "tally_watch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_key: Mapped[str] = mapped_column(String(64))
    """Of the key it holds, hexadecimal: the console says when it is not the one that seals."""
    seen_at: Mapped[datetime]
    problem: Mapped[str] = mapped_column(Text)


class HouseholdComment(Base):
    """A comment 评语, sealed. Nothing here leads to a household, a call or a moment.

    Without a row number on SQLite, where it would tell the order in which comments came.
    """

    __tablename__ = "household_comments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random, so that reading by id is reading shuffled."""
    live: Mapped[str] = mapped_column(String(32), index=True)
    j: Mapped[int]
    cadre: Mapped[str] = mapped_column(String(8))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    released: Mapped[bool]

    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class
