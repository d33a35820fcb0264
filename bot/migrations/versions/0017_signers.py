"""Lets a coach whom nobody else coaches choose the person who signs the coach's own plan."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("plan") as table:
        table.add_column(sa.Column("signer_id", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_plan_signer_id", "member", ["signer_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("plan") as table:
        table.drop_constraint("fk_plan_signer_id", type_="foreignkey")
        table.drop_column("signer_id")
