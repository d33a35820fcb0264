"""Adds the coaching loop: acts, what was agreed, wishes for advice, and alerts that are passed on.

Alerts that are open now are not passed on: they may be old, and their coaches were not told of it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COLUMNS: dict[str, dict[str, Any]] = {
    "check_in": {"cause": sa.String(), "cause_words": sa.String(), "nodded_at": UtcDateTime()},
    "alert": {
        "suggested_act": sa.String(),
        "suggested_because": sa.String(),
        "act": sa.String(),
        "waits_since": UtcDateTime(),
        "next_look_at": UtcDateTime(),
        "passed_on_at": UtcDateTime(),
        "left_at": UtcDateTime(),
    },
}
_PEOPLE = (("check_in", "nodded_by"), ("alert", "passed_on_to"))
"""Columns that refer to a member."""


def upgrade() -> None:
    op.add_column(
        "team",
        sa.Column("pass_on_after_hours", sa.Integer(), nullable=False, server_default="24"),
    )
    _add_columns()
    _create_agreement()
    op.create_table(
        "advice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_advice_workspace_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_advice_member_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_advice_team_id"),
        sa.ForeignKeyConstraint(["closed_by"], ["member.id"], name="fk_advice_closed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_advice"),
    )
    op.create_index("ix_advice_team_id", "advice", ["team_id"])
    op.create_index(
        "uq_advice_open",
        "advice",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "act_guide",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("lines", sa.String(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_act_guide_workspace_id"
        ),
        sa.ForeignKeyConstraint(["set_by"], ["member.id"], name="fk_act_guide_set_by"),
        sa.PrimaryKeyConstraint("id", name="pk_act_guide"),
        sa.UniqueConstraint("workspace_id", "act", name="uq_act_guide_workspace_id_act"),
    )


def _add_columns() -> None:
    # In place, on SQLite too: a table that others refer to can't be rebuilt while it has rows.
    for table, columns in _COLUMNS.items():
        for name, type_ in columns.items():
            op.add_column(table, sa.Column(name, type_, nullable=True))
    for table, name in _PEOPLE:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {name} INTEGER "
            f"CONSTRAINT fk_{table}_{name} REFERENCES member (id)"
        )
    op.create_index("ix_alert_next_look_at", "alert", ["next_look_at"])


def _create_agreement() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("agreed_at", UtcDateTime(), nullable=False),
        sa.Column("otherwise", sa.String(), nullable=True),
        sa.Column("otherwise_at", UtcDateTime(), nullable=True),
        sa.Column("asked_in", sa.Integer(), nullable=True),
        sa.Column("step_asked_in", sa.Integer(), nullable=True),
        sa.Column("talked", sa.String(), nullable=True),
        sa.Column("talked_at", UtcDateTime(), nullable=True),
        sa.Column("helped", sa.String(), nullable=True),
        sa.Column("helped_at", UtcDateTime(), nullable=True),
        sa.Column("kept", sa.String(), nullable=True),
        sa.Column("kept_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_agreement_workspace_id"
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name="fk_agreement_alert_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_agreement_member_id"),
        sa.ForeignKeyConstraint(["coach_id"], ["member.id"], name="fk_agreement_coach_id"),
        sa.ForeignKeyConstraint(["asked_in"], ["check_in.id"], name="fk_agreement_asked_in"),
        sa.ForeignKeyConstraint(
            ["step_asked_in"], ["check_in.id"], name="fk_agreement_step_asked_in"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agreement"),
        sa.UniqueConstraint("alert_id", name="uq_agreement_alert_id"),
    )
    op.create_index("ix_agreement_member_id_agreed_at", "agreement", ["member_id", "agreed_at"])
    op.create_index("ix_agreement_coach_id", "agreement", ["coach_id"])
    op.create_index("ix_agreement_asked_in", "agreement", ["asked_in"])
    op.create_index("ix_agreement_step_asked_in", "agreement", ["step_asked_in"])


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE surface IN ('agreement', 'passed_on', 'advice')")
    op.execute("DELETE FROM withdrawal WHERE surface IN ('agreement', 'passed_on', 'advice')")
    op.drop_table("act_guide")
    op.drop_index("uq_advice_open", table_name="advice")
    op.drop_index("ix_advice_team_id", table_name="advice")
    op.drop_table("advice")
    for index in (
        "ix_agreement_step_asked_in",
        "ix_agreement_asked_in",
        "ix_agreement_coach_id",
        "ix_agreement_member_id_agreed_at",
    ):
        op.drop_index(index, table_name="agreement")
    op.drop_table("agreement")
    op.drop_index("ix_alert_next_look_at", table_name="alert")
    for table, name in _PEOPLE:
        op.drop_column(table, name)
    for table, columns in _COLUMNS.items():
        for name in columns:
            op.drop_column(table, name)
    op.drop_column("team", "pass_on_after_hours")
