"""Household requests: what never changes, the append-only events, and where each stands."""

import sqlalchemy as sa
from alembic import op

from evalsys.store.migrations.append_only import refuse_changes
from evalsys.store.schema.base import UtcDateTime

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "casework_class_units",
        sa.Column("class_code", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_casework_class_units_unit"),
        sa.PrimaryKeyConstraint("class_code", name="pk_casework_class_units"),
    )
    op.create_table(
        "casework_requests",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("household", sa.String(), nullable=True),
        sa.Column("cadre", sa.String(), nullable=True),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.String(200), nullable=False, server_default=""),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("taxonomy", sa.Integer(), nullable=False),
        sa.Column("class_code", sa.String(32), nullable=False),
        sa.Column("asked_kind", sa.String(8), nullable=False),
        sa.Column("asked", sa.String(32), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_casework_requests_cadre"),
        sa.ForeignKeyConstraint(["grid"], ["grids.code"], name="fk_casework_requests_grid"),
        sa.ForeignKeyConstraint(
            ["household"], ["households.code"], name="fk_casework_requests_household"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_casework_requests"),
    )
    op.create_index("ix_casework_requests_cadre", "casework_requests", ["cadre"])
    op.create_index(
        "ix_casework_requests_grid_raised_at", "casework_requests", ["grid", "raised_at"]
    )
    op.create_index("ix_casework_requests_household", "casework_requests", ["household"])
    op.create_index(
        "uq_casework_requests_client_id", "casework_requests", ["client_id"], unique=True
    )
    op.create_table(
        "casework_events",
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["casework_requests.code"], name="fk_casework_events_request"
        ),
        sa.PrimaryKeyConstraint("request", "seq", name="pk_casework_events"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_casework_events_kind_at", "casework_events", ["kind", "at"])
    op.create_table(
        "casework_notes",
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("request", "seq", name="pk_casework_notes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "casework_standings",
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("household", sa.String(), nullable=True),
        sa.Column("cadre", sa.String(), nullable=True),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("taxonomy", sa.Integer(), nullable=False),
        sa.Column("class_code", sa.String(32), nullable=False),
        sa.Column("limit_class", sa.String(32), nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("at_grid", sa.String(), nullable=False),
        sa.Column("holder_kind", sa.String(8), nullable=False),
        sa.Column("holder", sa.String(32), nullable=False),
        sa.Column("accountable_kind", sa.String(8), nullable=False),
        sa.Column("accountable", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("explained", sa.Boolean(), nullable=False),
        sa.Column("concluded", sa.Boolean(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.Column("close_reason", sa.String(16), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(64), nullable=False),
        sa.Column("confirmed", sa.String(16), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("escalated", sa.Integer(), nullable=False),
        sa.Column("is_petition", sa.Boolean(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("yellow_at", UtcDateTime(), nullable=True),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("next_duty", sa.String(24), nullable=False),
        sa.Column("clockwork", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["casework_requests.code"], name="fk_casework_standings_request"
        ),
        sa.PrimaryKeyConstraint("request", name="pk_casework_standings"),
    )
    op.create_index("ix_casework_standings_cadre", "casework_standings", ["cadre"])
    op.create_index("ix_casework_standings_class_code", "casework_standings", ["class_code"])
    op.create_index("ix_casework_standings_grid", "casework_standings", ["grid"])
    op.create_index(
        "ix_casework_standings_holder_kind_holder", "casework_standings", ["holder_kind", "holder"]
    )
    op.create_index("ix_casework_standings_household", "casework_standings", ["household"])
    op.create_index(
        "ix_casework_standings_open",
        "casework_standings",
        ["next_at"],
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_index("ix_casework_standings_raised_at", "casework_standings", ["raised_at"])
    op.create_table(
        "casework_duplicates",
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("other", sa.String(64), nullable=False),
        sa.Column("likeness", sa.Integer(), nullable=False),
        sa.Column("decided", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["other"], ["casework_requests.code"], name="fk_casework_duplicates_other"
        ),
        sa.ForeignKeyConstraint(
            ["request"], ["casework_requests.code"], name="fk_casework_duplicates_request"
        ),
        sa.PrimaryKeyConstraint("request", "other", name="pk_casework_duplicates"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "casework_meetings",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("chair", sa.String(100), nullable=False),
        sa.Column("present", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(64), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["grid"], ["grids.code"], name="fk_casework_meetings_grid"),
        sa.PrimaryKeyConstraint("id", name="pk_casework_meetings"),
    )
    op.create_index(
        "uq_casework_meetings_grid_month", "casework_meetings", ["grid", "month"], unique=True
    )
    op.create_table(
        "casework_decisions",
        sa.Column("meeting", sa.String(32), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("responsible_kind", sa.String(8), nullable=False),
        sa.Column("responsible", sa.String(32), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting"], ["casework_meetings.id"], name="fk_casework_decisions_meeting"
        ),
        sa.ForeignKeyConstraint(
            ["request"], ["casework_requests.code"], name="fk_casework_decisions_request"
        ),
        sa.PrimaryKeyConstraint("meeting", "n", name="pk_casework_decisions"),
    )
    op.create_index("ix_casework_decisions_request", "casework_decisions", ["request"])
    op.create_table(
        "casework_first_petitions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("cadre", sa.String(), nullable=False),
        sa.Column("request", sa.String(64), nullable=True),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("petitioned_at", UtcDateTime(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.Column("noted_by", sa.String(64), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("knew", sa.Boolean(), nullable=True),
        sa.Column("accompanied", sa.Boolean(), nullable=True),
        sa.Column("established_at", UtcDateTime(), nullable=True),
        sa.Column("established_by", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cadre"], ["cadres.number"], name="fk_casework_first_petitions_cadre"
        ),
        sa.ForeignKeyConstraint(
            ["household"], ["households.code"], name="fk_casework_first_petitions_household"
        ),
        sa.ForeignKeyConstraint(
            ["request"], ["casework_requests.code"], name="fk_casework_first_petitions_request"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_casework_first_petitions"),
    )
    op.create_index("ix_casework_first_petitions_cadre", "casework_first_petitions", ["cadre"])
    op.create_index(
        "ix_casework_first_petitions_household", "casework_first_petitions", ["household"]
    )
    op.create_table(
        "casework_mismatches",
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cadre", sa.String(), nullable=True),
        sa.Column("closed_by", sa.String(64), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.number"], name="fk_casework_mismatches_cadre"),
        sa.ForeignKeyConstraint(
            ["request"], ["casework_requests.code"], name="fk_casework_mismatches_request"
        ),
        sa.PrimaryKeyConstraint("request", "seq", name="pk_casework_mismatches"),
    )
    op.create_table(
        "casework_make_up_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_casework_make_up_days"),
    )
    op.create_table(
        "account_scopes",
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["users.name"], name="fk_account_scopes_account"),
        sa.PrimaryKeyConstraint("account", "kind", "code", name="pk_account_scopes"),
    )
    refuse_changes("casework_events")
