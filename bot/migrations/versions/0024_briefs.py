"""Adds the weekly briefs of coaches, and their words of praise."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("team", sa.Column("brief_look_at", UtcDateTime(), nullable=True))
    op.create_index("ix_team_brief_look_at", "team", ["brief_look_at"])
    op.create_table(
        "brief",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_brief_workspace_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_brief_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_brief"),
        sa.UniqueConstraint("team_id", "week", name="uq_brief_team_id_week"),
    )
    op.create_table(
        "praise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_praise_workspace_id"),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_in.id"], name="fk_praise_check_in_id"),
        sa.ForeignKeyConstraint(["given_by"], ["member.id"], name="fk_praise_given_by"),
        sa.PrimaryKeyConstraint("id", name="pk_praise"),
        sa.UniqueConstraint("check_in_id", name="uq_praise_check_in_id"),
    )


def downgrade() -> None:
    # An older release could draw neither.
    op.execute("DELETE FROM outbox WHERE surface IN ('brief', 'praise')")
    op.execute(
        "DELETE FROM outbox WHERE surface = 'withdrawn' "
        "AND subject_id IN (SELECT id FROM withdrawal WHERE surface = 'brief')"
    )
    op.execute("DELETE FROM withdrawal WHERE surface = 'brief'")
    op.drop_table("praise")
    op.drop_table("brief")
    op.drop_index("ix_team_brief_look_at", "team")
    op.drop_column("team", "brief_look_at")
