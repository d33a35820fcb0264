"""Lets a claim read due rows in their order, and lets an idle beat pass over check-ins that are not late yet."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # On a Monday thousands of rows are due at one moment, and a claim takes them in the order of their ids.
    op.create_index("ix_outbox_lane_due_at_id", "outbox", ["lane", "due_at", "id"])
    op.drop_index("ix_outbox_lane_due_at", table_name="outbox")
    op.create_index("ix_check_in_state_due_at", "check_in", ["state", "due_at"])


def downgrade() -> None:
    op.drop_index("ix_check_in_state_due_at", table_name="check_in")
    op.create_index("ix_outbox_lane_due_at", "outbox", ["lane", "due_at"])
    op.drop_index("ix_outbox_lane_due_at_id", table_name="outbox")
