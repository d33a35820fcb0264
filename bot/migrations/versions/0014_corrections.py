"""Keeps the numbers that coaches noted beside old answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import ExactDecimal, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("number", ExactDecimal(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer_correction"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_answer_correction_workspace_id"
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name="fk_answer_correction_answer_id"
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["member.id"], name="fk_answer_correction_noted_by"),
        sa.UniqueConstraint(
            "workspace_id", "request_key", name="uq_answer_correction_workspace_id_request_key"
        ),
    )
    op.create_index("ix_answer_correction_answer_id", "answer_correction", ["answer_id"])


def downgrade() -> None:
    op.drop_table("answer_correction")
