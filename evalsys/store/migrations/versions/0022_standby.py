"""The standby list of investigation teams."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "standby_members",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("unit", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_standby_members"),
        sa.UniqueConstraint("place", name="uq_standby_members_place"),
    )
