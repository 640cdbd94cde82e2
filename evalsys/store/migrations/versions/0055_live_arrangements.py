"""In which order and which way round a household of a live session is asked."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    with op.batch_alter_table("call_attempts") as table:
        table.add_column(sa.Column("asks", sa.String(120), nullable=False, server_default=""))
