"""Assessment cycles, the scores of single components, and petition statistics."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class AssessmentCycleRow(Base):
    """A year or a quarter; closed once, for good."""

    __tablename__ = "assessment_cycles"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    kind: Mapped[str] = mapped_column(String(2))
    first_day: Mapped[date]
    last_day: Mapped[date]
    opened_by: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]
    closed_by: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[datetime | None]


class ComponentScoreRow(Base):
    """One component's score of a cadre or a unit in a cycle; append-only, the last one holds."""

    __tablename__ = "component_scores"
    __table_args__ = (
        CheckConstraint("(cadre IS NULL) <> (unit IS NULL)", name="about_one"),
        CheckConstraint("tenths BETWEEN 0 AND 1000", name="tenths_of_hundred"),
        Index(None, "cycle", "component"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cadre: Mapped[str | None] = mapped_column(ForeignKey("cadres.number"), index=True)
    unit: Mapped[str | None] = mapped_column(ForeignKey("units.code"), index=True)
    component: Mapped[str] = mapped_column(String(16))
    cycle: Mapped[str] = mapped_column(ForeignKey("assessment_cycles.code"))
    tenths: Mapped[int | None]
    """Of a hundred points; None where a correction took the score away."""
    asked: Mapped[int | None]
    called: Mapped[int | None]
    reached: Mapped[int | None]
    answered: Mapped[int | None]
    document: Mapped[str] = mapped_column(Text)
    held_on: Mapped[date]
    entered_by: Mapped[str] = mapped_column(String(64))
    entered_at: Mapped[datetime]
    corrects: Mapped[int | None] = mapped_column(ForeignKey("component_scores.id"))
    reason: Mapped[str] = mapped_column(Text)
    correction: Mapped[int | None]


class PetitionCountRow(Base):
    """How many petitions of one kind a cycle saw; for trends only; append-only, last one holds."""

    __tablename__ = "petition_counts"

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle: Mapped[str] = mapped_column(ForeignKey("assessment_cycles.code"), index=True)
    place: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(60))
    count: Mapped[int]
    document: Mapped[str] = mapped_column(Text)
    entered_by: Mapped[str] = mapped_column(String(64))
    entered_at: Mapped[datetime]
