"""Callbacks: which closed request a case of a campaign asks about, and what was said of it."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.schema.base import UtcDateTime

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "request_callbacks",
        sa.Column("member", sa.String(32), nullable=False),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=False),
        sa.Column("reply", sa.String(16), nullable=False),
        sa.Column("kept_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["member"], ["campaign_members.id"], name="fk_request_callbacks_member"
        ),
        sa.ForeignKeyConstraint(
            ["request"], ["casework_requests.code"], name="fk_request_callbacks_request"
        ),
        sa.PrimaryKeyConstraint("member", name="pk_request_callbacks"),
    )
    op.create_index("ix_request_callbacks_request", "request_callbacks", ["request"])
