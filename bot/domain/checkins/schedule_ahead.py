"""The next check-in, reminder and deadline of all workspaces, to which the sandbox can move its clock."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain.tables import CheckIn, CheckInState, Enrolment, Reminder


def next_check_in(session: Session) -> datetime | None:
    """Return when the next check-in is due, or goes to a rep who is back by then; None when none is planned."""
    planned = session.exec(
        select(Enrolment.next_due_at)
        .where(col(Enrolment.next_due_at).is_not(None))
        .order_by(col(Enrolment.next_due_at))
        .limit(1)
    ).first()
    waiting = session.exec(
        select(CheckIn.due_at)
        .where(CheckIn.state == CheckInState.SCHEDULED)
        .order_by(col(CheckIn.due_at))
        .limit(1)
    ).first()
    return min((due for due in (planned, waiting) if due is not None), default=None)


def next_reminder(session: Session) -> datetime | None:
    """Return when the next reminder is due; None when none is planned."""
    return session.exec(
        select(Reminder.due_at)
        .where(col(Reminder.due_at).is_not(None))
        .order_by(col(Reminder.due_at))
        .limit(1)
    ).first()


def next_deadline(session: Session) -> datetime | None:
    """Return when the next open check-in closes; None when none is open."""
    return session.exec(
        select(CheckIn.deadline_at)
        .where(CheckIn.state == CheckInState.OPEN, col(CheckIn.deadline_at).is_not(None))
        .order_by(col(CheckIn.deadline_at))
        .limit(1)
    ).first()
