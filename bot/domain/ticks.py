"""The steps of a beat, and one cheap look at which of them has anything to do: most beats find nothing."""

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
"""`step(session, now=…)` does a batch of what is due and returns how much that was; 0 means that it is done."""


def due(session: Session, *, now: datetime) -> list[Step]:
    """The steps that may have something to do, in the order that they are taken."""
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
