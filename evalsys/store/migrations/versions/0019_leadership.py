"""The leading process and its epoch."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    leadership = op.create_table(
        "leadership",
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leader", sa.String(128), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", name="pk_leadership"),
    )
    op.bulk_insert(leadership, [{"epoch": 0, "leader": "", "beats": 0}])
