"""Assessment cycles, scores of components, petition statistics; households called and reached."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("assessment_inputs", sa.Column("households_called", sa.Integer()))
    op.add_column("assessment_inputs", sa.Column("households_reached", sa.Integer()))
    op.create_table(
        "assessment_cycles",
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(2), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_by", sa.String(64)),
        sa.Column("closed_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("code", name="pk_assessment_cycles"),
    )
    op.create_table(
        "component_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cadre", sa.String(8)),
        sa.Column("unit", sa.String(32)),
        sa.Column("component", sa.String(16), nullable=False),
        sa.Column("cycle", sa.String(6), nullable=False),
        sa.Column("tenths", sa.Integer()),
        sa.Column("asked", sa.Integer()),
        sa.Column("called", sa.Integer()),
        sa.Column("reached", sa.Integer()),
        sa.Column("answered", sa.Integer()),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("corrects", sa.Integer()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("correction", sa.Integer()),
        sa.CheckConstraint(
            "(cadre IS NULL) <> (unit IS NULL)", name="ck_component_scores_about_one"
        ),
        sa.CheckConstraint(
            "tenths BETWEEN 0 AND 1000", name="ck_component_scores_tenths_of_hundred"
        ),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_component_scores_cadre"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_component_scores_unit"),
        sa.ForeignKeyConstraint(
            ["cycle"], ["assessment_cycles.code"], name="fk_component_scores_cycle"
        ),
        sa.ForeignKeyConstraint(
            ["corrects"], ["component_scores.id"], name="fk_component_scores_corrects"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_component_scores"),
    )
    op.create_index("ix_component_scores_cadre", "component_scores", ["cadre"])
    op.create_index("ix_component_scores_unit", "component_scores", ["unit"])
    op.create_index(
        "ix_component_scores_cycle_component", "component_scores", ["cycle", "component"]
    )
    op.create_table(
        "petition_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.String(6), nullable=False),
        sa.Column("place", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle"], ["assessment_cycles.code"], name="fk_petition_counts_cycle"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_petition_counts"),
    )
    op.create_index("ix_petition_counts_cycle", "petition_counts", ["cycle"])
    for table in ("component_scores", "petition_counts"):
        refuse_changes(table)
