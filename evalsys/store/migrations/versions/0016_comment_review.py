"""Words of a comment that may still be taken back, and recordings to erase at the carrier."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.schema.base import UtcDateTime

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("campaign_attempts", sa.Column("words", sa.LargeBinary(), nullable=True))
    op.create_table(
        "dropped_recordings",
        sa.Column("recording", sa.String(64), nullable=False),
        sa.Column("dropped_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("recording", name="pk_dropped_recordings"),
        sqlite_with_rowid=False,
    )
