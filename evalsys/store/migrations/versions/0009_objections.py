"""A roster may be frozen again after an objection; head-counts, objections, re-calls."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_on_sqlite()
    else:
        op.drop_constraint("uq_frozen_rosters_live", "frozen_rosters")
        op.add_column(
            "frozen_rosters", sa.Column("n", sa.Integer(), nullable=False, server_default="1")
        )
        op.alter_column("frozen_rosters", "n", server_default=None)
        op.create_unique_constraint("uq_frozen_rosters_live_n", "frozen_rosters", ["live", "n"])
    op.add_column(
        "frozen_strata", sa.Column("name", sa.String(), nullable=False, server_default="")
    )
    op.create_table(
        "frozen_units",
        sa.Column("roster", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("cadres", sa.Integer(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["roster"], ["frozen_rosters.id"], name="fk_frozen_units_roster"),
        sa.PrimaryKeyConstraint("roster", "unit", name="pk_frozen_units"),
    )
    op.create_table(
        "objection_texts",
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("live", "n", name="pk_objection_texts"),
    )
    op.create_table(
        "objection_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_objection_tries"),
    )
    op.create_index("ix_objection_tries_address", "objection_tries", ["address"])
    op.create_table(
        "recalls",
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("cadre", sa.String(8), nullable=False),
        sa.Column("k", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("live", "cadre", "k", name="pk_recalls"),
    )
    for table in ("frozen_units", "recalls"):
        refuse_changes(table)


def _rebuild_on_sqlite() -> None:
    """SQLite cannot drop a constraint; rows that refer to the table wait for the new one."""
    op.execute("PRAGMA defer_foreign_keys=ON")
    op.execute("CREATE TEMPORARY TABLE frozen_rosters_before AS SELECT * FROM frozen_rosters")
    op.drop_table("frozen_rosters")
    op.create_table(
        "frozen_rosters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("strata_kind", sa.String(16), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_frozen_rosters"),
        sa.UniqueConstraint("live", "n", name="uq_frozen_rosters_live_n"),
    )
    op.execute(
        "INSERT INTO frozen_rosters (id, live, n, strata_kind, frozen_at) "
        "SELECT id, live, 1, strata_kind, frozen_at FROM frozen_rosters_before"
    )
    op.execute("DROP TABLE frozen_rosters_before")
    refuse_changes("frozen_rosters")
