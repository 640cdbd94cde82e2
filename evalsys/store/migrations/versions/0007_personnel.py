"""The first tables of personnel."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "assessment_inputs",
        sa.Column("cadre", sa.String, sa.ForeignKey("cadres.number"), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("household_score_tenths", sa.Integer),
        sa.Column("households_linked", sa.Integer, nullable=False),
        sa.Column("households_answered", sa.Integer, nullable=False),
        sa.Column("unit_rating_tenths", sa.Integer),
        sa.Column("inspection_tenths", sa.Integer),
        sa.CheckConstraint(
            "households_answered BETWEEN 0 AND households_linked",
            name="answered_within_linked",
        ),
    )
    op.create_table(
        "appraisals",
        sa.Column("id", sa.Integer, primary_key=True),
        _cadre(),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("linked", sa.Integer, nullable=False),
        sa.Column("answered", sa.Integer, nullable=False),
        sa.Column("satisfied", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        *_recorded(),
    )
    op.create_table(
        "investigation_reports",
        sa.Column("id", sa.Integer, primary_key=True),
        _cadre(),
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("j", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("concluded_on", sa.Date, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("sanction", sa.Text, nullable=False),
        *_recorded(),
        sa.Index("ix_investigation_reports_live_j", "live", "j"),
    )
    op.create_table(
        "evaluation_runs",
        sa.Column("run", sa.String(16), primary_key=True),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("book_name", sa.String(64), nullable=False),
        sa.Column("book_sha256", sa.String(64), nullable=False),
        sa.Column("facts_sha256", sa.String(64), nullable=False),
        sa.Column("cadres", sa.Integer, nullable=False),
        sa.Column("inputs", sa.Integer, nullable=False),
        sa.Column("findings", sa.Integer, nullable=False),
        sa.Column("conclusions", sa.Text, nullable=False),
        sa.Column("first_by", sa.String(64), nullable=False),
        sa.Column("first_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer, primary_key=True),
        _cadre(),
        sa.Column("choice", sa.String(8), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(64), nullable=False),
        sa.Column("decided_at", UtcDateTime, nullable=False),
        sa.Column("run", sa.String(16), sa.ForeignKey("evaluation_runs.run"), nullable=False),
        sa.Column("conclusion", sa.String(8), nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
    )
    for table in ("appraisals", "investigation_reports", "evaluation_runs", "decisions"):
        refuse_changes(table)


def _cadre() -> sa.Column[str]:
    return sa.Column("cadre", sa.String, sa.ForeignKey("cadres.number"), nullable=False, index=True)


def _recorded() -> tuple[sa.Column[str], sa.Column[object]]:
    return (
        sa.Column("recorded_by", sa.String(64), nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
    )
