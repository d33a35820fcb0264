"""The next check-in, reminder and deadline of all workspaces, to which the sandbox can move its clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.domain.tables import CheckIn, CheckInState, Enrolment, Reminder


def next_check_in(session: Session) -> datetime | None:
    """Return when the next check-in is due, or goes to a rep who is back by then; None when none is planned."""
    planned = _first(session, Enrolment.next_due_at)
    waiting = _first(session, CheckIn.due_at, CheckIn.state == CheckInState.SCHEDULED)
    return min((due for due in (planned, waiting) if due is not None), default=None)


def next_reminder(session: Session) -> datetime | None:
    """Return when the next reminder is due; None when none is planned."""
    return _first(session, Reminder.due_at)


def next_deadline(session: Session) -> datetime | None:
    """Return when the next open check-in closes; None when none is open."""
    return _first(session, CheckIn.deadline_at, CheckIn.state == CheckInState.OPEN)


def _first(session: Session, moment: Any, *conditions: Any) -> datetime | None:
    found: datetime | None = session.exec(select(sa.func.min(col(moment))).where(*conditions)).one()
    return found
