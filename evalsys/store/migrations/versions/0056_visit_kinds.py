"""How a household was visited."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    with op.batch_alter_table("visits") as table:
        table.add_column(sa.Column("kind", sa.String(8), nullable=False, server_default="入户走访"))
