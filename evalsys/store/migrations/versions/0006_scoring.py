"""The first tables of scoring."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.schema.base import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "panel_seats",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("label", sa.String(64), nullable=False),
        sa.Column("code", sa.String(8), nullable=False, unique=True),
        sa.Column("issue", sa.Integer, nullable=False),
        sa.Column("token_sha256", sa.String(64), unique=True),
        sa.Column("joined_at", UtcDateTime),
        sa.UniqueConstraint("live", "number"),
    )
    op.create_table(
        "panel_rounds",
        sa.Column("live", sa.String(32), primary_key=True),
        sa.Column("j", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("opening", sa.Integer, nullable=False),
        sa.Column("satisfied", sa.Integer, nullable=False),
        sa.Column("basically_satisfied", sa.Integer, nullable=False),
        sa.Column("not_satisfied", sa.Integer, nullable=False),
        sa.Column("present", sa.Integer, nullable=False),
    )
    op.create_table(
        "panel_votes",
        sa.Column("live", sa.String(32), primary_key=True),
        sa.Column("j", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seat", sa.String(32), sa.ForeignKey("panel_seats.id"), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("choice", sa.String(24)),
    )
    op.create_table(
        "ballot_receipts",
        sa.Column("live", sa.String(32), primary_key=True),
        sa.Column("j", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("k", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("attempt", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary),
    )
    op.create_table(
        "round_scores",
        sa.Column("live", sa.String(32), primary_key=True),
        sa.Column("j", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("cadre", sa.String(8), nullable=False, index=True),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("mean_tenths", sa.Integer),
        sa.Column("band", sa.String(16), nullable=False),
    )
    op.create_table(
        "household_comments",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("live", sa.String(32), nullable=False, index=True),
        sa.Column("j", sa.Integer, nullable=False),
        sa.Column("cadre", sa.String(8), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("released", sa.Boolean, nullable=False),
        sqlite_with_rowid=False,
    )
