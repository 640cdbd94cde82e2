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
    origin: Mapped[str] = mapped_column(String(8), server_default="")
    """Empty for what was entered; else the records that it was taken over from."""
    band: Mapped[str | None] = mapped_column(String(16))
    """Where all gave alike: what is shown; `tenths` is its class mark then."""


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


class AssessmentDisputeRow(Base):
    """An objection to a result; append-only."""

    __tablename__ = "assessment_disputes"
    __table_args__ = (CheckConstraint("(cadre IS NULL) <> (unit IS NULL)", name="about_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cadre: Mapped[str | None] = mapped_column(ForeignKey("cadres.number"), index=True)
    unit: Mapped[str | None] = mapped_column(ForeignKey("units.code"))
    cycle: Mapped[str] = mapped_column(String(6))
    component: Mapped[str] = mapped_column(String(16))
    """Empty where it is about the whole result."""
    text: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(String(8))
    received_on: Mapped[date]
    due_on: Mapped[date]
    entered_by: Mapped[str] = mapped_column(String(64))
    entered_at: Mapped[datetime]


class DisputeReplyRow(Base):
    """The answer to an objection, once; append-only."""

    __tablename__ = "dispute_replies"

    dispute: Mapped[int] = mapped_column(
        ForeignKey("assessment_disputes.id"), primary_key=True, autoincrement=False
    )
    outcome: Mapped[str] = mapped_column(String(4))
    text: Mapped[str] = mapped_column(Text)
    replied_by: Mapped[str] = mapped_column(String(64))
    replied_at: Mapped[datetime]


class ScoreCorrectionRow(Base):
    """A score proposed in place of the one that holds; append-only."""

    __tablename__ = "score_corrections"
    __table_args__ = (CheckConstraint("tenths BETWEEN 0 AND 1000", name="tenths_of_hundred"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute: Mapped[int] = mapped_column(ForeignKey("assessment_disputes.id"), index=True)
    component: Mapped[str] = mapped_column(String(16))
    tenths: Mapped[int | None]
    asked: Mapped[int | None]
    called: Mapped[int | None]
    reached: Mapped[int | None]
    answered: Mapped[int | None]
    document: Mapped[str] = mapped_column(Text)
    held_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime]


class CorrectionRulingRow(Base):
    """What the second person made of a correction, once; append-only."""

    __tablename__ = "correction_rulings"

    correction: Mapped[int] = mapped_column(
        ForeignKey("score_corrections.id"), primary_key=True, autoincrement=False
    )
    ruling: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    ruled_by: Mapped[str] = mapped_column(String(64))
    ruled_at: Mapped[datetime]


class UnitKindRow(Base):
    """What kind of unit one is, for peer groups; append-only, the last one holds."""

    __tablename__ = "unit_kinds"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))
    kind: Mapped[str] = mapped_column(String(60))
    document: Mapped[str] = mapped_column(Text)
    entered_by: Mapped[str] = mapped_column(String(64))
    entered_at: Mapped[datetime]


class PeerAssignmentRow(Base):
    """A cadre put into a peer group by name; append-only, the last one holds."""

    __tablename__ = "peer_assignments"

    id: Mapped[int] = mapped_column(primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"))
    peer_group: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    entered_by: Mapped[str] = mapped_column(String(64))
    entered_at: Mapped[datetime]


class StatutoryGradeRow(Base):
    """A grade of the national annual assessment; append-only, the last one of a year holds."""

    __tablename__ = "statutory_grades"

    id: Mapped[int] = mapped_column(primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"))
    year: Mapped[int] = mapped_column(index=True)
    grade: Mapped[str] = mapped_column(String(8))
    document: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[date]
    entered_by: Mapped[str] = mapped_column(String(64))
    entered_at: Mapped[datetime]


class QuotaRequestRow(Base):
    """A unit's wish for a higher quota of the top grade in a year; append-only.

    For itself, or for a peer group.
    """

    __tablename__ = "quota_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))
    year: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[str] = mapped_column(String(64))
    requested_at: Mapped[datetime]
    peer_group: Mapped[str] = mapped_column(String(120), server_default="")
    """Empty where it is for the unit itself."""


class QuotaRulingRow(Base):
    """What the second person made of it, once; append-only."""

    __tablename__ = "quota_rulings"

    request: Mapped[int] = mapped_column(
        ForeignKey("quota_requests.id"), primary_key=True, autoincrement=False
    )
    ruling: Mapped[str] = mapped_column(String(8))
    ruled_by: Mapped[str] = mapped_column(String(64))
    ruled_at: Mapped[datetime]


class SealedFileRow(Base):
    """The hash of a file that an outside assessor handed in before anybody opened it (L28)."""

    __tablename__ = "sealed_files"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    cycle: Mapped[str] = mapped_column(ForeignKey("assessment_cycles.code"))
    name: Mapped[str] = mapped_column(String(80))
    assessor: Mapped[str] = mapped_column(String(60))
    received_by: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
