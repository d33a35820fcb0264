"""Keeps which reps want a mid-week line, when the next one comes, and which were sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("enrolment") as table:
        table.add_column(sa.Column("midweek_at", UtcDateTime(), nullable=True))
        table.create_index("ix_enrolment_midweek_at", ["midweek_at"])
    op.create_table(
        "midweek_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("dropped_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("member_id", "week"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE surface = 'midweek'")
    op.drop_table("midweek_line")
    op.drop_index("ix_enrolment_midweek_at", "enrolment")
    op.drop_column("enrolment", "midweek_at")
