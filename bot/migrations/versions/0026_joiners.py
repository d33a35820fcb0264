"""Notes in a check-in that its rep joined the team in the middle of the week."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("check_in", sa.Column("joined_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("check_in", "joined_on")
