"""Grids, units, cadres, households, phones, links, claims, imports."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.schema.base import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _structure()
    _people()
    _claims()


def _structure() -> None:
    op.create_table(
        "grid_levels",
        sa.Column("depth", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("head_count", sa.Integer(), nullable=False),
        sa.Column("head_min_rank", sa.String(), nullable=False),
        sa.Column("holds_households", sa.Boolean(), nullable=False),
        sa.Column("holds_cadres", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("depth", name="pk_grid_levels"),
    )
    op.create_table(
        "import_batches",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("files", sa.String(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_batches"),
    )
    op.create_table(
        "units",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_units"),
    )
    op.create_table(
        "grids",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("grid_class", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["depth"], ["grid_levels.depth"], name="fk_grids_depth"),
        sa.ForeignKeyConstraint(["parent"], ["grids.code"], name="fk_grids_parent"),
        sa.PrimaryKeyConstraint("code", name="pk_grids"),
    )
    op.create_index("ix_grids_parent", "grids", ["parent"])
    op.create_table(
        "cadres",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("rank", sa.String(), nullable=False),
        sa.Column("staff_type", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("on_probation", sa.Boolean(), nullable=False),
        sa.Column("probation_from", sa.Date(), nullable=True),
        sa.Column("probation_until", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["grid"], ["grids.code"], name="fk_cadres_grid"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_cadres_unit"),
        sa.PrimaryKeyConstraint("number", name="pk_cadres"),
    )
    op.create_index("ix_cadres_grid", "cadres", ["grid"])
    op.create_index("ix_cadres_unit", "cadres", ["unit"])


def _people() -> None:
    op.create_table(
        "households",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["grid"], ["grids.code"], name="fk_households_grid"),
        sa.PrimaryKeyConstraint("code", name="pk_households"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "grid_heads",
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("cadre", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_grid_heads_cadre"),
        sa.ForeignKeyConstraint(["grid"], ["grids.code"], name="fk_grid_heads_grid"),
        sa.PrimaryKeyConstraint("grid", "cadre", "since", name="pk_grid_heads"),
    )
    op.create_table(
        "household_links",
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("cadre", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_household_links_cadre"),
        sa.ForeignKeyConstraint(
            ["household"], ["households.code"], name="fk_household_links_household"
        ),
        sa.PrimaryKeyConstraint("household", "cadre", "since", name="pk_household_links"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_household_links_open",
        "household_links",
        ["cadre"],
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "phones",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("household", sa.String(), nullable=True),
        sa.Column("cadre", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("usable", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("blind", sa.LargeBinary(length=16), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(household IS NULL) <> (cadre IS NULL)", name="ck_phones_one_owner"),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_phones_cadre"),
        sa.ForeignKeyConstraint(["household"], ["households.code"], name="fk_phones_household"),
        sa.PrimaryKeyConstraint("id", name="pk_phones"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_phones_blind", "phones", ["blind"])
    for owner in ("household", "cadre"):
        op.create_index(
            f"uq_phones_{owner}_position",
            "phones",
            [owner, "position"],
            unique=True,
            sqlite_where=sa.text(f"{owner} IS NOT NULL"),
            postgresql_where=sa.text(f"{owner} IS NOT NULL"),
        )


def _claims() -> None:
    op.create_table(
        "service_requests",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("cadre", sa.String(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("solved_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_service_requests_cadre"),
        sa.ForeignKeyConstraint(
            ["household"], ["households.code"], name="fk_service_requests_household"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_service_requests"),
    )
    op.create_index("ix_service_requests_cadre", "service_requests", ["cadre"])
    op.create_table(
        "unit_principals",
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("cadre", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_unit_principals_cadre"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_unit_principals_unit"),
        sa.PrimaryKeyConstraint("unit", name="pk_unit_principals"),
    )
    op.create_table(
        "visits",
        sa.Column("cadre", sa.String(), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_visits_cadre"),
        sa.ForeignKeyConstraint(["household"], ["households.code"], name="fk_visits_household"),
        sa.PrimaryKeyConstraint("cadre", "household", "visited_on", name="pk_visits"),
        sqlite_with_rowid=False,
    )
