"""Since when a year's input is on record, and what was on record before."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    # Of rows entered before this nobody kept the day: they count as known on every day.
    op.add_column("assessment_inputs", sa.Column("entered_on", sa.Date()))
    op.create_table(
        "assessment_inputs_past",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("cadre", sa.String, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("household_score_tenths", sa.Integer),
        sa.Column("households_linked", sa.Integer, nullable=False),
        sa.Column("households_answered", sa.Integer, nullable=False),
        sa.Column("unit_rating_tenths", sa.Integer),
        sa.Column("inspection_tenths", sa.Integer),
        sa.Column("households_called", sa.Integer),
        sa.Column("households_reached", sa.Integer),
        sa.Column("household_band", sa.String(16)),
        sa.Column("entered_on", sa.Date()),
        sa.Column("replaced_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cadre"], ["cadres.number"], name="fk_assessment_inputs_past_cadre_cadres"
        ),
    )
    op.create_index("ix_assessment_inputs_past_year", "assessment_inputs_past", ["year"])
    refuse_changes("assessment_inputs_past")
