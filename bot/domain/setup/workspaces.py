"""The Slack workspaces that installed the bot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain.access import Caller, coached_teams, deny, known_member
from bot.domain.metrics.metrics import add_built_in_metrics
from bot.domain.refusals import Refusal
from bot.domain.tables import Workspace

MOST_MESSAGES = 20
"""The largest message budget; the smallest is one message a week."""


@dataclass(frozen=True)
class MessageBudget:
    """How many messages that ask for attention may reach a rep in a week."""

    most: int
    is_changed: bool


def message_budget(session: Session, *, caller: Caller, typed: str) -> MessageBudget:
    """Return the workspace's message budget, after setting it to the typed number, if there is one.

    Coaches and admins may read it, and admins may set it; raises Refusal for anybody else, and for another number.
    """
    member = known_member(session, caller)
    workspace = session.get_one(Workspace, member.workspace_id)
    if not member.is_admin and not (not typed and coached_teams(session, member)):
        deny(member, "set" if typed else "read", "message budget", workspace.id)
        raise Refusal(
            "Only a workspace admin can set how many messages a rep gets in a week. Ask one of them."
        )
    if not typed:
        return MessageBudget(workspace.weekly_messages, is_changed=False)
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= MOST_MESSAGES):
        raise Refusal(f"Type a number from 1 to {MOST_MESSAGES}, like `/coach messages 5`.")
    workspace.weekly_messages = int(typed)
    session.flush()
    return MessageBudget(workspace.weekly_messages, is_changed=True)


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
