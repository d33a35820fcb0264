"""A missed week and what follows from it: the steps that several tests of the coaching loop begin with."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from bot.domain.checkins import follow_ups
from bot.domain.checkins.follow_ups import About
from bot.domain.coaching import alerts
from bot.domain.shown.agreements import DoneTyped
from bot.domain.tables import Agreement, Alert, Answer, CheckIn
from bot.rules.weeks import WEEK as ONE_WEEK
from tests.domain.handover.desk import Desk
from tests.domain.mondays import at

TAKEN = at(24, 10)
"""Tuesday: a coach acts."""
FRIDAY = "2026-11-27"
NEXT_MONDAY = at(30, 9)


def miss(desk: Desk) -> Alert:
    """U1 met the conversations and missed the rest; the alert stands in the coach channel."""
    desk.log("U1", moves=(1, 1))
    desk.ask()
    for question, pressed in enumerate(("yes", "no", "no")):
        desk.press("U1", question, pressed, at(23, 12))
    desk.deliver(at(23, 12))
    return alert_of(desk)


def alert_of(desk: Desk, user: str = "U1") -> Alert:
    alert = desk.alert(user)
    assert alert is not None
    return alert


def finish(
    desk: Desk,
    alert: Alert,
    *,
    by: str = "UC",
    now: datetime = TAKEN,
    **typed: str,
) -> None:
    """A coach says what was done, with a step until Friday unless another is given."""
    facts = {"act": "coach", "note": "We talked.", "step": "Three plans", "due_on": FRIDAY}
    form = DoneTyped(**{**facts, **typed})  # type: ignore[arg-type]
    desk.write(alerts.finish, caller=desk.caller(by), alert_id=alert.id, form=form, now=now)
    desk.deliver(now)


def agreement(desk: Desk) -> Agreement:
    """The newest agreement."""
    return desk.rows(Agreement)[-1]


def say(desk: Desk, about: About, said: str, *, by: str = "U1", now: datetime, **more: Any) -> int:
    """A rep answers what a check-in asks about the newest agreement."""
    check_in_id: int = desk.write(
        follow_ups.answer,
        caller=desk.caller(by),
        agreement_id=more.get("agreement_id", agreement(desk).id),
        about=about,
        said=said,
        now=now,
        redraws=False,
    )
    desk.deliver(now)
    return check_in_id


def past_week(
    session: Session,
    like: CheckIn,
    answers: list[Answer],
    back: int,
    number: int,
    changes: dict[str, object],
) -> None:
    """Copy a check-in with its answers to an earlier week, each answer with this number."""
    facts = {**like.model_dump(exclude={"id"}), "week": like.week - back * ONE_WEEK, **changes}
    check_in = CheckIn(**facts)
    session.add(check_in)
    session.flush()
    for one in answers:
        row = {**one.model_dump(exclude={"id"}), "check_in_id": check_in.id}
        session.add(Answer(**{**row, "number": Decimal(number), "verdict": "no"}))
