"""Interview scripts that were used or added, byte by byte."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    op.create_table(
        "interview_scripts",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("kept_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_interview_scripts")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_interview_scripts_name_version")),
    )
    refuse_changes("interview_scripts")
