"""Downtime of Basecoach must not make a rep miss a deadline: afterwards, reps get more time to answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.domain.checkins import closed_for_good
from bot.domain.outbox import outbox, surfaces
from bot.domain.tables import CheckIn, CheckInState, Member, Workspace

NOTICED = timedelta(minutes=15)
"""A shorter downtime is ignored: it is a restart, for example."""

GRACE = timedelta(hours=2)
"""How long a check-in stays open at least after the downtime has ended."""


def seen(session: Session, *, workspace_id: int, now: datetime) -> None:
    """Record that a process is running for this workspace; redraw what closed for good since the last call."""
    workspace = session.get_one(Workspace, workspace_id, with_for_update=True)
    closed_for_good.redraw(session, workspace=workspace, now=now)
    workspace.last_seen_at = now
    session.flush()


def extend_deadlines_after_downtime(session: Session, *, workspace_id: int, now: datetime) -> int:
    """When a process starts after a downtime, move deadlines that are past or near to GRACE from now.

    Returns how many deadlines moved. If another process ran all the time, there was no downtime.
    """
    workspace = session.get_one(Workspace, workspace_id, with_for_update=True)
    closed_for_good.redraw(session, workspace=workspace, now=now)
    absent = workspace.last_seen_at is not None and now - workspace.last_seen_at > NOTICED
    workspace.last_seen_at = now
    if not absent:
        session.flush()
        return 0
    until = now + GRACE
    hurried = session.exec(
        select(CheckIn).where(
            CheckIn.workspace_id == workspace_id,
            CheckIn.state == CheckInState.OPEN,
            col(CheckIn.deadline_at) < until,
        )
    ).all()
    for check_in in hurried:
        check_in.deadline_at = until
        outbox.mark_stale_if_known(
            session,
            workspace_id=workspace_id,
            surface=outbox.CHECK_IN,
            subject_id=check_in.id,
            now=now,
        )
        member = session.get_one(Member, check_in.member_id)
        surfaces.homes_changed(session, member=member, now=now)
    session.flush()
    return len(hurried)
