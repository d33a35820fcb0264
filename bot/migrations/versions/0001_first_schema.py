"""The first schema: workspaces to outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import ExactDecimal, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slack_team_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("bot_user_id", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=True),
        sa.Column("dead_because", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
        sa.UniqueConstraint("slack_team_id", name=op.f("uq_workspace_slack_team_id")),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("slack_user_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("timezone_chosen", sa.Boolean(), nullable=False),
        sa.Column("timezone_missing", sa.Boolean(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("inactive_because", sa.String(), nullable=True),
        sa.Column("dm_channel", sa.String(), nullable=True),
        sa.Column("home_opened_at", UtcDateTime(), nullable=True),
        sa.Column("profile_read_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_member_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint(
            "workspace_id", "slack_user_id", name=op.f("uq_member_workspace_id_slack_user_id")
        ),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("uncertain_since", UtcDateTime(), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("heal_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("dead_because", sa.String(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("posted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_outbox_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "workspace_id",
            "surface",
            "subject_id",
            name=op.f("uq_outbox_workspace_id_surface_subject_id"),
        ),
    )
    op.create_index(
        "ix_outbox_given_up",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("dead_because IS NOT NULL"),
        postgresql_where=sa.text("dead_because IS NOT NULL"),
    )
    op.create_index("ix_outbox_heal_at", "outbox", ["heal_at"], unique=False)
    op.create_index("ix_outbox_lane_due_at", "outbox", ["lane", "due_at"], unique=False)
    op.create_table(
        "opportunity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("company_key", sa.String(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_opportunity_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_opportunity_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity")),
    )
    op.create_index(
        "ix_opportunity_company", "opportunity", ["member_id", "company_key"], unique=False
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("second_coach_id", sa.Integer(), nullable=True),
        sa.Column("coach_channel", sa.String(), nullable=True),
        sa.Column("channel_problem", sa.String(), nullable=True),
        sa.Column("check_in_day", sa.Integer(), nullable=False),
        sa.Column("check_in_at", sa.Time(), nullable=False),
        sa.Column("deadline_day", sa.Integer(), nullable=False),
        sa.Column("deadline_at", sa.Time(), nullable=False),
        sa.Column("working_from", sa.Time(), nullable=False),
        sa.Column("working_until", sa.Time(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["coach_id"], ["member.id"], name=op.f("fk_team_coach_id")),
        sa.ForeignKeyConstraint(
            ["second_coach_id"], ["member.id"], name=op.f("fk_team_second_coach_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_team_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("workspace_id", "name_key", name=op.f("uq_team_workspace_id_name_key")),
    )
    op.create_index(op.f("ix_team_coach_id"), "team", ["coach_id"], unique=False)
    op.create_index(op.f("ix_team_second_coach_id"), "team", ["second_coach_id"], unique=False)
    op.create_table(
        "check_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.Column("deadline_at", UtcDateTime(), nullable=True),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("skipped_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_check_in_member_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_check_in_team_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_check_in_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("member_id", "week", name=op.f("uq_check_in_member_id_week")),
    )
    op.create_index("ix_check_in_state", "check_in", ["state", "deadline_at"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("opportunity_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("close", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("amount", ExactDecimal(), nullable=True),
        sa.Column("back_reason", sa.String(), nullable=True),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("skipped_second", sa.Boolean(), nullable=False),
        sa.Column("went_back", sa.Boolean(), nullable=False),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("logged_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_conversation_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["opportunity.id"], name=op.f("fk_conversation_opportunity_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_conversation_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint(
            "workspace_id", "request_key", name=op.f("uq_conversation_workspace_id_request_key")
        ),
    )
    op.create_index(
        op.f("ix_conversation_opportunity_id"), "conversation", ["opportunity_id"], unique=False
    )
    op.create_index("ix_conversation_week", "conversation", ["member_id", "week"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("enrolled_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("next_week", sa.Date(), nullable=True),
        sa.Column("next_due_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_enrolment_member_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_enrolment_team_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_enrolment_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("member_id", name=op.f("uq_enrolment_member_id")),
    )
    op.create_index("ix_enrolment_next_due_at", "enrolment", ["next_due_at"], unique=False)
    op.create_index(op.f("ix_enrolment_team_id"), "enrolment", ["team_id"], unique=False)
    op.create_table(
        "metric",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_metric_team_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_metric_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric")),
        sa.UniqueConstraint(
            "workspace_id", "team_id", "key", name=op.f("uq_metric_workspace_id_team_id_key")
        ),
    )
    op.create_index(
        "uq_metric_builtin",
        "metric",
        ["workspace_id", "key"],
        unique=True,
        sqlite_where=sa.text("team_id IS NULL"),
        postgresql_where=sa.text("team_id IS NULL"),
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_in.id"], name=op.f("fk_alert_check_in_id")
        ),
        sa.ForeignKeyConstraint(["done_by"], ["member.id"], name=op.f("fk_alert_done_by")),
        sa.ForeignKeyConstraint(["taken_by"], ["member.id"], name=op.f("fk_alert_taken_by")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_alert_team_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_alert_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("check_in_id", name=op.f("uq_alert_check_in_id")),
    )
    op.create_index(op.f("ix_alert_team_id"), "alert", ["team_id"], unique=False)
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("target", ExactDecimal(), nullable=False),
        sa.Column("number", ExactDecimal(), nullable=True),
        sa.Column("logged", ExactDecimal(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_in.id"], name=op.f("fk_answer_check_in_id")
        ),
        sa.ForeignKeyConstraint(["metric_id"], ["metric.id"], name=op.f("fk_answer_metric_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_answer_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint(
            "check_in_id", "metric_id", name=op.f("uq_answer_check_in_id_metric_id")
        ),
    )
    op.create_table(
        "metric_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("amount", ExactDecimal(), nullable=False),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("logged_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_metric_entry_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["metric_id"], ["metric.id"], name=op.f("fk_metric_entry_metric_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_metric_entry_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric_entry")),
        sa.UniqueConstraint(
            "workspace_id", "request_key", name=op.f("uq_metric_entry_workspace_id_request_key")
        ),
    )
    op.create_index(
        "ix_metric_entry_week", "metric_entry", ["member_id", "metric_id", "week"], unique=False
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_in.id"], name=op.f("fk_reminder_check_in_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_reminder_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("check_in_id", "number", name=op.f("uq_reminder_check_in_id_number")),
    )
    op.create_index(op.f("ix_reminder_due_at"), "reminder", ["due_at"], unique=False)
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("from_week", sa.Date(), nullable=False),
        sa.Column("amount", ExactDecimal(), nullable=True),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_target_member_id")),
        sa.ForeignKeyConstraint(["metric_id"], ["metric.id"], name=op.f("fk_target_metric_id")),
        sa.ForeignKeyConstraint(["set_by"], ["member.id"], name=op.f("fk_target_set_by")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_target_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    op.create_index(
        "ix_target_member", "target", ["member_id", "metric_id", "from_week"], unique=False
    )
    op.create_table(
        "answer_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("number", ExactDecimal(), nullable=False),
        sa.Column("logged", ExactDecimal(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_answer_edit_answer_id")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["member.id"], name=op.f("fk_answer_edit_given_by")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_answer_edit_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_edit")),
    )
    op.create_index(op.f("ix_answer_edit_answer_id"), "answer_edit", ["answer_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_answer_edit_answer_id"), table_name="answer_edit")
    op.drop_table("answer_edit")
    op.drop_index("ix_target_member", table_name="target")
    op.drop_table("target")
    op.drop_index(op.f("ix_reminder_due_at"), table_name="reminder")
    op.drop_table("reminder")
    op.drop_index("ix_metric_entry_week", table_name="metric_entry")
    op.drop_table("metric_entry")
    op.drop_table("answer")
    op.drop_index(op.f("ix_alert_team_id"), table_name="alert")
    op.drop_table("alert")
    op.drop_index(
        "uq_metric_builtin",
        table_name="metric",
        sqlite_where=sa.text("team_id IS NULL"),
        postgresql_where=sa.text("team_id IS NULL"),
    )
    op.drop_table("metric")
    op.drop_index(op.f("ix_enrolment_team_id"), table_name="enrolment")
    op.drop_index("ix_enrolment_next_due_at", table_name="enrolment")
    op.drop_table("enrolment")
    op.drop_index("ix_conversation_week", table_name="conversation")
    op.drop_index(op.f("ix_conversation_opportunity_id"), table_name="conversation")
    op.drop_table("conversation")
    op.drop_index("ix_check_in_state", table_name="check_in")
    op.drop_table("check_in")
    op.drop_index(op.f("ix_team_second_coach_id"), table_name="team")
    op.drop_index(op.f("ix_team_coach_id"), table_name="team")
    op.drop_table("team")
    op.drop_index("ix_opportunity_company", table_name="opportunity")
    op.drop_table("opportunity")
    op.drop_index("ix_outbox_lane_due_at", table_name="outbox")
    op.drop_index("ix_outbox_heal_at", table_name="outbox")
    op.drop_index(
        "ix_outbox_given_up",
        table_name="outbox",
        sqlite_where=sa.text("dead_because IS NOT NULL"),
        postgresql_where=sa.text("dead_because IS NOT NULL"),
    )
    op.drop_table("outbox")
    op.drop_table("member")
    op.drop_table("workspace")
