"""Dated changes of the grid, and what the grid was before them."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0040"
down_revision = "0039"


def _change(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["change"], ["grid_changes.id"], name=f"fk_{name}_change_grid_changes"
    )


def _grid(name: str, column: str = "grid") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["grids.code"], name=f"fk_{name}_{column}_grids")


def upgrade() -> None:
    op.create_table(
        "grid_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        _grid("grid_changes"),
        sa.PrimaryKeyConstraint("id", name="pk_grid_changes"),
    )
    op.create_index("ix_grid_changes_grid", "grid_changes", ["grid"])
    op.create_table(
        "grid_change_rulings",
        sa.Column("change", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        _change("grid_change_rulings"),
        sa.PrimaryKeyConstraint("change", "state", name="pk_grid_change_rulings"),
    )
    op.create_table(
        "grid_states",
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent", sa.String()),
        sa.Column("grid_class", sa.String(), nullable=False),
        sa.Column("bounds", sa.Text(), nullable=False),
        _change("grid_states"),
        _grid("grid_states"),
        sa.PrimaryKeyConstraint("grid", "until", name="pk_grid_states"),
    )
    op.create_table(
        "grid_births",
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        _change("grid_births"),
        _grid("grid_births"),
        sa.PrimaryKeyConstraint("grid", name="pk_grid_births"),
    )
    op.create_table(
        "grid_ends",
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("successor", sa.String(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        _change("grid_ends"),
        _grid("grid_ends"),
        _grid("grid_ends", "successor"),
        sa.PrimaryKeyConstraint("grid", name="pk_grid_ends"),
    )
    op.create_table(
        "grid_bounds",
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("bounds", sa.Text(), nullable=False),
        _grid("grid_bounds"),
        sa.PrimaryKeyConstraint("grid", name="pk_grid_bounds"),
    )
    op.create_table(
        "grid_moves",
        sa.Column("change", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(9), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        _change("grid_moves"),
        _grid("grid_moves", "source"),
        _grid("grid_moves", "target"),
        sa.PrimaryKeyConstraint("change", "kind", "code", name="pk_grid_moves"),
    )
    for table in (
        "grid_changes",
        "grid_change_rulings",
        "grid_states",
        "grid_births",
        "grid_ends",
        "grid_moves",
    ):
        refuse_changes(table)
