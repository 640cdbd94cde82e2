"""Columns of the roster that were put right at a household's wish."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.schema.base import UtcDateTime

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    op.create_table(
        "household_corrections",
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("field", sa.String(8), nullable=False),
        sa.Column("wish", sa.String(32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household"], ["households.code"], name="fk_household_corrections_household_households"
        ),
        sa.ForeignKeyConstraint(
            ["wish"],
            ["household_page_wishes.id"],
            name="fk_household_corrections_wish_household_page_wishes",
        ),
        sa.PrimaryKeyConstraint("household", "field", name="pk_household_corrections"),
    )
