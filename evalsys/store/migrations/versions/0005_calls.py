"""The first tables of calls."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.schema.base import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "call_attempts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("live", sa.String(32), nullable=False),
        sa.Column("j", sa.Integer, nullable=False),
        sa.Column("k", sa.Integer, nullable=False),
        sa.Column("cadre", sa.String(8), nullable=False),
        sa.Column("household", sa.String(32), nullable=False),
        sa.Column("script", sa.String(64), nullable=False),
        sa.Column("sid", sa.String(64), unique=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("placed_at", UtcDateTime, nullable=False),
        sa.Column("rang_at", UtcDateTime),
        sa.Column("answered_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("heard_at", UtcDateTime, nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("recording", sa.String(64)),
    )
    under_way = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_call_attempts_under_way",
        "call_attempts",
        ["household"],
        unique=True,
        sqlite_where=under_way,
        postgresql_where=under_way,
    )
    op.create_index("ix_call_attempts_ended_at", "call_attempts", ["ended_at"])
    op.create_index("ix_call_attempts_recording", "call_attempts", ["recording"])
    op.create_table(
        "call_answers",
        sa.Column("attempt", sa.String(32), sa.ForeignKey("call_attempts.id"), primary_key=True),
        sa.Column("asked", sa.String(32), primary_key=True),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
    )
