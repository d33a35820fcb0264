"""Our own absence is nobody's miss: after it, whoever could not be reminded or answer gets time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.domain.outbox import outbox, surfaces
from bot.domain.tables import CheckIn, CheckInState, Member, Workspace

NOTICED = timedelta(minutes=15)
"""An absence shorter than this is none: a restart, say."""

GRACE = timedelta(hours=2)
"""How long a check-in stays open at least, once we are back."""


def seen(session: Session, *, workspace_id: int, now: datetime) -> None:
    """A process is at work for this workspace."""
    session.get_one(Workspace, workspace_id).last_seen_at = now
    session.flush()


def extend_deadlines_after_downtime(session: Session, *, workspace_id: int, now: datetime) -> int:
    """A process begins its work. After an absence, deadlines that are past or near move to GRACE from now.

    Returns how many moved. Another process that was at work all the time means that there was no absence.
    """
    workspace = session.get_one(Workspace, workspace_id, with_for_update=True)
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
