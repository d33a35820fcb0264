"""Rows to write and to read where only the database itself is of interest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlmodel import Session, select

from bot.domain.tables import Workspace
from tests.patience import PATIENCE as PATIENCE

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def add_workspace(session: Session, team: str, *, created_at: datetime = NOON) -> int:
    workspace = Workspace(
        slack_team_id=team, name="Harbor", bot_user_id="U1", created_at=created_at
    )
    session.add(workspace)
    session.flush()
    return workspace.id


def teams(session: Session) -> list[str]:
    return list(session.exec(select(Workspace.slack_team_id).order_by(Workspace.slack_team_id)))


def add_together(session: Session, asked: Sequence[str]) -> list[int | Exception]:
    """Refuses what begins with an x, one by one; a team twice breaks the whole crowd."""
    return [LookupError(team) if team[0] == "x" else add_workspace(session, team) for team in asked]
