"""Frozen rosters: the snapshot of cadres and households from which one session draws.

Triggers refuse every UPDATE and DELETE. What is published is made from these rows alone, so
a later change of the roster or of a phone cannot reach a session.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class FrozenRosterRow(Base):
    """A roster that a session froze; the last is the one it draws from.

    `n` counts from 1; a second one exists only after an objection was upheld.
    """

    __tablename__ = "frozen_rosters"
    __table_args__ = (UniqueConstraint("live", "n", name="uq_frozen_rosters_live_n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    live: Mapped[str] = mapped_column(String(32))
    n: Mapped[int]
    strata_kind: Mapped[str] = mapped_column(String(16))
    frozen_at: Mapped[datetime]


class FrozenStratumRow(Base):
    """What a stratum stands for: the code of its township, for instance, and its Chinese name."""

    __tablename__ = "frozen_strata"

    roster: Mapped[int] = mapped_column(ForeignKey("frozen_rosters.id"), primary_key=True)
    stratum: Mapped[str] = mapped_column(String(3), primary_key=True)
    key: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")


class FrozenUnitRow(Base):
    """How many cadres and households a unit has in a frozen roster: published head-counts."""

    __tablename__ = "frozen_units"

    roster: Mapped[int] = mapped_column(ForeignKey("frozen_rosters.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    cadres: Mapped[int]
    households: Mapped[int]


class FrozenCadreRow(Base):
    """One line of roster.jsonl."""

    __tablename__ = "frozen_cadres"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class

    roster: Mapped[int] = mapped_column(ForeignKey("frozen_rosters.id"), primary_key=True)
    cadre: Mapped[str] = mapped_column(String(8), primary_key=True)
    hh_n: Mapped[int]
    hh_root: Mapped[str] = mapped_column(String(64))
    stratum: Mapped[str] = mapped_column(String(3))
    weight: Mapped[int]
    quiz: Mapped[str] = mapped_column(String(64), server_default="")


class FrozenQuizRow(Base):
    """What could be asked of one cadre, and the private leaves behind its households (Y24).

    Households stand in an order of their own; numbers 1, 2, ... count them.
    """

    __tablename__ = "frozen_quizzes"

    roster: Mapped[int] = mapped_column(
        ForeignKey("frozen_rosters.id"), primary_key=True, autoincrement=False
    )
    cadre: Mapped[str] = mapped_column(String(8), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    households: Mapped[str]
    """Codes, which are digits, with a space between two."""
    salts: Mapped[bytes] = mapped_column(LargeBinary)
    """16 bytes a household."""
    fields: Mapped[str]
    """Codes of fields with a comma between two; with a space between two households."""


class FrozenListRow(Base):
    """The private leaves of one cadre, side by side in the order of the positions 1, 2, ...

    One row a cadre: as 337,000 rows they took a third of the time of a freeze. Each number is
    sealed by itself, to its own position, and is opened by itself. A cadre without households
    has no row.
    """

    __tablename__ = "frozen_lists"

    roster: Mapped[int] = mapped_column(
        ForeignKey("frozen_rosters.id"), primary_key=True, autoincrement=False
    )
    cadre: Mapped[str] = mapped_column(String(8), primary_key=True)
    households: Mapped[str]
    """Codes, which are digits, with a space between two."""
    salts: Mapped[bytes] = mapped_column(LargeBinary)
    """16 bytes a position."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """48 bytes a position."""


class ObjectionTextRow(Base):
    """What somebody wrote with an objection; the record holds its number, cadre and kind only.

    It may be erased: nothing that is published hangs on it.
    """

    __tablename__ = "objection_texts"

    live: Mapped[str] = mapped_column(String(32), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]


class ObjectionTryRow(Base):
    """One objection from one address, kept for as long as tries are counted."""

    __tablename__ = "objection_tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]


class RecallRow(Base):
    """What the auditor heard when a sampled household was called again."""

    __tablename__ = "recalls"

    live: Mapped[str] = mapped_column(String(32), primary_key=True)
    cadre: Mapped[str] = mapped_column(String(8), primary_key=True)
    k: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str]
    at: Mapped[datetime]
