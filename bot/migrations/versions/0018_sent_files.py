"""Notes which files with people's records were sent in Slack, so that they can be deleted there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("slack_file_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_sent_file_workspace_id"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_sent_file_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sent_file"),
        sa.UniqueConstraint(
            "member_id", "slack_file_id", name="uq_sent_file_member_id_slack_file_id"
        ),
    )
    op.create_index("ix_sent_file_slack_file_id", "sent_file", ["slack_file_id"])


def downgrade() -> None:
    # Orders to delete messages and files mean nothing to an older release, which could not draw them.
    op.execute(
        "DELETE FROM outbox WHERE surface IN ('erased_message', 'erased_home', 'erased_file')"
    )
    op.drop_index("ix_sent_file_slack_file_id", table_name="sent_file")
    op.drop_table("sent_file")
