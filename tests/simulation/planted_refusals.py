"""Planted faults of the rule that no answer of Slack's gives a message up, and a world for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.doctor import records
from bot.domain.outbox import backlog, given_up
from bot.domain.people.enrolled import DEACTIVATED
from bot.domain.tables import OutboxItem
from bot.slack.delivery.delivery import Delivery
from bot.slack.delivery.probing import Probing
from bot.slack.delivery.refusals import Refusals
from bot.slack.delivery.token_check import TokenCheck
from bot.slack.outcomes import CallOutcome, Failure
from tests.harbor import COACH_CHANNEL
from tests.simulation.odd_answers import DAY, HOUR, WEEK, OddAnswer
from tests.simulation.planted import MONDAY, Mutant, Patch

POST = "chat.postMessage"

UNKNOWN = "a_code_of_tomorrow"

THREE = {
    "U0PRIYA": "Europe/London",
    "U0SAM": "Europe/London",
    "U0NOZONE": "Europe/London",
}


def _odd(code: str, lasts: float, **given: Any) -> Mapping[str, Any]:
    """A world in which Slack refuses with this code from an hour before the first Monday at nine."""
    return {"odd_answers": (OddAnswer(code, MONDAY - HOUR, MONDAY - HOUR + lasts, **given),)}


def _waits_unless(is_final: Any) -> list[Patch]:
    waits = Refusals._waits

    async def may_end(self: Refusals, claimed: Any, rendered: Any, failure: Failure) -> None:
        if is_final(claimed, failure):
            await self.give_up(claimed, failure.code)
        else:
            await waits(self, claimed, rendered, failure)

    return [(Refusals, "_waits", may_end)]


def _a_code_is_final() -> list[Patch]:
    return _waits_unless(lambda _, failure: failure.outcome is CallOutcome.REFUSED)


def _ten_tries_are_all() -> list[Patch]:
    return _waits_unless(lambda claimed, _: claimed.attempts >= 10)


def _a_dead_token_stays_dead() -> list[Patch]:
    async def never(_: TokenCheck) -> None:
        return None

    return [(TokenCheck, "ask_again", never)]


def _never_probes_again() -> list[Patch]:
    refused = Probing.refused

    def for_ever(self: Probing, place: str, *, row: int, now: datetime) -> None:
        refused(self, place, row=row, now=now)
        if self._next_at is not None:
            self._next_at = now + timedelta(days=300)

    return [(Probing, "refused", for_ever)]


def _plain_is_good_enough() -> list[Patch]:
    post = Delivery._post_or_plainly

    async def stays(self: Delivery, claimed: Any, rendered: Any) -> Any:
        answer, _ = await post(self, claimed, rendered)
        return answer, claimed

    return [(Delivery, "_post_or_plainly", stays)]


def _the_channel_or_nobody() -> list[Patch]:
    async def same(_: Delivery, __: Any, rendered: Any) -> Any:
        return rendered

    return [(Delivery, "_another_place", same)]


def _believes_that_they_are_gone() -> list[Patch]:
    async def gone(*_: Any) -> str:
        return DEACTIVATED

    return [(Refusals, "_why_gone", gone)]


def _home_names_nothing() -> list[Patch]:
    def nothing(_: Any, workspace_ids: Any, **__: Any) -> Any:
        return {workspace_id: [] for workspace_id in workspace_ids}

    return [(given_up, "given_up", nothing)]


def _doctor_names_nothing() -> list[Patch]:
    trouble = records._trouble

    def only_what_waits(session: Any, item: OutboxItem, now: datetime) -> Any:
        return None if item.failed_reason is not None else trouble(session, item, now)

    return [(records, "_trouble", only_what_waits)]


def _no_metric_names_it() -> list[Patch]:
    count = backlog.backlog

    def without_reasons(session: Any, **given: Any) -> Any:
        return replace(count(session, **given), reasons=())

    return [(backlog, "backlog", without_reasons)]


MUTANTS = (
    Mutant("a code that nobody knows ends a message", _a_code_is_final, _odd(UNKNOWN, 2 * HOUR)),
    Mutant(
        "ten refusals end a message",
        _ten_tries_are_all,
        _odd(UNKNOWN, 20 * HOUR, method=POST),
    ),
    Mutant(
        "a dead token is never asked about again",
        _a_dead_token_stays_dead,
        _odd("token_revoked", 2 * HOUR),
    ),
    Mutant(
        "a method that refused everybody stays closed",
        _never_probes_again,
        {"people": THREE, **_odd("team_access_not_granted", 2 * HOUR, method=POST)},
    ),
    Mutant(
        "what went out plain stays plain",
        _plain_is_good_enough,
        _odd("invalid_blocks", WEEK, method=POST, calls=1),
        habits={"never": 1},
    ),
    Mutant(
        "an alert stays with the channel that refuses it",
        _the_channel_or_nobody,
        _odd("msg_too_long", 4 * DAY, method=POST, channel=COACH_CHANNEL),
        habits={"never": 1},
    ),
    Mutant(
        "a person is believed to be gone, unasked",
        _believes_that_they_are_gone,
        _odd("user_not_found", WEEK, method=POST, calls=1),
    ),
    Mutant(
        "Home does not name what was given up",
        _home_names_nothing,
        _odd(UNKNOWN, 3 * DAY, method=POST),
    ),
    Mutant(
        "doctor does not name what was given up",
        _doctor_names_nothing,
        _odd(UNKNOWN, 3 * DAY, method=POST),
    ),
    Mutant(
        "no metric names what was given up",
        _no_metric_names_it,
        _odd(UNKNOWN, 3 * DAY, method=POST),
    ),
)
"""Each breaks the rule in one way."""
