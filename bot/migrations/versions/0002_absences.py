"""Absences, and the working days and public holidays that weeks are counted in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import ExactDecimal, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_absence_member_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["member.id"], name=op.f("fk_absence_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["member.id"], name=op.f("fk_absence_taken_back_by")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_absence_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint(
            "workspace_id", "request_key", name=op.f("uq_absence_workspace_id_request_key")
        ),
    )
    op.create_index(
        "ix_absence_member_id_last_day", "absence", ["member_id", "last_day"], unique=False
    )
    # The column is added in place, on SQLite too: a table that others refer to can't be rebuilt while it has rows.
    op.add_column(
        "team", sa.Column("working_days", sa.String(), nullable=False, server_default="01234")
    )
    op.add_column("team", sa.Column("country", sa.String(), nullable=True))
    op.add_column("team", sa.Column("region", sa.String(), nullable=True))
    op.add_column("check_in", sa.Column("work_days", sa.Integer(), nullable=True))
    for name in ("days_off", "holidays"):
        op.add_column("check_in", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("answer", sa.Column("full_target", ExactDecimal(), nullable=True))


def downgrade() -> None:
    op.drop_column("answer", "full_target")
    for name in ("holidays", "days_off", "work_days"):
        op.drop_column("check_in", name)
    for name in ("region", "country", "working_days"):
        op.drop_column("team", name)
    op.drop_index("ix_absence_member_id_last_day", table_name="absence")
    op.drop_table("absence")
