"""Wrong PINs of polls are counted with their time and address, and forgotten again."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"


def upgrade() -> None:
    op.create_table(
        "poll_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll", sa.Integer(), nullable=False),
        sa.Column("household", sa.String(32), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["poll"], ["polls.id"], name="fk_poll_tries_poll_polls"),
        sa.PrimaryKeyConstraint("id", name="pk_poll_tries"),
    )
    op.create_index("ix_poll_tries_poll_household_at", "poll_tries", ["poll", "household", "at"])
    op.create_index("ix_poll_tries_address_at", "poll_tries", ["address", "at"])
    op.drop_column("poll_households", "wrong")
