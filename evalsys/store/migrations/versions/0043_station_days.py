"""Station days with their duty rosters and marks."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0043"
down_revision = "0042"


def _month(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["month"], ["station_days.month"], name=f"fk_{table}_month_station_days"
    )


def _cadre(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name=f"fk_{table}_cadre_cadres")


def upgrade() -> None:
    op.create_table(
        "station_days",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("late_until", sa.Date(), nullable=False),
        sa.Column("set_by", sa.String(64), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("month", name="pk_station_days"),
    )
    op.create_table(
        "station_duties",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("cadre", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("township", sa.String(), nullable=False),
        _month("station_duties"),
        _cadre("station_duties"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_station_duties_unit_units"),
        sa.ForeignKeyConstraint(["grid"], ["grids.code"], name="fk_station_duties_grid_grids"),
        sa.PrimaryKeyConstraint("month", "cadre", name="pk_station_duties"),
    )
    op.create_table(
        "station_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("cadre", sa.String(), nullable=False),
        sa.Column("attendance", sa.String(8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _month("station_marks"),
        _cadre("station_marks"),
        sa.PrimaryKeyConstraint("id", name="pk_station_marks"),
    )
    op.create_index("ix_station_marks_month", "station_marks", ["month"])
    for table in ("station_days", "station_duties", "station_marks"):
        refuse_changes(table)
