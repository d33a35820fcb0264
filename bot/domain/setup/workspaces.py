"""The Slack workspaces that installed the bot."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain.metrics.metrics import add_built_in_metrics
from bot.domain.tables import Workspace


def other_than(session: Session, slack_team_id: str) -> Workspace | None:
    """Return the workspace that the database belongs to, if it is another than this one; else None."""
    found = session.exec(select(Workspace).order_by(col(Workspace.id))).all()
    if not found or any(workspace.slack_team_id == slack_team_id for workspace in found):
        return None
    return found[0]


def install(
    session: Session, *, slack_team_id: str, name: str, bot_user_id: str, now: datetime
) -> int:
    """Store the workspace that the bot's token belongs to; return its id. A repeated call is harmless."""
    workspace = session.exec(
        select(Workspace).where(Workspace.slack_team_id == slack_team_id)
    ).one_or_none()
    if workspace is None:
        workspace = Workspace(
            slack_team_id=slack_team_id, name=name, bot_user_id=bot_user_id, created_at=now
        )
        session.add(workspace)
    workspace.name, workspace.bot_user_id, workspace.disconnected_reason = name, bot_user_id, None
    session.flush()
    add_built_in_metrics(session, workspace.id)
    return workspace.id
