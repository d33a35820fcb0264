"""The faults that are planted in the handover, and a world for each in which it can show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.domain.coaching import alerts
from bot.domain.handover import audit, channels, handover, notices, open_matters
from bot.domain.handover import messages as moving
from bot.domain.plans import access as plan_access
from bot.slack.delivery import rendering
from bot.slack.views.blocks import Message, message, section
from bot.slack.views.mrkdwn import literal
from tests.simulation.hand_changes import HandChange
from tests.simulation.planted import DAY, MONDAY, Mutant, Patch

ALERTS_STAND = MONDAY + 2 * DAY
"""By then the week's check-ins are closed, and the alerts stand in the coach channel."""


def _stays_in_the_old_place() -> list[Patch]:
    to_coaches = rendering.to_coaches

    def stays(place: Any, message: Any, wanted: Any, *, is_open: bool) -> Any:
        found = to_coaches(place, message, wanted, is_open=is_open)
        if isinstance(found, rendering.Misplaced):
            return rendering.OnlyRedrawn(message())
        return found

    return [(rendering, "to_coaches", stays)]


def _says_numbers() -> list[Patch]:
    def says(*_: Any) -> Message:
        return message(literal("17 of 20"), [section(literal("*Conversations:* 17 of 20"))])

    return [(rendering, "withdrawn_message", says)]


def _is_not_sent_anew() -> list[Patch]:
    move = moving.move

    def only_withdraws(session: Session, *, is_open: bool, **given: Any) -> None:
        move(session, is_open=False, **given)

    return [(moving, "move", only_withdraws)]


def _former_coach_keeps_access() -> list[Patch]:
    return [(alerts, "coaches", lambda *_: True)]


def _former_coach_keeps_hold() -> list[Patch]:
    return [(open_matters, "let_go", lambda *_, **__: None)]


def _signs_own_plan() -> list[Patch]:
    return [(plan_access, "must_not_be_own", lambda *_: None)]


def _everybody_may_read() -> list[Patch]:
    problem = channels._problem

    def overlooks(*given: Any) -> str | None:
        found = problem(*given)
        opened = {channels.CHANNEL_PUBLIC, channels.CHANNEL_SHARED}
        return None if found in opened else found

    return [(channels, "_problem", overlooks)]


def _is_not_noted() -> list[Patch]:
    def silently(session: Session, *, team: Any, before: Any, by_id: Any, now: datetime) -> None:
        handover._hand_over(session, team=team, now=now)

    return [(handover, "team_changed", silently)]


def _nobody_did_it() -> list[Patch]:
    record = audit.record

    def nameless(*given: Any, by_id: int | None, **more: Any) -> Any:
        return record(*given, by_id=None, **more)

    return [(audit, "record", nameless)]


def _nobody_is_told() -> list[Patch]:
    return [(notices, "add", lambda *_, **__: None)]


def _replaced(what: str, person: str = "") -> dict[str, Any]:
    return {"hand_changes": (HandChange(ALERTS_STAND, what, person),)}


MUTANTS = (
    Mutant(
        "an alert stays in the old coach channel",
        _stays_in_the_old_place,
        _replaced("channel"),
        habits={"never": 1},
    ),
    Mutant(
        "a withdrawn message says numbers",
        _says_numbers,
        _replaced("channel"),
        habits={"never": 1},
    ),
    Mutant(
        "a withdrawn alert is not sent anew",
        _is_not_sent_anew,
        _replaced("channel"),
        habits={"never": 1},
    ),
    Mutant(
        "a former coach can take alerts",
        _former_coach_keeps_access,
        _replaced("coach"),
        habits={"never": 1},
    ),
    Mutant(
        "a former coach keeps the alerts taken",
        _former_coach_keeps_hold,
        _replaced("coach"),
        habits={"never": 1},
    ),
    Mutant("a rep signs their own plan", _signs_own_plan, _replaced("second coach", "U0PRIYA")),
    Mutant(
        "a channel that became public gets numbers",
        _everybody_may_read,
        _replaced("public"),
        habits={"never": 1},
    ),
    Mutant(
        "a channel that is shared gets numbers",
        _everybody_may_read,
        _replaced("shared"),
        habits={"never": 1},
    ),
    Mutant("a change of coach is not noted", _is_not_noted, _replaced("coach")),
    Mutant("the log does not say who", _nobody_did_it, _replaced("second coach", "U0ALEX")),
    Mutant("nobody is told of a new coach", _nobody_is_told, _replaced("coach")),
)
