"""Whom a request was offered to, beside where it stands."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    for name, length in (("offered_kind", 8), ("offered", 32)):
        op.add_column(
            "casework_standings",
            sa.Column(name, sa.String(length), nullable=False, server_default=""),
        )
