"""Keeps what a rep typed as closed already as an opening balance of its day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import ExactDecimal

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("plan") as table:
        table.add_column(sa.Column("opening", ExactDecimal(), nullable=True))
        table.add_column(sa.Column("opening_on", sa.Date(), nullable=True))
    # Until now a typed amount was told from the log's by being another one. Its day is that on which it was sent.
    day = (
        "date(COALESCE(proposed_at, created_at))"
        if op.get_bind().dialect.name == "sqlite"
        else "CAST(COALESCE(proposed_at, created_at) AT TIME ZONE 'UTC' AS date)"
    )
    op.execute(
        f"UPDATE plan SET opening = closed, opening_on = {day} "  # noqa: S608 - both are literals
        "WHERE closed <> COALESCE(closed_logged, 0)"
    )


def downgrade() -> None:
    op.drop_column("plan", "opening_on")
    op.drop_column("plan", "opening")
