"""Keeps requests for files until the files are sent, so that a crash loses none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("slack_file_ids", sa.String(), nullable=False),
        sa.Column("failed_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_export_order_workspace_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_export_order_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_order")),
    )
    op.create_index("ix_export_order_member_id", "export_order", ["member_id"])


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE surface = 'export'")
    op.drop_index("ix_export_order_member_id", table_name="export_order")
    op.drop_table("export_order")
