"""Scores that were taken over from the county's own records say so."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.add_column(
        "component_scores", sa.Column("origin", sa.String(8), nullable=False, server_default="")
    )
