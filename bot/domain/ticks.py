"""The steps of a beat, and one cheap query that finds those with work to do: most beats find none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import among, columns, rows
from bot.database.row_by_row import DueIds, Step
from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins import midweek, reminders, scheduling
from bot.domain.coaching import briefs, passing_on
from bot.domain.handover import substitutes
from bot.domain.plans import endings, sights
from bot.domain.tables import Alert, CheckIn, Enrolment, Plan, Reminder, Substitution, Team

SEVERAL_BATCHES = 1_000


def due(session: Session, *, now: datetime) -> list[Step]:
    """Return the steps that may have work to do, in the order in which they run."""
    (found,) = rows(session, _LOOK, **_moments(now))
    return [step for step, is_due in zip(_ROWS, found, strict=True) if is_due]


def due_ids(step: Step) -> DueIds:
    """Return the function that finds the rows which a step would take next, several batches of them."""
    return partial(_due_ids, step)


def _due_ids(step: Step, session: Session, *, now: datetime, without: Collection[int]) -> list[int]:
    column, condition, order = _ROWS[step]
    statement = (
        sa.select(column)
        .where(condition, *among(column, None, without))
        .order_by(order)
        .limit(SEVERAL_BATCHES)
    )
    return [id for (id,) in rows(session, statement, **_moments(now))]


def _moments(now: datetime) -> dict[str, datetime]:
    return {"now": now, "too_late": now - checkins.CATCH_UP}


_ENROLMENT, _CHECK_IN = columns(Enrolment), columns(CheckIn)
_REMINDER, _PLAN, _ALERT = columns(Reminder), columns(Plan), columns(Alert)
_STANDS_IN, _TEAM = columns(Substitution), columns(Team)

_ROWS: Mapping[Step, tuple[Any, Any, Any]] = {
    substitutes.change_due: (_STANDS_IN.id, substitutes.IS_DUE, _STANDS_IN.next_at),
    scheduling.schedule_due: (_ENROLMENT.id, scheduling.IS_DUE, _ENROLMENT.next_due_at),
    checkins.skip_undelivered: (_CHECK_IN.id, checkins.IS_OVERDUE, _CHECK_IN.due_at),
    checkins.close_due: (_CHECK_IN.id, checkins.IS_CLOSING, _CHECK_IN.deadline_at),
    reminders.remind_due: (_REMINDER.id, reminders.IS_DUE, _REMINDER.due_at),
    midweek.send_due: (_ENROLMENT.id, midweek.IS_DUE, _ENROLMENT.midweek_at),
    endings.tell_due: (_PLAN.id, endings.IS_DUE, _PLAN.account_due_at),
    sights.offer_due: (_PLAN.id, sights.IS_DUE, _PLAN.sights_due_at),
    passing_on.pass_on_due: (_ALERT.id, passing_on.IS_DUE, _ALERT.next_look_at),
    briefs.begin_due: (_TEAM.id, briefs.IS_DUE, _TEAM.brief_look_at),
}
"""The rows of each step: their id, the condition that one is due, and their order; the steps in their order."""

_LOOK = sa.select(*(sa.exists(sa.select(1).where(condition)) for _, condition, _ in _ROWS.values()))
