"""Notes with each waiting message what Slack last said against it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("refused_because", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "refused_because")
