"""The band in which all answers of a component lie, in the place of a score."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    op.add_column("component_scores", sa.Column("band", sa.String(16)))
