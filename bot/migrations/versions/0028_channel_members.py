"""Keeps how many people are in each coach channel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("team") as table:
        table.add_column(sa.Column("channel_members", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("team", "channel_members")
