"""The faults that are planted in the coaching loop: in what is asked, in acts, and in what former coaches see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.domain.checkins import follow_ups
from bot.domain.coaching import alerts, passing_on, showing
from bot.domain.tables import Agreement, Alert, CheckIn
from tests.simulation.planted import DAY, MONDAY, Mutant, Patch


def _asks_again() -> list[Patch]:
    ask = follow_ups.ask

    def forgetful(session: Session, check_ins: Any, *, now: datetime) -> None:
        asked = select(Agreement).where(col(Agreement.member_id).in_(list(check_ins)))
        for agreement in session.exec(asked).all():
            agreement.asked_in = agreement.step_asked_in = None
        session.flush()
        ask(session, check_ins, now=now)

    return [(follow_ups, "ask", forgetful)]


def _suggests_after_the_choice() -> list[Patch]:
    ensure = alerts.ensure

    def overrules(session: Session, *, check_ins: Collection[CheckIn], now: datetime) -> None:
        ensure(session, check_ins=check_ins, now=now)
        ids = [check_in.id for check_in in check_ins]
        for alert in session.exec(select(Alert).where(col(Alert.check_in_id).in_(ids))).all():
            suggestion = showing.suggestion(session, alert.id)
            if alert.act is not None and suggestion is not None:
                alert.act = suggestion.act.value
        session.flush()

    return [(alerts, "ensure", overrules)]


def _forgets_who_coached() -> list[Patch]:
    show = passing_on.show

    def for_ever(session: Session, alert_id: int, *, now: datetime) -> Any:
        found = show(session, alert_id, now=now)
        return replace(found, is_entitled=True) if found is not None else None

    return [(passing_on, "show", for_ever)]


MUTANTS = (
    Mutant("a step is asked about twice", _asks_again, habits={"all": 1}, weeks=4),
    Mutant(
        "an act is suggested after the coach chose one",
        _suggests_after_the_choice,
        habits={"very late": 1},
        weeks=4,
    ),
    Mutant(
        "a name stands with a former coach",
        _forgets_who_coached,
        {"second_leaves": MONDAY + 13 * DAY},
        habits={"never": 1},
        weeks=3,
    ),
)
