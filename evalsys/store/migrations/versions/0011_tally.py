"""Ballots are opened by a process of their own: its line, and no row numbers beside ballots."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.schema.base import UtcDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "tally_watch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tally_watch"),
    )
    # What was released is sealed for the tally still: it releases all of it anew, for its readers.
    op.execute("UPDATE household_comments SET released = false")
    if op.get_bind().dialect.name != "sqlite":
        return
    op.rename_table("ballot_receipts", "ballot_receipts_numbered")
    op.create_table(
        "ballot_receipts",
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("j", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("k", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attempt", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("live", "j", "k", name="pk_ballot_receipts"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO ballot_receipts (live, j, k, attempt, sha256, sealed) "
        "SELECT live, j, k, attempt, sha256, sealed FROM ballot_receipts_numbered"
    )
    op.drop_table("ballot_receipts_numbered")
