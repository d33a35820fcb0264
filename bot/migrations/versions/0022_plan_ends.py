"""Tells rep and coach when a plan's period is over, or its goal is reached before that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("plan") as table:
        for name in ("account_due_at", "reached_at", "ended_at"):
            table.add_column(sa.Column(name, UtcDateTime(), nullable=True))
        table.add_column(sa.Column("targets_until", sa.Date(), nullable=True))
    op.create_index("ix_plan_account_due_at", "plan", ["account_due_at"])
    # The first look after the upgrade finds plans that are over already, and those that others took the place of.
    op.execute("UPDATE plan SET account_due_at = decided_at WHERE state = 'approved'")


def downgrade() -> None:
    for table_name in ("outbox", "withdrawal"):
        op.execute(
            f"DELETE FROM {table_name} WHERE surface IN "  # noqa: S608 - both are literals
            "('plan_ended', 'plan_ended_reply', 'plan_reached', 'plan_reached_reply')"
        )
    op.drop_index("ix_plan_account_due_at", table_name="plan")
    for name in ("targets_until", "ended_at", "reached_at", "account_due_at"):
        op.drop_column("plan", name)
