"""Dated values of the clocks, dated routes of classes, versions of the calendar."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.create_table(
        "casework_policy_values",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_casework_policy_values"),
    )
    op.create_table(
        "casework_class_routes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_code", sa.String(32), nullable=False),
        sa.Column("unit", sa.String()),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit"], ["units.code"], name="fk_casework_class_routes_unit_units"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_casework_class_routes"),
    )
    op.create_table(
        "calendar_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holidays", sa.Text(), nullable=False),
        sa.Column("make_up", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_versions"),
    )
    for table in ("casework_policy_values", "casework_class_routes", "calendar_versions"):
        refuse_changes(table)
