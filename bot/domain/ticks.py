"""The steps of a beat, and one cheap query that finds those with work to do: most beats find none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import rows
from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins import reminders, scheduling
from bot.domain.plans import sights

Step = Callable[..., int]
"""`step(session, now=…)` handles a batch of due rows and returns its size; 0 means that nothing is left."""


def due(session: Session, *, now: datetime) -> list[Step]:
    """Return the steps that may have work to do, in the order in which they run."""
    steps: tuple[Step, ...] = (
        scheduling.schedule_due,
        checkins.skip_undelivered,
        checkins.close_due,
        reminders.remind_due,
        sights.offer_due,
    )
    (found,) = rows(session, _LOOK, now=now, too_late=now - checkins.CATCH_UP)
    return [step for step, is_due in zip(steps, found, strict=True) if is_due]


_LOOK = sa.select(
    *(
        sa.exists(sa.select(1).where(condition))
        for condition in (
            scheduling.IS_DUE,
            checkins.IS_OVERDUE,
            checkins.IS_CLOSING,
            reminders.IS_DUE,
            sights.IS_DUE,
        )
    )
)
