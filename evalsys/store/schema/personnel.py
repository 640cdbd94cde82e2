"""Assessments, decisions and their inputs."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class AssessmentInputRow(Base):
    """What was handed in for one cadre and year; scores in tenths of a point of 100."""

    __tablename__ = "assessment_inputs"
    __table_args__ = (
        CheckConstraint(
            "households_answered BETWEEN 0 AND households_linked", name="answered_within_linked"
        ),
    )

    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    household_score_tenths: Mapped[int | None]
    households_linked: Mapped[int]
    households_answered: Mapped[int]
    unit_rating_tenths: Mapped[int | None]
    inspection_tenths: Mapped[int | None]
    households_called: Mapped[int | None]
    households_reached: Mapped[int | None]
    household_band: Mapped[str | None] = mapped_column(String(16))
    """In the place of a score where all gave alike."""
    entered_on: Mapped[date | None]
    """Since which day it is on record as it is; None where nobody kept the day."""


class PastInputRow(Base):
    """An input that another one replaced, from which day to which it was on record; append-only."""

    __tablename__ = "assessment_inputs_past"

    id: Mapped[int] = mapped_column(primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"))
    year: Mapped[int] = mapped_column(index=True)
    household_score_tenths: Mapped[int | None]
    households_linked: Mapped[int]
    households_answered: Mapped[int]
    unit_rating_tenths: Mapped[int | None]
    inspection_tenths: Mapped[int | None]
    households_called: Mapped[int | None]
    households_reached: Mapped[int | None]
    household_band: Mapped[str | None] = mapped_column(String(16))
    entered_on: Mapped[date | None]
    replaced_on: Mapped[date]


class AppraisalRow(Base):
    """A pre-appointment appraisal 任前群众评议 as it was recorded; append-only."""

    __tablename__ = "appraisals"

    id: Mapped[int] = mapped_column(primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"), index=True)
    held_on: Mapped[date]
    linked: Mapped[int]
    answered: Mapped[int]
    satisfied: Mapped[int]
    document: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]


class InvestigationReportRow(Base):
    """How the investigation after a round of a session stands; append-only, the last one holds."""

    __tablename__ = "investigation_reports"
    __table_args__ = (Index(None, "live", "j"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"), index=True)
    live: Mapped[str] = mapped_column(String(32))
    j: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(16))
    concluded_on: Mapped[date]
    basis: Mapped[str] = mapped_column(Text)
    sanction: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]


class EvaluationRun(Base):
    """One evaluation of the whole county, named by the hash of all that went into it; append-only.

    The rulebook's content is not here: `book_sha256` names it.
    """

    __tablename__ = "evaluation_runs"

    run: Mapped[str] = mapped_column(String(16), primary_key=True)
    as_of: Mapped[date]
    year: Mapped[int]
    book_name: Mapped[str] = mapped_column(String(64))
    book_sha256: Mapped[str] = mapped_column(String(64))
    facts_sha256: Mapped[str] = mapped_column(String(64))
    cadres: Mapped[int]
    inputs: Mapped[int]
    findings: Mapped[int]
    conclusions: Mapped[str] = mapped_column(Text)
    """JSON object: conclusion to number of cadres."""
    first_by: Mapped[str] = mapped_column(String(64))
    first_at: Mapped[datetime]


class DecisionRow(Base):
    """What a named person decided, beside the advice of that moment; append-only."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"), index=True)
    choice: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime]
    run: Mapped[str] = mapped_column(ForeignKey("evaluation_runs.run"))
    conclusion: Mapped[str] = mapped_column(String(8))
    rules: Mapped[str] = mapped_column(Text)
    """JSON list of rule numbers."""
    reasons: Mapped[str] = mapped_column(Text)
    """JSON list of sentences."""
