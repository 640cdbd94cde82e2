"""Stages of links between cadres and households."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.create_table(
        "link_stages",
        sa.Column("cadre", sa.String(), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("link_since", sa.Date(), nullable=False),
        sa.Column("stage", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_link_stages_cadre_cadres"),
        sa.ForeignKeyConstraint(
            ["household"], ["households.code"], name="fk_link_stages_household_households"
        ),
        sa.PrimaryKeyConstraint("cadre", "household", "link_since", "stage", name="pk_link_stages"),
    )
    refuse_changes("link_stages")
