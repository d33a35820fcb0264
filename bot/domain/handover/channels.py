"""What Slack says of coach channels: a channel that others can read takes no numbers."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import columns, table
from bot.domain.handover import handover
from bot.domain.outbox import surfaces
from bot.domain.shown.places import CHANNEL_PUBLIC, CHANNEL_SHARED
from bot.domain.shown.setup import Channel
from bot.domain.tables import OutboxItem, Team


def coach_channels(session: Session, *, workspace_id: int) -> list[str]:
    """Return every coach channel of a workspace, in the order of their ids."""
    found = session.exec(select(Team.coach_channel).where(Team.workspace_id == workspace_id))
    return sorted({channel for channel in found if channel is not None})


def channel_seen(
    session: Session, *, workspace_id: int, channel: str, seen: Channel | None, now: datetime
) -> None:
    """Record what Slack says about a coach channel; `seen` is None for a channel that the bot can't see.

    A channel that became public takes no numbers unless an admin confirmed it as public when it was chosen. For a
    team from before that was noted, the first look decides.
    """
    for team in _teams(session, workspace_id, channel):
        problem = _problem(team, seen)
        if seen is not None and seen.told_name is not None:
            _named(session, team, seen.told_name, now)
        if seen is not None:
            _counted(session, team, seen.members, now)
        if team.public_channel is None and seen is not None:
            team.public_channel = not seen.is_private
        if problem == team.channel_problem:
            continue
        if problem in {CHANNEL_PUBLIC, CHANNEL_SHARED}:
            handover.channel_opened(session, team=team, problem=problem, now=now)
            continue
        team.channel_problem = problem
        session.flush()
        handover.channel_lost(session, teams=[team], now=now)
        surfaces.workspace_homes_changed(session, workspace_id=workspace_id, now=now)


def renamed(session: Session, *, workspace_id: int, channel: str, name: str, now: datetime) -> None:
    """Store the new name of a coach channel, and have the Homes that show it rendered anew."""
    for team in _teams(session, workspace_id, channel):
        _named(session, team, name, now)


def _named(session: Session, team: Team, name: str, now: datetime) -> None:
    if name != team.coach_channel_name:
        team.coach_channel_name = name
        session.flush()
        surfaces.team_homes_changed(session, team=team, now=now)


def _counted(session: Session, team: Team, members: int | None, now: datetime) -> None:
    if members != team.channel_members:
        team.channel_members = members
        session.flush()
        surfaces.readers_changed(session, team=team, now=now)


def renumbered(session: Session, *, workspace_id: int, old: str, new: str, now: datetime) -> None:
    """Store the new id of a channel, which Slack gives it when it is converted or shared.

    Until somebody has looked at it, the channel counts as shared and takes no numbers. What stands in it is still
    found there, under the new id.
    """
    item = columns(OutboxItem)
    session.connection().execute(
        sa.update(table(OutboxItem))
        .where(item.workspace_id == workspace_id, item.channel == old)
        .values(channel=new)
    )
    for team in _teams(session, workspace_id, old):
        team.coach_channel, team.coach_channel_name = new, None
        team.channel_members = None
        session.flush()
        handover.channel_opened(session, team=team, problem=CHANNEL_SHARED, now=now)


def _problem(team: Team, seen: Channel | None) -> str | None:
    if seen is None:
        return "channel_not_found"
    if seen.is_archived:
        return "is_archived"
    if not seen.is_member:
        return "not_in_channel"
    if seen.is_shared:
        return CHANNEL_SHARED
    return CHANNEL_PUBLIC if not seen.is_private and team.public_channel is False else None


def _teams(session: Session, workspace_id: int, channel: str) -> list[Team]:
    return list(
        session.exec(
            select(Team)
            .where(Team.workspace_id == workspace_id, Team.coach_channel == channel)
            .order_by(col(Team.id))
        )
    )
