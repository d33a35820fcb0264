"""Plans: versions with their ratios and goals, and what reps said about pairs of goals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import ExactDecimal, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("goal", ExactDecimal(), nullable=False),
        sa.Column("closed", ExactDecimal(), nullable=False),
        sa.Column("closed_logged", ExactDecimal(), nullable=True),
        sa.Column("average_sale", ExactDecimal(), nullable=True),
        sa.Column("average_logged", ExactDecimal(), nullable=True),
        sa.Column("average_sales", sa.Integer(), nullable=False),
        sa.Column("average_since", sa.Date(), nullable=True),
        sa.Column("working_weeks", ExactDecimal(), nullable=True),
        sa.Column("weeks_counted", ExactDecimal(), nullable=True),
        sa.Column("conversations", sa.Integer(), nullable=True),
        sa.Column("base_moves", sa.Integer(), nullable=True),
        sa.Column("sales", ExactDecimal(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=True),
        sa.Column("rep_agreed_at", UtcDateTime(), nullable=True),
        sa.Column("coach_agreed_at", UtcDateTime(), nullable=True),
        sa.Column("coach_agreed_by", sa.Integer(), nullable=True),
        sa.Column("from_week", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("sights_due_at", UtcDateTime(), nullable=True),
        sa.Column("request_key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["based_on"], ["plan.id"], name=op.f("fk_plan_based_on")),
        sa.ForeignKeyConstraint(
            ["coach_agreed_by"], ["member.id"], name=op.f("fk_plan_coach_agreed_by")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_plan_decided_by")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_plan_member_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_plan_team_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_plan_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("member_id", "version", name=op.f("uq_plan_member_id_version")),
        sa.UniqueConstraint(
            "workspace_id", "request_key", name=op.f("uq_plan_workspace_id_request_key")
        ),
    )
    op.create_index("ix_plan_sights_due_at", "plan", ["sights_due_at"], unique=False)
    op.create_index(op.f("ix_plan_team_id"), "plan", ["team_id"], unique=False)
    op.create_table(
        "plan_ratio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("percent", ExactDecimal(), nullable=False),
        sa.Column("provenance", sa.String(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=True),
        sa.Column("trials", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("low", ExactDecimal(), nullable=True),
        sa.Column("high", ExactDecimal(), nullable=True),
        sa.Column("found_percent", ExactDecimal(), nullable=False),
        sa.Column("found_provenance", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_ratio_plan_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_plan_ratio_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_ratio")),
        sa.UniqueConstraint("plan_id", "step", name=op.f("uq_plan_ratio_plan_id_step")),
    )
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("amount", ExactDecimal(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("metric_id", sa.Integer(), nullable=True),
        sa.Column("commission", ExactDecimal(), nullable=True),
        sa.Column("hours", ExactDecimal(), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["metric_id"], ["metric.id"], name=op.f("fk_goal_metric_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_goal_plan_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_goal_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("plan_id", "key", name=op.f("uq_goal_plan_id_key")),
    )
    op.create_table(
        "goal_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("first_key", sa.String(), nullable=False),
        sa.Column("second_key", sa.String(), nullable=False),
        sa.Column("pulls_apart", sa.Boolean(), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_goal_pair_member_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_goal_pair_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_pair")),
        sa.UniqueConstraint(
            "member_id",
            "first_key",
            "second_key",
            name=op.f("uq_goal_pair_member_id_first_key_second_key"),
        ),
    )


def downgrade() -> None:
    op.drop_table("goal_pair")
    op.drop_table("goal")
    op.drop_table("plan_ratio")
    op.drop_index(op.f("ix_plan_team_id"), table_name="plan")
    op.drop_index("ix_plan_sights_due_at", table_name="plan")
    op.drop_table("plan")
