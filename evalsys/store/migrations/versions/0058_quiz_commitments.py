"""What could be asked about households, committed to with the frozen roster."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    # In place: a table made anew would lose the triggers that keep frozen rosters as they are.
    op.add_column(
        "frozen_cadres", sa.Column("quiz", sa.String(64), server_default="", nullable=False)
    )
    op.create_table(
        "frozen_quizzes",
        sa.Column("roster", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cadre", sa.String(8), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("households", sa.String(), nullable=False),
        sa.Column("salts", sa.LargeBinary(), nullable=False),
        sa.Column("fields", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["roster"], ["frozen_rosters.id"], name="fk_frozen_quizzes_roster_frozen_rosters"
        ),
        sa.PrimaryKeyConstraint("roster", "cadre", name="pk_frozen_quizzes"),
    )
    refuse_changes("frozen_quizzes")
