"""Remembers what a coach was told once of a plan: that six weeks disprove it, and that a ratio is measured now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("plan") as table:
        table.add_column(sa.Column("disproved_told_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("plan_ratio") as table:
        table.add_column(sa.Column("measured_told_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("plan_ratio", "measured_told_at")
    op.drop_column("plan", "disproved_told_at")
