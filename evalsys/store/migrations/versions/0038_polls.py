"""Project polls of the households of a grid."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grid", sa.String(32), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("planned_by", sa.String(64), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["grid"], ["grids.code"], name="fk_polls_grid"),
        sa.PrimaryKeyConstraint("id", name="pk_polls"),
    )
    op.create_table(
        "poll_households",
        sa.Column("poll", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("household", sa.String(32), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["poll"], ["polls.id"], name="fk_poll_households_poll"),
        sa.PrimaryKeyConstraint("poll", "household", name="pk_poll_households"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "poll_turnout",
        sa.Column("poll", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("household", sa.String(32), nullable=False),
        sa.Column("voiced", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(["poll"], ["polls.id"], name="fk_poll_turnout_poll"),
        sa.PrimaryKeyConstraint("poll", "stage", "household", name="pk_poll_turnout"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "poll_ballots",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("poll", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("answer", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(["poll"], ["polls.id"], name="fk_poll_ballots_poll"),
        sa.PrimaryKeyConstraint("id", name="pk_poll_ballots"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_poll_ballots_poll", "poll_ballots", ["poll"])
    for table in ("polls", "poll_turnout", "poll_ballots"):
        refuse_changes(table)
