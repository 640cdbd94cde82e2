"""On which grid a cadre stood before the roster changed."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    # In place: a table made anew would lose the triggers that keep what was.
    op.add_column(
        "cadre_posts_past", sa.Column("grid", sa.String(), server_default="", nullable=False)
    )
