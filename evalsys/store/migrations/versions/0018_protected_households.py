"""Protected households, their own calling time and dialect, and the numbers of offices."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    for name in ("protection", "calling_time", "dialect"):
        op.add_column(
            "households", sa.Column(name, sa.String(16), nullable=False, server_default="")
        )
    op.create_table(
        "office_numbers",
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("blind", sa.LargeBinary(16), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_office_numbers_unit"),
        sa.PrimaryKeyConstraint("unit", "blind", name="pk_office_numbers"),
        sqlite_with_rowid=False,
    )
