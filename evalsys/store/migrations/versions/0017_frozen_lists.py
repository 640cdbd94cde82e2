"""Frozen households: one row a cadre instead of one a household."""

from itertools import groupby

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    lists = op.create_table(
        "frozen_lists",
        sa.Column("roster", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cadre", sa.String(8), nullable=False),
        sa.Column("households", sa.String(), nullable=False),
        sa.Column("salts", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["roster"], ["frozen_rosters.id"], name="fk_frozen_lists_roster"),
        sa.PrimaryKeyConstraint("roster", "cadre", name="pk_frozen_lists"),
    )
    connection = op.get_bind()
    rosters = connection.scalars(sa.text("SELECT DISTINCT roster FROM frozen_households")).all()
    for roster in rosters:
        rows = connection.execute(
            sa.text(
                "SELECT cadre, household, salt, sealed FROM frozen_households "
                "WHERE roster = :roster ORDER BY cadre, k"
            ),
            {"roster": roster},
        )
        for cadre, held in groupby(rows.all(), lambda row: row.cadre):
            _, households, salts, sealed = zip(*held, strict=True)
            connection.execute(
                lists.insert(),
                {
                    "roster": roster,
                    "cadre": cadre,
                    "households": " ".join(households),
                    "salts": b"".join(salts),
                    "sealed": b"".join(sealed),
                },
            )
    op.drop_table("frozen_households")
    if connection.dialect.name == "postgresql":
        op.execute("DROP FUNCTION frozen_households_refuses_changes")
    refuse_changes("frozen_lists")
