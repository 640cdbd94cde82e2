"""How the keys of a campaign's call come, while it lasts."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    op.add_column(
        "campaign_attempts", sa.Column("rhythm", sa.Text(), server_default="", nullable=False)
    )
