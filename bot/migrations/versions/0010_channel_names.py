"""Keeps the name of each team's coach channel, for people who are not in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("team", sa.Column("coach_channel_name", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("team", "coach_channel_name")
