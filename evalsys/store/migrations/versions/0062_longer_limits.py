"""Which requests wait for somebody above to approve a longer limit."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"


def upgrade() -> None:
    op.add_column(
        "casework_standings",
        sa.Column("longer_limit", sa.String(32), server_default="", nullable=False),
    )
