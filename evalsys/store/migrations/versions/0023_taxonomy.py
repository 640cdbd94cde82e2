"""Versions of the taxonomy and their entries."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "taxonomy_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("catalogue", sa.String(16), nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("imported_by", sa.String(64), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_taxonomy_versions"),
        sa.UniqueConstraint("catalogue", "since", name="uq_taxonomy_versions_catalogue_since"),
    )
    op.create_table(
        "taxonomy_entries",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("parent", sa.String(32), nullable=False),
        sa.Column("admitted", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["taxonomy_versions.id"], name="fk_taxonomy_entries_version"
        ),
        sa.PrimaryKeyConstraint("version", "code", name="pk_taxonomy_entries"),
    )
    for table in ("taxonomy_versions", "taxonomy_entries"):
        refuse_changes(table)
