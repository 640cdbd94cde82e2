"""The panel's list, check-in at the doors, and votes on paper."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("panel_seats", sa.Column("card_since", UtcDateTime(), nullable=True))
    op.create_table(
        "panel_members",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(100), nullable=False),
        sa.Column("post", sa.String(100), nullable=False),
        sa.Column("leading", sa.Boolean(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("stood_down", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_panel_members"),
        sa.UniqueConstraint("live", "place", name="uq_panel_members_live"),
        sa.UniqueConstraint("live", "seat", name="uq_panel_members_seat"),
    )
    op.create_table(
        "panel_scans",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_panel_scans"),
    )
    op.create_index("ix_panel_scans_live", "panel_scans", ["live"])
    refuse_changes("panel_scans")
    op.create_table(
        "panel_paper_seats",
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("j", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seat", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("live", "j", "seat", name="pk_panel_paper_seats"),
    )
    op.create_table(
        "panel_paper_slips",
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("j", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("clerk", sa.String(64), nullable=False),
        sa.Column("digits", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("live", "j", "clerk", name="pk_panel_paper_slips"),
    )
