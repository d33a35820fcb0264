"""Adds who stands in for a coach, and until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "substitution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("began_at", UtcDateTime(), nullable=True),
        sa.Column("is_second", sa.Boolean(), nullable=False),
        sa.Column("was_other", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_substitution_workspace_id"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_substitution_member_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_substitution_team_id"),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["member.id"], name="fk_substitution_substitute_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_substitution"),
    )
    op.create_index("ix_substitution_next_at", "substitution", ["next_at"])
    op.create_index("ix_substitution_member_id", "substitution", ["member_id"])


def downgrade() -> None:
    # An older release knows no substitutes: each place goes back to the coach whose it is.
    op.execute(
        "UPDATE team SET coach_id = (SELECT s.member_id FROM substitution s WHERE s.team_id = team.id "
        "AND s.began_at IS NOT NULL AND s.next_at IS NOT NULL AND s.is_second = false "
        "AND s.substitute_id = team.coach_id) "
        "WHERE EXISTS (SELECT 1 FROM substitution s WHERE s.team_id = team.id "
        "AND s.began_at IS NOT NULL AND s.next_at IS NOT NULL AND s.is_second = false "
        "AND s.substitute_id = team.coach_id)"
    )
    op.execute(
        "UPDATE team SET second_coach_id = (SELECT s.member_id FROM substitution s WHERE s.team_id = team.id "
        "AND s.began_at IS NOT NULL AND s.next_at IS NOT NULL AND s.is_second = true "
        "AND s.substitute_id = team.second_coach_id) "
        "WHERE EXISTS (SELECT 1 FROM substitution s WHERE s.team_id = team.id "
        "AND s.began_at IS NOT NULL AND s.next_at IS NOT NULL AND s.is_second = true "
        "AND s.substitute_id = team.second_coach_id)"
    )
    op.execute(
        "DELETE FROM outbox WHERE surface = 'notice' AND subject_id IN (SELECT n.id FROM notice n "
        "JOIN audit a ON a.id = n.audit_id WHERE a.what IN ('substitute', 'substitute_over'))"
    )
    op.execute(
        "DELETE FROM notice WHERE audit_id IN "
        "(SELECT id FROM audit WHERE what IN ('substitute', 'substitute_over'))"
    )
    op.execute("DELETE FROM audit WHERE what IN ('substitute', 'substitute_over')")
    op.drop_index("ix_substitution_member_id", table_name="substitution")
    op.drop_index("ix_substitution_next_at", table_name="substitution")
    op.drop_table("substitution")
