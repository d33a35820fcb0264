"""The settings for a team's plans: sales cycle, minutes, hours, weeks until the goals are raised."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SETTINGS = {
    "sales_cycle_days": "60",
    "conversation_minutes": "30",
    "weekly_hours": "25",
    "raise_after_weeks": "4",
}


def upgrade() -> None:
    # Columns are added one by one, with a permanent default: SQLite then adds them in place, and no table that
    # refers to `team` has to drop its reference.
    for name, default in SETTINGS.items():
        op.add_column("team", sa.Column(name, sa.Integer(), server_default=default, nullable=False))


def downgrade() -> None:
    for name in reversed(SETTINGS):
        op.drop_column("team", name)
