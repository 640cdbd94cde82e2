"""Signs for review, and the rhythms of calls apart from the calls."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column(
        "call_attempts", sa.Column("rhythm", sa.Text(), nullable=False, server_default="")
    )
    op.create_table(
        "call_rhythms",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("j", sa.Integer(), nullable=False),
        sa.Column("cadre", sa.String(8), nullable=False),
        sa.Column("waits", sa.String(100), nullable=False),
        sa.Column("prompts", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_rhythms"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_call_rhythms_live", "call_rhythms", ["live"])
    op.create_table(
        "flags",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_flags"),
    )
    op.create_index("ix_flags_subject", "flags", ["subject"])
    op.create_table(
        "flag_decisions",
        sa.Column("flag", sa.String(32), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["flag"], ["flags.id"], name="fk_flag_decisions_flag"),
        sa.PrimaryKeyConstraint("flag", "n", name="pk_flag_decisions"),
    )
    refuse_changes("flags")
    refuse_changes("flag_decisions")
