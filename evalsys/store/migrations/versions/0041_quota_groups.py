"""A higher quota of the top grade may be asked for a peer group."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.add_column(
        "quota_requests",
        sa.Column("peer_group", sa.String(120), nullable=False, server_default=""),
    )
