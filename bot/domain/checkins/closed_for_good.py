"""Takes the buttons off the messages of check-ins that accept no answers any more, not even late ones."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import columns, rows
from bot.domain.calendars.open_weeks import LATE_ANSWERS
from bot.domain.outbox import surfaces
from bot.domain.tables import CheckIn, CheckInState, Workspace


def redraw(session: Session, *, workspace: Workspace, now: datetime) -> int:
    """Mark stale what shows the check-ins that closed for good between `last_seen_at` and now; return how many.

    The caller has locked the workspace and sets `last_seen_at` to `now` next, so each check-in is found once. An
    answered check-in shows no Yes and No, and is not redrawn.
    """
    if workspace.last_seen_at is None:
        return 0
    closed = rows(
        session,
        _CLOSED,
        of_workspace=workspace.id,
        after=workspace.last_seen_at - LATE_ANSWERS,
        until=now - LATE_ANSWERS,
    )
    if closed:
        check_ins = {check_in_id: 0 for check_in_id, _ in closed}
        surfaces.check_ins_changed(session, check_ins=check_ins, now=now)
        surfaces.reps_homes_changed(
            session,
            workspace_id=workspace.id,
            member_ids=[member_id for _, member_id in closed],
            now=now,
        )
    return len(closed)


_CHECK_IN = columns(CheckIn)

_CLOSED = sa.select(_CHECK_IN.id, _CHECK_IN.member_id).where(
    _CHECK_IN.workspace_id == sa.bindparam("of_workspace"),
    _CHECK_IN.state == CheckInState.UNANSWERED.value,
    # A check-in is closed for good from the moment after this one.
    _CHECK_IN.deadline_at >= sa.bindparam("after"),
    _CHECK_IN.deadline_at < sa.bindparam("until"),
)
