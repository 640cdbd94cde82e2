"""Personnel procedures as append-only entries, and their sealed papers."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "casebook_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(16), nullable=False),
        sa.Column("case", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("cadre", sa.String(8), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_casebook_entries_cadre"),
        sa.PrimaryKeyConstraint("id", name="pk_casebook_entries"),
        sa.UniqueConstraint("case", "seq", name="uq_casebook_entries_case_seq"),
    )
    op.create_index("ix_casebook_entries_room_cadre", "casebook_entries", ["room", "cadre"])
    op.create_table(
        "case_papers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media", sa.String(100), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_papers"),
    )
    op.create_index("ix_case_papers_case", "case_papers", ["case"])
    refuse_changes("casebook_entries")
