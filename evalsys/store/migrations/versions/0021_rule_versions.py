"""Versions of the county's rule set, their second person, and facts for them."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "rule_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("tables", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_versions"),
    )
    op.create_table(
        "rule_rulings",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ruling", sa.String(8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ruled_by", sa.String(64), nullable=False),
        sa.Column("ruled_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["rule_versions.id"], name="fk_rule_rulings_version"),
        sa.PrimaryKeyConstraint("version", name="pk_rule_rulings"),
    )
    op.create_table(
        "cadre_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cadre", sa.String(8), nullable=False),
        sa.Column("field", sa.String(60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_cadre_facts_cadre"),
        sa.PrimaryKeyConstraint("id", name="pk_cadre_facts"),
    )
    op.create_index("ix_cadre_facts_cadre", "cadre_facts", ["cadre"])
    op.create_index("ix_cadre_facts_since", "cadre_facts", ["since"])
    for table in ("rule_versions", "rule_rulings", "cadre_facts"):
        refuse_changes(table)
