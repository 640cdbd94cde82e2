"""Objections, corrections, peer groups, statutory grades, quotas, sealed files."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "assessment_disputes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cadre", sa.String(8)),
        sa.Column("unit", sa.String(32)),
        sa.Column("cycle", sa.String(6), nullable=False),
        sa.Column("component", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(cadre IS NULL) <> (unit IS NULL)", name="ck_assessment_disputes_about_one"
        ),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_assessment_disputes_cadre"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_assessment_disputes_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_assessment_disputes"),
    )
    op.create_index("ix_assessment_disputes_cadre", "assessment_disputes", ["cadre"])
    op.create_table(
        "dispute_replies",
        sa.Column("dispute", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(4), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replied_by", sa.String(64), nullable=False),
        sa.Column("replied_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispute"], ["assessment_disputes.id"], name="fk_dispute_replies_dispute"
        ),
        sa.PrimaryKeyConstraint("dispute", name="pk_dispute_replies"),
    )
    op.create_table(
        "score_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute", sa.Integer(), nullable=False),
        sa.Column("component", sa.String(16), nullable=False),
        sa.Column("tenths", sa.Integer()),
        sa.Column("asked", sa.Integer()),
        sa.Column("called", sa.Integer()),
        sa.Column("reached", sa.Integer()),
        sa.Column("answered", sa.Integer()),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "tenths BETWEEN 0 AND 1000", name="ck_score_corrections_tenths_of_hundred"
        ),
        sa.ForeignKeyConstraint(
            ["dispute"], ["assessment_disputes.id"], name="fk_score_corrections_dispute"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_score_corrections"),
    )
    op.create_index("ix_score_corrections_dispute", "score_corrections", ["dispute"])
    op.create_table(
        "correction_rulings",
        sa.Column("correction", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ruling", sa.String(8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ruled_by", sa.String(64), nullable=False),
        sa.Column("ruled_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction"], ["score_corrections.id"], name="fk_correction_rulings_correction"
        ),
        sa.PrimaryKeyConstraint("correction", name="pk_correction_rulings"),
    )
    op.create_table(
        "unit_kinds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_unit_kinds_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_unit_kinds"),
    )
    op.create_table(
        "peer_assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cadre", sa.String(8), nullable=False),
        sa.Column("peer_group", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_peer_assignments_cadre"),
        sa.PrimaryKeyConstraint("id", name="pk_peer_assignments"),
    )
    op.create_table(
        "statutory_grades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cadre", sa.String(8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(8), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_statutory_grades_cadre"),
        sa.PrimaryKeyConstraint("id", name="pk_statutory_grades"),
    )
    op.create_index("ix_statutory_grades_year", "statutory_grades", ["year"])
    op.create_table(
        "quota_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.String(64), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_quota_requests_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_quota_requests"),
    )
    op.create_table(
        "quota_rulings",
        sa.Column("request", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ruling", sa.String(8), nullable=False),
        sa.Column("ruled_by", sa.String(64), nullable=False),
        sa.Column("ruled_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["quota_requests.id"], name="fk_quota_rulings_request"
        ),
        sa.PrimaryKeyConstraint("request", name="pk_quota_rulings"),
    )
    op.create_table(
        "sealed_files",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("cycle", sa.String(6), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("assessor", sa.String(60), nullable=False),
        sa.Column("received_by", sa.String(64), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle"], ["assessment_cycles.code"], name="fk_sealed_files_cycle"
        ),
        sa.PrimaryKeyConstraint("sha256", name="pk_sealed_files"),
    )
    for table in (
        "assessment_disputes",
        "dispute_replies",
        "score_corrections",
        "correction_rulings",
        "unit_kinds",
        "peer_assignments",
        "statutory_grades",
        "quota_requests",
        "quota_rulings",
        "sealed_files",
    ):
        refuse_changes(table)
