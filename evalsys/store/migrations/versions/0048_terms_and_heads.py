"""Renewals of links, and heads of grids appointed and ended here."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    op.create_table(
        "link_term_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("due_by", sa.Date(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("links", sa.Integer(), nullable=False),
        sa.Column("cadres", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_link_term_acts"),
    )
    op.create_table(
        "link_term_rulings",
        sa.Column("act", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act"], ["link_term_acts.id"], name="fk_link_term_rulings_act_link_term_acts"
        ),
        sa.PrimaryKeyConstraint("act", name="pk_link_term_rulings"),
    )
    op.create_table(
        "link_renewals",
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("cadre", sa.String(), nullable=False),
        sa.Column("link_since", sa.Date(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("act", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household"], ["households.code"], name="fk_link_renewals_household_households"
        ),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_link_renewals_cadre_cadres"),
        sa.ForeignKeyConstraint(
            ["act"], ["link_term_acts.id"], name="fk_link_renewals_act_link_term_acts"
        ),
        sa.PrimaryKeyConstraint(
            "household", "cadre", "link_since", "begins", name="pk_link_renewals"
        ),
    )
    op.create_table(
        "grid_head_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(8), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("cadre", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("replaces", sa.String(32), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["grid"], ["grids.code"], name="fk_grid_head_acts_grid_grids"),
        sa.ForeignKeyConstraint(
            ["cadre"], ["cadres.number"], name="fk_grid_head_acts_cadre_cadres"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_grid_head_acts"),
    )
    op.create_index("ix_grid_head_acts_grid", "grid_head_acts", ["grid"])
    op.create_table(
        "grid_head_rulings",
        sa.Column("act", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act"], ["grid_head_acts.id"], name="fk_grid_head_rulings_act_grid_head_acts"
        ),
        sa.PrimaryKeyConstraint("act", "state", name="pk_grid_head_rulings"),
    )
    for table in (
        "link_term_acts",
        "link_term_rulings",
        "link_renewals",
        "grid_head_acts",
        "grid_head_rulings",
    ):
        refuse_changes(table)
