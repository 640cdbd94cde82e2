"""What became of pledges, entered after the session; and what each session hears."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "pledge_reports",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("done", sa.String(16), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pledge_reports"),
    )
    op.create_index("ix_pledge_reports_live", "pledge_reports", ["live"])
    refuse_changes("pledge_reports")
    op.add_column(
        "live_sessions",
        sa.Column("kind", sa.String(16), nullable=False, server_default="cadre"),
    )
    # The record says it of every session that was planned before the column was there.
    op.execute(
        "UPDATE live_sessions SET kind = 'programme' WHERE id IN (SELECT live FROM live_events "
        "WHERE kind = 'session_planned' AND body LIKE '%\"programmes\":[\"9%')"
    )
