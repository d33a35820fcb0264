"""Remembers when a workspace's Slack refused a chart, so that messages go out with bars of text for a month."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workspace") as table:
        table.add_column(sa.Column("charts_refused_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("workspace", "charts_refused_at")
