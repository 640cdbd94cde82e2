"""Posts that a cadre had before, and principals that a unit had before."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    op.create_table(
        "cadre_posts_past",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("cadre", sa.String, nullable=False),
        sa.Column("unit", sa.String, nullable=False),
        sa.Column("post", sa.String, nullable=False),
        sa.Column("rank", sa.String, nullable=False),
        sa.Column("staff_type", sa.String, nullable=False),
        sa.Column("on_probation", sa.Boolean, nullable=False),
        sa.Column("probation_from", sa.Date()),
        sa.Column("probation_until", sa.Date()),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cadre"], ["cadres.number"], name="fk_cadre_posts_past_cadre_cadres"
        ),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_cadre_posts_past_unit_units"),
    )
    op.create_index("ix_cadre_posts_past_until", "cadre_posts_past", ["until"])
    refuse_changes("cadre_posts_past")
    op.create_table(
        "unit_principals_past",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("unit", sa.String, nullable=False),
        sa.Column("cadre", sa.String),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit"], ["units.code"], name="fk_unit_principals_past_unit_units"
        ),
        sa.ForeignKeyConstraint(
            ["cadre"], ["cadres.number"], name="fk_unit_principals_past_cadre_cadres"
        ),
    )
    refuse_changes("unit_principals_past")
