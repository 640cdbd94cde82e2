"""Which calling campaign asks about which stage of a project poll."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    op.create_table(
        "poll_campaigns",
        sa.Column("campaign", sa.String(32), nullable=False),
        sa.Column("poll", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign"], ["campaigns.id"], name="fk_poll_campaigns_campaign_campaigns"
        ),
        sa.ForeignKeyConstraint(["poll"], ["polls.id"], name="fk_poll_campaigns_poll_polls"),
        sa.PrimaryKeyConstraint("campaign", name="pk_poll_campaigns"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_poll_campaigns_poll", "poll_campaigns", ["poll"])
    refuse_changes("poll_campaigns")
