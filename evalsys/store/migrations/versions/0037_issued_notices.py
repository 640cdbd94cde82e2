"""Notices issued under numbers without gaps, and their withdrawal."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.create_table(
        "issued_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("cadre", sa.String(8), nullable=False),
        sa.Column("assessed_year", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("run", sa.String(16), nullable=False),
        sa.Column("paper", sa.String(32), nullable=False),
        sa.Column("paper_name", sa.Text(), nullable=False),
        sa.Column("paper_media", sa.String(100), nullable=False),
        sa.Column("paper_sha256", sa.String(64), nullable=False),
        sa.Column("paper_size", sa.Integer(), nullable=False),
        sa.Column("issued_by", sa.String(64), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("number > 0", name="ck_issued_notices_number_counts_from_one"),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_issued_notices_cadre"),
        sa.PrimaryKeyConstraint("id", name="pk_issued_notices"),
        sa.UniqueConstraint(
            "series", "year", "number", name="uq_issued_notices_series_year_number"
        ),
    )
    op.create_index("ix_issued_notices_key", "issued_notices", ["key"])
    op.create_index("ix_issued_notices_cadre", "issued_notices", ["cadre"])
    op.create_table(
        "notice_withdrawals",
        sa.Column("notice", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_by", sa.String(64), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice"], ["issued_notices.id"], name="fk_notice_withdrawals_notice"
        ),
        sa.PrimaryKeyConstraint("notice", name="pk_notice_withdrawals"),
    )
    refuse_changes("issued_notices")
    refuse_changes("notice_withdrawals")
