"""Whom a grid has in the roles of its preset."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    op.create_table(
        "grid_staff",
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.ForeignKeyConstraint(["grid"], ["grids.code"], name="fk_grid_staff_grid_grids"),
        sa.PrimaryKeyConstraint("grid", "role", "name", "since", name="pk_grid_staff"),
    )
