"""Adds the audit log, notices about it, and messages that were withdrawn from places that changed hands.

What is open belongs to whoever coaches the rep today: open alerts and waiting plans of reps who moved to another
team before this release go to that team.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PRESENT_TEAM = {
    "alert": (
        "SELECT e.team_id FROM enrolment e JOIN check_in c ON c.member_id = e.member_id "
        "WHERE c.id = alert.check_in_id AND e.ended_on IS NULL",
        "done_at IS NULL",
    ),
    "plan": (
        "SELECT e.team_id FROM enrolment e "
        "WHERE e.member_id = plan.member_id AND e.ended_on IS NULL",
        "state IN ('proposed', 'suggested', 'offered')",
    ),
}


def upgrade() -> None:
    op.add_column("team", sa.Column("public_channel", sa.Boolean(), nullable=True))
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("whom_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_audit_workspace_id"),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name="fk_audit_by_id"),
        sa.ForeignKeyConstraint(["whom_id"], ["member.id"], name="fk_audit_whom_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_audit_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_workspace_id_at", "audit", ["workspace_id", "at"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_notice_workspace_id"),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name="fk_notice_audit_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_notice_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("audit_id", "member_id", name="uq_notice_audit_id_member_id"),
    )
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_withdrawal_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_withdrawal"),
    )
    for table, (team, is_open) in PRESENT_TEAM.items():
        op.execute(
            f"UPDATE {table} SET team_id = ({team}) WHERE {is_open} AND EXISTS ({team})"  # noqa: S608
        )


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE surface IN ('notice', 'withdrawn')")
    op.drop_table("withdrawal")
    op.drop_table("notice")
    op.drop_index("ix_audit_workspace_id_at", table_name="audit")
    op.drop_table("audit")
    op.drop_column("team", "public_channel")
