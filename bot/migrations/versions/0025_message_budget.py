"""Gives each workspace a message budget, and notes which reminders were asked for, and what had no room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workspace") as table:
        table.add_column(
            sa.Column("weekly_messages", sa.Integer(), nullable=False, server_default="5")
        )
    with op.batch_alter_table("reminder") as table:
        table.add_column(
            sa.Column("asked_for", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("dropped_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("praise") as table:
        table.add_column(sa.Column("waits_until", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("praise", "waits_until")
    op.drop_column("reminder", "dropped_at")
    op.drop_column("reminder", "asked_for")
    op.drop_column("workspace", "weekly_messages")
