"""Common issues: opened, spoken of, labelled; heaps and proposals."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    _what_is_said()
    _what_is_computed()
    for table in ("issues", "issue_statements", "issue_progress", "issue_merges", "issue_labels"):
        refuse_changes(table)


def _what_is_said() -> None:
    op.create_table(
        "issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_issues"),
    )
    op.create_table(
        "issue_statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("lead", sa.String(32), nullable=False),
        sa.Column("assisting", sa.Text(), nullable=False),
        sa.Column("budget", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("target_what", sa.String(100), nullable=False),
        sa.Column("target_amount", sa.String(16), nullable=False),
        sa.Column("target_unit", sa.String(16), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("said_by", sa.String(64), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name="fk_issue_statements_issue"),
        sa.PrimaryKeyConstraint("id", name="pk_issue_statements"),
    )
    op.create_index("ix_issue_statements_issue", "issue_statements", ["issue"])
    op.create_table(
        "issue_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("done", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name="fk_issue_progress_issue"),
        sa.PrimaryKeyConstraint("id", name="pk_issue_progress"),
    )
    op.create_index("ix_issue_progress_issue", "issue_progress", ["issue"])
    op.create_table(
        "issue_merges",
        sa.Column("issue", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("into", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name="fk_issue_merges_issue"),
        sa.ForeignKeyConstraint(["into"], ["issues.id"], name="fk_issue_merges_into"),
        sa.PrimaryKeyConstraint("issue", name="pk_issue_merges"),
    )
    op.create_table(
        "issue_labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name="fk_issue_labels_issue"),
        sa.ForeignKeyConstraint(
            ["request"], ["casework_requests.code"], name="fk_issue_labels_request"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_issue_labels"),
    )
    op.create_index("ix_issue_labels_request_id", "issue_labels", ["request", "id"])


def _what_is_computed() -> None:
    op.create_table(
        "issue_clusters",
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("cluster", sa.Integer(), nullable=False),
        sa.Column("away", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["casework_requests.code"], name="fk_issue_clusters_request"
        ),
        sa.PrimaryKeyConstraint("request", name="pk_issue_clusters"),
    )
    op.create_index("ix_issue_clusters_cluster_away", "issue_clusters", ["cluster", "away"])
    op.create_table(
        "issue_proposals",
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("margin", sa.Integer(), nullable=False),
        sa.Column("is_sure", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name="fk_issue_proposals_issue"),
        sa.ForeignKeyConstraint(
            ["request"], ["casework_requests.code"], name="fk_issue_proposals_request"
        ),
        sa.PrimaryKeyConstraint("request", name="pk_issue_proposals"),
    )
    op.create_table(
        "issue_members",
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("is_proposed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name="fk_issue_members_issue"),
        sa.ForeignKeyConstraint(
            ["request"], ["casework_requests.code"], name="fk_issue_members_request"
        ),
        sa.PrimaryKeyConstraint("request", name="pk_issue_members"),
    )
    op.create_index("ix_issue_members_issue", "issue_members", ["issue"])
