"""Notes which conversations were logged late, and keeps what an edit replaced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import ExactDecimal, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "conversation",
        sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "conversation_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("close", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("amount", ExactDecimal(), nullable=True),
        sa.Column("back_reason", sa.String(), nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversation_edit"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_conversation_edit_workspace_id"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_conversation_edit_conversation_id"
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["member.id"], name="fk_conversation_edit_changed_by"
        ),
    )
    op.create_index(
        "ix_conversation_edit_conversation_id", "conversation_edit", ["conversation_id"]
    )


def downgrade() -> None:
    op.drop_table("conversation_edit")
    op.drop_column("conversation", "late")
