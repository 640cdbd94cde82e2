"""Households' own pages: askings, codes, tries, sittings, wishes and their outcomes."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.create_table(
        "household_askings",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("blind", sa.LargeBinary(16), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("handled_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_household_askings"),
    )
    op.create_index("ix_household_askings_blind_at", "household_askings", ["blind", "at"])
    op.create_index("ix_household_askings_address_at", "household_askings", ["address", "at"])
    op.create_table(
        "household_codes",
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("via", sa.String(8), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["household"], ["households.code"], name="fk_household_codes_household"
        ),
        sa.PrimaryKeyConstraint("mac", name="pk_household_codes"),
    )
    op.create_index("ix_household_codes_household", "household_codes", ["household"])
    op.create_table(
        "household_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("asking", sa.String(32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_household_tries"),
    )
    op.create_index("ix_household_tries_address_at", "household_tries", ["address", "at"])
    op.create_index("ix_household_tries_asking", "household_tries", ["asking"])
    op.create_table(
        "household_sittings",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("via", sa.String(8), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household"], ["households.code"], name="fk_household_sittings_household"
        ),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_household_sittings"),
    )
    op.create_index("ix_household_sittings_household", "household_sittings", ["household"])
    op.create_table(
        "household_page_wishes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("measure", sa.String(16), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household"], ["households.code"], name="fk_household_page_wishes_household"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_household_page_wishes"),
    )
    op.create_index("ix_household_page_wishes_household", "household_page_wishes", ["household"])
    op.create_table(
        "household_page_outcomes",
        sa.Column("wish", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wish"], ["household_page_wishes.id"], name="fk_household_page_outcomes_wish"
        ),
        sa.PrimaryKeyConstraint("wish", name="pk_household_page_outcomes"),
    )
    refuse_changes("household_page_wishes")
    refuse_changes("household_page_outcomes")
