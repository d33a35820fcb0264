"""Renames columns to the terms of the field; the outbox counts look-backs and redraws in flight separately.

`looks` counted two things: on the lane of posts how often the conversation was read back without finding the
message, on the other lanes how many redraws may still arrive. Each gets a column of its own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OUTBOX = {
    "wanted": "desired_version",
    "shown": "rendered_version",
    "uncertain_since": "unknown_since",
    "looks": "lookbacks",
    "heal_at": "duplicate_check_at",
    "dead_because": "failed_reason",
}


def upgrade() -> None:
    _drop_indexes("heal_at")
    for old, new in OUTBOX.items():
        _rename("outbox", old, new)
    _rename("workspace", "dead_because", "disconnected_reason")
    op.add_column(
        "outbox", sa.Column("redraws_in_flight", sa.Integer(), server_default="0", nullable=False)
    )
    op.execute(
        "UPDATE outbox SET redraws_in_flight = lookbacks, lookbacks = 0 WHERE lane <> 'post'"
    )
    _create_indexes("duplicate_check_at", "failed_reason")


def downgrade() -> None:
    _drop_indexes("duplicate_check_at")
    op.execute("UPDATE outbox SET lookbacks = redraws_in_flight WHERE lane <> 'post'")
    op.drop_column("outbox", "redraws_in_flight")
    _rename("workspace", "disconnected_reason", "dead_because")
    for old, new in OUTBOX.items():
        _rename("outbox", new, old)
    _create_indexes("heal_at", "dead_because")


def _rename(table: str, old: str, new: str) -> None:
    # The column is renamed in place: SQLite can do so since 3.25, and alembic would rebuild the table.
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")


def _drop_indexes(duplicates: str) -> None:
    op.drop_index(f"ix_outbox_{duplicates}", table_name="outbox")
    op.drop_index("ix_outbox_given_up", table_name="outbox")


def _create_indexes(duplicates: str, failed: str) -> None:
    op.create_index(f"ix_outbox_{duplicates}", "outbox", [duplicates])
    op.create_index(
        "ix_outbox_given_up",
        "outbox",
        ["id"],
        sqlite_where=sa.text(f"{failed} IS NOT NULL"),
        postgresql_where=sa.text(f"{failed} IS NOT NULL"),
    )
