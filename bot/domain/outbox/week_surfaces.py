"""Marks what shows the weeks of reps: check-ins, their reminders and alerts, and Homes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows
from bot.domain.outbox import surfaces
from bot.domain.tables import CheckIn, CheckInState


def weeks_changed(
    session: Session,
    *,
    workspace_id: int,
    weeks: Mapping[int, Collection[date]],
    now: datetime,
) -> None:
    """Do what `surfaces.week_changed` does for many reps and weeks; `weeks` has the weeks by member id.

    The number of statements does not depend on how many there are.
    """
    wanted = {(member_id, week) for member_id, those in weeks.items() for week in those}
    if not wanted:
        return
    found = rows(session, _SHOWN, members=list(weeks), weeks=sorted({week for _, week in wanted}))
    changed = {
        check_in_id: 0 for check_in_id, member_id, week in found if (member_id, week) in wanted
    }
    if changed:
        surfaces.check_ins_changed(session, check_ins=changed, now=now)
    surfaces.reps_homes_changed(session, workspace_id=workspace_id, member_ids=weeks, now=now)


_CHECK_IN = columns(CheckIn)

IS_SHOWN = _CHECK_IN.state.not_in(
    [CheckInState.SKIPPED.value, CheckInState.SCHEDULED.value]
) & sa.or_(_CHECK_IN.state != CheckInState.AWAY.value, _CHECK_IN.delivered_at.is_not(None))
"""Selects check-ins that have, or may have, a message."""

_SHOWN = sa.select(_CHECK_IN.id, _CHECK_IN.member_id, _CHECK_IN.week).where(
    _CHECK_IN.member_id.in_(any_of("members")), _CHECK_IN.week.in_(any_of("weeks")), IS_SHOWN
)
