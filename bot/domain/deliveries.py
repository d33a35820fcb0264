"""Records the sender's reports about messages that were, or could not be, delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import columns, signal, table, update_all
from bot.domain.checkins import lifecycle as checkins
from bot.domain.handover import handover
from bot.domain.outbox import outbox, sending, surfaces, unshown
from bot.domain.outbox.sending import Claimed, Report
from bot.domain.outbox.unshown import Ended, PutBack
from bot.domain.plans import rows as plan_rows
from bot.domain.shown.places import may_coach
from bot.domain.tables import Advice, Alert, Brief, Member, Plan, Team, Workspace

TO_COACHES: Mapping[str, type[Alert | Plan | Advice | Brief]] = {
    outbox.ALERT: Alert,
    outbox.PLAN: Plan,
    outbox.PLAN_ENDED: Plan,
    outbox.PLAN_REACHED: Plan,
    outbox.ADVICE: Advice,
    outbox.BRIEF: Brief,
}
"""The surfaces that are posted in a coach channel (or to a coach if that fails), with the tables of their
subjects.
"""

STILL_SHOWN = timedelta(days=90)
"""An alert or a plan that is older than this is not worth another call to update its message."""


CHARTS_AGAIN = timedelta(days=30)
"""How long after a refused chart another one is tried in that workspace."""


@dataclass(frozen=True)
class PostReport:
    """A report that a new message was posted."""

    report: Report
    new_dm_of: int | None = None
    """The member whose DM the channel is, if that DM was not known before."""


def posted(session: Session, messages: Sequence[PostReport]) -> list[bool]:
    """Record each posted message, and start the times that count from delivery.

    Returns False for a second copy of a message that was recorded before; it has to be deleted.
    """
    # Rows of check-ins are locked before rows of the outbox, in the same order as by a press.
    waiting = checkins.waiting_for_delivery(
        session,
        [
            message.report.claimed.subject_id
            for message in messages
            if message.report.claimed.surface == outbox.CHECK_IN
        ],
    )
    firsts = sending.mark_shown(session, [message.report for message in messages])
    delivered, dms = {}, {}
    for message, first in zip(messages, firsts, strict=True):
        claimed, ts = message.report.claimed, message.report.ts
        if first and ts is not None and claimed.surface == outbox.CHECK_IN:
            delivered[claimed.subject_id] = checkins.moment_of(ts)
        if message.new_dm_of is not None and message.report.channel is not None:
            dms[message.new_dm_of] = message.report.channel
    opened = [{"id": member_id, "dm_channel": dms[member_id]} for member_id in sorted(dms)]
    update_all(session, table(Member), opened)
    checkins.deliver(session, waiting, at=delivered)
    return firsts


def dm_opened(session: Session, *, member_id: int, channel: str) -> None:
    """Store the channel of the member's DM with the bot."""
    member = columns(Member)
    session.connection().execute(
        sa.update(table(Member)).where(member.id == member_id).values(dm_channel=channel)
    )


def recipient_gone(
    session: Session, *, claimed: Claimed, sender: str, member_id: int, because: str, now: datetime
) -> None:
    """Stop sending to a person of whom Slack says that they are gone, until their profile says otherwise.

    What is open with a coach who is gone is handed over.
    """
    member = session.get_one(Member, member_id)
    could_coach = may_coach(is_guest=member.is_guest, inactive_because=member.inactive_because)
    member.inactive_because = because
    session.flush()
    handover.standing_changed(session, member=member, could_coach=could_coach, now=now)
    if claimed.surface in TO_COACHES:
        # The next rendering addresses the second coach, so that a message to coaches does not end with one who
        # left.
        again = PutBack(
            claimed=claimed, sender=sender, due_at=now, counts=True, refused_because=because
        )
        unshown.put_back(session, [again])
    else:
        ended = Ended(claimed=claimed, sender=sender, because=because, now=now)
        unshown.give_up(session, [ended])
    if claimed.surface == outbox.CHECK_IN:
        checkins.unreachable(session, check_in_id=claimed.subject_id, now=now)
    surfaces.workspace_homes_changed(session, workspace_id=member.workspace_id, now=now)


def channel_failed(
    session: Session, *, claimed: Claimed, sender: str, code: str, now: datetime
) -> None:
    """Record that the coach channel rejects messages: they go to the coach's DM, and the checklist says why."""
    table = TO_COACHES[claimed.surface]
    team = session.exec(
        select(Team)
        .join(table, col(table.team_id) == col(Team.id))
        .where(table.id == claimed.subject_id)
    ).one()
    team.channel_problem = code
    again = PutBack(claimed=claimed, sender=sender, due_at=now, counts=False, refused_because=code)
    unshown.put_back(session, [again])
    surfaces.workspace_homes_changed(session, workspace_id=team.workspace_id, now=now)


def channel_event(
    session: Session, *, workspace_id: int, channel: str, problem: str | None, now: datetime
) -> None:
    """Record Slack's event that a coach channel became unusable (`problem`) or is usable again (None)."""
    teams = session.exec(
        select(Team).where(Team.workspace_id == workspace_id, Team.coach_channel == channel)
    ).all()
    for team in teams:
        team.channel_problem = problem
        if problem is None:
            surfaces.readers_changed(session, team=team, now=now)
    if teams and problem is None:
        # A message posted before the problem may be in the channel and out of date.
        for surface, table in TO_COACHES.items():
            # The events of a plan are much younger than the plan that they are about.
            is_recent = (
                plan_rows.told_since(now - STILL_SHOWN)
                if surface in outbox.PLAN_EVENTS
                else col(table.created_at) > now - STILL_SHOWN
            )
            recent = select(table.id).where(
                col(table.team_id).in_([team.id for team in teams]), is_recent
            )
            outbox.make_due_now(
                session, surface=surface, subject_ids=session.exec(recent).all(), now=now
            )
    if teams:
        session.flush()
        if problem is not None:
            handover.channel_lost(session, teams=teams, now=now)
        surfaces.workspace_homes_changed(session, workspace_id=workspace_id, now=now)


def token_died(session: Session, *, workspace_id: int, because: str) -> None:
    """Record that Slack no longer accepts the bot's token for this workspace."""
    session.get_one(Workspace, workspace_id).disconnected_reason = because
    session.flush()


def disconnected(session: Session) -> dict[str, int]:
    """Return the ids of the workspaces whose token Slack did not accept, by their Slack ids."""
    refused = select(Workspace.slack_team_id, Workspace.id).where(
        col(Workspace.disconnected_reason).is_not(None)
    )
    return dict(session.exec(refused).all())


def token_works(session: Session, *, workspace_id: int) -> None:
    """Record that Slack accepts the bot's token again: what waited is sent."""
    session.get_one(Workspace, workspace_id).disconnected_reason = None
    session.flush()
    signal(session, outbox.SIGNAL)


def charts_are_refused(session: Session, *, workspace_id: int, now: datetime) -> bool:
    """Return whether the workspace's Slack refused a chart in the last month."""
    refused_at = session.get_one(Workspace, workspace_id).charts_refused_at
    return refused_at is not None and now - refused_at < CHARTS_AGAIN


def charts_refused(session: Session, *, workspace_id: int, now: datetime) -> None:
    """Record that the workspace's Slack refused a chart, and took the same message with bars of text."""
    session.get_one(Workspace, workspace_id).charts_refused_at = now
    session.flush()
