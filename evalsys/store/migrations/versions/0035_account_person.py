"""Whose an account is, so that two accounts of one person do not pass for two people."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.add_column("users", sa.Column("person", sa.String(32), nullable=False, server_default=""))
