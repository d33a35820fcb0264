"""Notes which page of Home a member looks at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "member", sa.Column("home_page", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    op.drop_column("member", "home_page")
