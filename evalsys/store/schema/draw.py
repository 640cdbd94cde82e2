"""Frozen rosters: the snapshot of cadres and households from which one session draws.

Triggers refuse every UPDATE and DELETE. What is published is made from these rows alone, so
a later change of the roster or of a phone cannot reach a session.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class FrozenRosterRow(Base):
    """The roster that one session draws from; its hashes are made from its cadres."""

    __tablename__ = "frozen_rosters"

    id: Mapped[int] = mapped_column(primary_key=True)
    live: Mapped[str] = mapped_column(String(32), unique=True)
    strata_kind: Mapped[str] = mapped_column(String(16))
    frozen_at: Mapped[datetime]


class FrozenStratumRow(Base):
    """What a stratum of a frozen roster stands for: the code of its township, for instance."""

    __tablename__ = "frozen_strata"

    roster: Mapped[int] = mapped_column(ForeignKey("frozen_rosters.id"), primary_key=True)
    stratum: Mapped[str] = mapped_column(String(3), primary_key=True)
    key: Mapped[str]


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


class FrozenHouseholdRow(Base):
    """One private leaf: which household stands at position `k`, its salt and its sealed phone.

    No foreign key: 337,000 checks on rows that are written once, in one transaction, with
    the cadres that they belong to.
    """

    __tablename__ = "frozen_households"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class

    roster: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cadre: Mapped[str] = mapped_column(String(8), primary_key=True)
    k: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    household: Mapped[str]
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    sealed: Mapped[bytes]
