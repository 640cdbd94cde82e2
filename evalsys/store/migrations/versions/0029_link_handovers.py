"""Hand-overs of linked households and what was ruled on them."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.create_table(
        "link_handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("giver", sa.String(), nullable=False),
        sa.Column("taker", sa.String(), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["giver"], ["cadres.number"], name="fk_link_handovers_giver_cadres"
        ),
        sa.ForeignKeyConstraint(
            ["taker"], ["cadres.number"], name="fk_link_handovers_taker_cadres"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_link_handovers"),
    )
    op.create_index("ix_link_handovers_giver", "link_handovers", ["giver"])
    op.create_table(
        "link_handover_rulings",
        sa.Column("handover", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("ruled_by", sa.String(64), nullable=False),
        sa.Column("ruled_at", UtcDateTime(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover"],
            ["link_handovers.id"],
            name="fk_link_handover_rulings_handover_link_handovers",
        ),
        sa.PrimaryKeyConstraint("handover", name="pk_link_handover_rulings"),
    )
    refuse_changes("link_handovers")
    refuse_changes("link_handover_rulings")
