"""Household forms: keys and sealed answers."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.create_table(
        "household_keys",
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("erased_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["household"], ["households.code"], name="fk_household_keys_household"
        ),
        sa.PrimaryKeyConstraint("household", "generation", name="pk_household_keys"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "household_entries",
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(24), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("definition", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["household"], ["households.code"], name="fk_household_entries_household"
        ),
        sa.PrimaryKeyConstraint("household", "seq", name="pk_household_entries"),
        sqlite_with_rowid=False,
    )
    refuse_changes("household_entries")
