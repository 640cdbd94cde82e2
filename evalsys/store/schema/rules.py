"""Versions of the county's rule set, what a second person made of them, and facts for them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class RuleVersionRow(Base):
    """A table that compiled, as somebody proposed it; append-only."""

    __tablename__ = "rule_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
    sha256: Mapped[str] = mapped_column(String(64))
    """The version: hash over the normalised rules and fields."""
    since: Mapped[date]
    tables: Mapped[str] = mapped_column(Text)
    """JSON object: name of a sheet to its rows of texts, from A1."""
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime]


class RuleRulingRow(Base):
    """What the second person made of a version, once; append-only."""

    __tablename__ = "rule_rulings"

    version: Mapped[int] = mapped_column(
        ForeignKey("rule_versions.id"), primary_key=True, autoincrement=False
    )
    ruling: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    ruled_by: Mapped[str] = mapped_column(String(64))
    ruled_at: Mapped[datetime]


class CadreFactRow(Base):
    """A fact on a cadre that no other register holds, from a day on; append-only, the last holds.

    An empty value takes the fact back: it is missing from then on.
    """

    __tablename__ = "cadre_facts"
    __table_args__ = (Index(None, "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"), index=True)
    field: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(Text)
    since: Mapped[date]
    document: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]
