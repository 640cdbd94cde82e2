"""Places of the ceremony: clerks and witnesses."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.schema.base import UtcDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "attendants",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("service", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=True),
        sa.Column("joined_at", UtcDateTime(), nullable=True),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("ahead_s", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attendants"),
        sa.UniqueConstraint("live", "service", "number"),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("token_sha256"),
    )
