"""Frozen rosters, which nobody may edit."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "frozen_rosters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("strata_kind", sa.String(16), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_frozen_rosters"),
        sa.UniqueConstraint("live", name="uq_frozen_rosters_live"),
    )
    op.create_table(
        "frozen_strata",
        sa.Column("roster", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(3), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["roster"], ["frozen_rosters.id"], name="fk_frozen_strata_roster"),
        sa.PrimaryKeyConstraint("roster", "stratum", name="pk_frozen_strata"),
    )
    op.create_table(
        "frozen_cadres",
        sa.Column("roster", sa.Integer(), nullable=False),
        sa.Column("cadre", sa.String(8), nullable=False),
        sa.Column("hh_n", sa.Integer(), nullable=False),
        sa.Column("hh_root", sa.String(64), nullable=False),
        sa.Column("stratum", sa.String(3), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["roster"], ["frozen_rosters.id"], name="fk_frozen_cadres_roster"),
        sa.PrimaryKeyConstraint("roster", "cadre", name="pk_frozen_cadres"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "frozen_households",
        sa.Column("roster", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cadre", sa.String(8), nullable=False),
        sa.Column("k", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("roster", "cadre", "k", name="pk_frozen_households"),
        sqlite_with_rowid=False,
    )
    for table in ("frozen_rosters", "frozen_strata", "frozen_cadres", "frozen_households"):
        refuse_changes(table)
