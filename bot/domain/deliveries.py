"""What the sender reports back: the domain's side of a message that was, or could not be, delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import columns, table
from bot.domain.checkins import lifecycle as checkins
from bot.domain.outbox import outbox, sending, surfaces
from bot.domain.outbox.sending import Claimed, Report
from bot.domain.tables import Alert, Member, Plan, Team, Workspace

TO_COACHES: Mapping[str, type[Alert | Plan]] = {outbox.ALERT: Alert, outbox.PLAN: Plan}
"""The surfaces that stand in a coach channel, or with a coach where that fails, and what they are about."""

STILL_SHOWN = timedelta(days=90)
"""How old an alert or a plan may be whose redrawing is still worth a call."""


@dataclass(frozen=True)
class PostReport:
    """A new message stands in Slack."""

    report: Report
    new_dm_of: int | None = None
    """The member whose DM this is, where that was not known."""


def posted(session: Session, messages: Sequence[PostReport]) -> list[bool]:
    """The messages stand in Slack: note each, and begin what counts from delivery.

    False for a second copy of one that was noted before, which is to be deleted.
    """
    # Rows of check-ins before rows of the outbox, as a press locks them.
    waiting = checkins.waiting_for_delivery(
        session,
        [
            message.report.claimed.subject_id
            for message in messages
            if message.report.claimed.surface == outbox.CHECK_IN
        ],
    )
    firsts = sending.mark_shown(session, [message.report for message in messages])
    delivered = {}
    for message, first in zip(messages, firsts, strict=True):
        claimed, ts = message.report.claimed, message.report.ts
        if first and ts is not None and claimed.surface == outbox.CHECK_IN:
            delivered[claimed.subject_id] = checkins.moment_of(ts)
        if message.new_dm_of is not None and message.report.channel is not None:
            dm_opened(session, member_id=message.new_dm_of, channel=message.report.channel)
    checkins.deliver(session, waiting, at=delivered)
    return firsts


def dm_opened(session: Session, *, member_id: int, channel: str) -> None:
    """Remember the member's DM with the bot."""
    member = columns(Member)
    session.connection().execute(
        sa.update(table(Member)).where(member.id == member_id).values(dm_channel=channel)
    )


def recipient_gone(
    session: Session, *, claimed: Claimed, sender: str, member_id: int, because: str, now: datetime
) -> None:
    """The person can't be written to: nothing more is sent to them until their profile says otherwise."""
    member = session.get_one(Member, member_id)
    member.inactive_because = because
    if claimed.surface in TO_COACHES:
        # Rendered anew it goes to the second coach; what a coach has to hear never ends with somebody who is gone.
        sending.put_back(
            session, claimed=claimed, sender=sender, due_at=now, counts=True, fails_with=because
        )
    else:
        sending.give_up(session, claimed=claimed, sender=sender, because=because)
    if claimed.surface == outbox.CHECK_IN:
        checkins.unreachable(session, check_in_id=claimed.subject_id, now=now)
    surfaces.workspace_homes_changed(session, workspace_id=member.workspace_id, now=now)


def channel_failed(
    session: Session, *, claimed: Claimed, sender: str, code: str, now: datetime
) -> None:
    """The coach channel does not take the message: it goes to the coach's DM, and the set-up says why."""
    table = TO_COACHES[claimed.surface]
    team = session.exec(
        select(Team)
        .join(table, col(table.team_id) == col(Team.id))
        .where(table.id == claimed.subject_id)
    ).one()
    team.channel_problem = code
    sending.put_back(session, claimed=claimed, sender=sender, due_at=now, counts=False)
    surfaces.workspace_homes_changed(session, workspace_id=team.workspace_id, now=now)


def channel_event(
    session: Session, *, workspace_id: int, channel: str, problem: str | None, now: datetime
) -> None:
    """Slack says that a coach channel became unusable (`problem`) or is fine again (None)."""
    teams = session.exec(
        select(Team).where(Team.workspace_id == workspace_id, Team.coach_channel == channel)
    ).all()
    for team in teams:
        team.channel_problem = problem
    if teams and problem is None:
        # A message from before the trouble may stand there, and show what is no longer so.
        for surface, table in TO_COACHES.items():
            recent = select(table.id).where(
                col(table.team_id).in_([team.id for team in teams]),
                table.created_at > now - STILL_SHOWN,
            )
            outbox.make_due_now(
                session, surface=surface, subject_ids=session.exec(recent).all(), now=now
            )
    if teams:
        session.flush()
        surfaces.workspace_homes_changed(session, workspace_id=workspace_id, now=now)


def troubled_channels(session: Session, *, workspace_id: int) -> list[str]:
    """The coach channels that did not take a message, to be looked at again."""
    return sorted(
        {
            channel
            for channel in session.exec(
                select(Team.coach_channel).where(
                    Team.workspace_id == workspace_id, col(Team.channel_problem).is_not(None)
                )
            )
            if channel is not None
        }
    )


def channel_renumbered(session: Session, *, workspace_id: int, old: str, new: str) -> None:
    """Slack gave a channel another id (it became shared, say)."""
    for team in session.exec(
        select(Team).where(Team.workspace_id == workspace_id, Team.coach_channel == old)
    ).all():
        team.coach_channel = new
    session.flush()


def token_died(session: Session, *, workspace_id: int, because: str) -> None:
    """Slack no longer takes our token for this workspace."""
    session.get_one(Workspace, workspace_id).disconnected_reason = because
    session.flush()
