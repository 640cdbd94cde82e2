"""Programmes of units, and the households that they served."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "programmes",
        sa.Column("number", sa.String(8), primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("unit", sa.String, sa.ForeignKey("units.code"), nullable=False),
    )
    op.create_table(
        "programme_services",
        sa.Column("programme", sa.String(8), sa.ForeignKey("programmes.number"), primary_key=True),
        sa.Column("household", sa.String, sa.ForeignKey("households.code"), primary_key=True),
        sa.Column("served_on", sa.Date, primary_key=True),
        sa.Column("item", sa.String, primary_key=True),
        sqlite_with_rowid=False,
    )
