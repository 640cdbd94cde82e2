"""Proposals to name a cadre, and their answers."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "naming_proposals",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("live", sa.String(32), nullable=False, index=True),
        sa.Column("seat", sa.String(32), sa.ForeignKey("panel_seats.id"), nullable=False),
        sa.Column("cadre", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("proposed_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "naming_answers",
        sa.Column(
            "proposal", sa.String(32), sa.ForeignKey("naming_proposals.id"), primary_key=True
        ),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("why", sa.String(200), nullable=False),
        sa.Column("answered_by", sa.String(64), nullable=False),
        sa.Column("answered_at", UtcDateTime, nullable=False),
    )
    for table in ("naming_proposals", "naming_answers"):
        refuse_changes(table)
