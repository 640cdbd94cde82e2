"""Calling campaigns."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    _make_tables()
    refuse_changes("campaign_changes")
    refuse_changes("campaign_contacts")
    trunk = sa.table(
        "trunks",
        *(sa.column(name) for name in ("id", "channels", "reserved", "calls_a_second", "tokens")),
        sa.column("refilled_at", UtcDateTime()),
    )
    op.bulk_insert(
        trunk,
        [
            {
                "id": "main",
                "channels": 30,
                "reserved": 3,
                "calls_a_second": 5.0,
                "tokens": 0.0,
                "refilled_at": datetime(2026, 1, 1, tzinfo=UTC),
            }
        ],
    )


def _make_tables() -> None:
    op.create_table(
        "calling_holidays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_calling_holidays"),
    )
    op.create_table(
        "campaign_ballots",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("campaign", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_ballots"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_campaign_ballots_campaign_about", "campaign_ballots", ["campaign", "about"])
    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("script", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("about", sa.String(length=100), nullable=False),
        sa.Column("pledge", sa.String(length=200), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
    )
    op.create_index("ix_campaigns_state", "campaigns", ["state"])
    op.create_table(
        "household_wishes",
        sa.Column("household", sa.String(length=32), nullable=False),
        sa.Column("do_not_call", sa.Boolean(), nullable=False),
        sa.Column("wish", sa.String(length=16), nullable=False),
        sa.Column("dialect", sa.String(length=16), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.Column("noted_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("household", name="pk_household_wishes"),
    )
    op.create_table(
        "trunks",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("calls_a_second", sa.Double(), nullable=False),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("refilled_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trunks"),
    )
    op.create_table(
        "campaign_changes",
        sa.Column("campaign", sa.String(length=32), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign"], ["campaigns.id"], name="fk_campaign_changes_campaign"
        ),
        sa.PrimaryKeyConstraint("campaign", "n", name="pk_campaign_changes"),
    )
    op.create_table(
        "campaign_members",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("campaign", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("household", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("township", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("stop", sa.String(length=20), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("retried", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("needs_new_number", sa.Boolean(), nullable=False),
        sa.Column("arrangement", sa.String(length=200), nullable=False),
        sa.Column("dialect", sa.String(length=16), nullable=False),
        sa.Column("wish", sa.String(length=16), nullable=False),
        sa.Column("link_sent_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("attempts BETWEEN 0 AND 6", name="ck_campaign_members_attempts_capped"),
        sa.ForeignKeyConstraint(
            ["campaign"], ["campaigns.id"], name="fk_campaign_members_campaign"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_members"),
    )
    op.create_index(
        "ix_campaign_members_campaign_about_household",
        "campaign_members",
        ["campaign", "about", "household"],
        unique=True,
    )
    op.create_index("ix_campaign_members_household", "campaign_members", ["household"])
    op.create_index(
        "ix_campaign_members_queue", "campaign_members", ["campaign", "state", "retried", "due_at"]
    )
    op.create_table(
        "campaign_attempts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("campaign", sa.String(length=32), nullable=False),
        sa.Column("member", sa.String(length=32), nullable=False),
        sa.Column("household", sa.String(length=32), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("asks", sa.String(length=200), nullable=False),
        sa.Column("sid", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("has_agreed", sa.Boolean(), nullable=False),
        sa.Column("recording", sa.String(length=64), nullable=True),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("n BETWEEN 1 AND 6", name="ck_campaign_attempts_n_capped"),
        sa.ForeignKeyConstraint(
            ["member"], ["campaign_members.id"], name="fk_campaign_attempts_member"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_attempts"),
        sa.UniqueConstraint("sid", name="uq_campaign_attempts_sid"),
    )
    op.create_index("ix_campaign_attempts_ended_at", "campaign_attempts", ["ended_at"])
    op.create_index("ix_campaign_attempts_recording", "campaign_attempts", ["recording"])
    op.create_index("uq_campaign_attempts_n", "campaign_attempts", ["member", "n"], unique=True)
    op.create_index(
        "uq_campaign_attempts_under_way",
        "campaign_attempts",
        ["household"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "campaign_contacts",
        sa.Column("member", sa.String(length=32), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contact", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["member"], ["campaign_members.id"], name="fk_campaign_contacts_member"
        ),
        sa.PrimaryKeyConstraint("member", "n", name="pk_campaign_contacts"),
    )
    op.create_table(
        "campaign_results",
        sa.Column("campaign", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("mean_tenths", sa.Integer(), nullable=True),
        sa.Column("band", sa.String(length=16), nullable=False),
        sa.Column("satisfied", sa.Integer(), nullable=True),
        sa.Column("replies", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign"], ["campaigns.id"], name="fk_campaign_results_campaign"
        ),
        sa.PrimaryKeyConstraint("campaign", "about", name="pk_campaign_results"),
    )
    op.create_table(
        "campaign_pending",
        sa.Column("member", sa.String(length=32), nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member"], ["campaign_members.id"], name="fk_campaign_pending_member"
        ),
        sa.PrimaryKeyConstraint("member", "topic", name="pk_campaign_pending"),
    )
    op.create_table(
        "interview_links",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("member", sa.String(length=32), nullable=False),
        sa.Column("attempt", sa.String(length=32), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member"], ["campaign_members.id"], name="fk_interview_links_member"
        ),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_interview_links"),
    )
    op.create_index("ix_interview_links_member", "interview_links", ["member"])
    op.create_table(
        "campaign_answers",
        sa.Column("attempt", sa.String(length=32), nullable=False),
        sa.Column("asked", sa.String(length=32), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt"], ["campaign_attempts.id"], name="fk_campaign_answers_attempt"
        ),
        sa.PrimaryKeyConstraint("attempt", "asked", name="pk_campaign_answers"),
    )
