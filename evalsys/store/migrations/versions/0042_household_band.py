"""An appraisal in which all gave alike is kept as its band, not as a score."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.add_column("assessment_inputs", sa.Column("household_band", sa.String(16)))
