"""Asks Slack at the start until it answers, and tells a wrong setting from trouble that Slack has."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import TypeVar

from bot.problems import StartProblem
from bot.slack.outcomes import NOT_FOR_THIS_TOKEN, CallOutcome, Failure, classify

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Sleep = Callable[[float], Awaitable[None]]

START_WAITS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""The pauses between two attempts while Slack has trouble, in seconds; the last one is repeated."""


async def until_answered(
    ask: Callable[[], Awaitable[Answer]],
    *,
    setting: str,
    remedy: str,
    api_url: str,
    waits: Sequence[float] = START_WAITS,
    sleep: Sleep = asyncio.sleep,
) -> Answer:
    """Call `ask` until Slack answers, and return its answer.

    Raises StartProblem, whose text is for the operator, if Slack rejects the token in `setting` (the text then
    ends with `remedy`), or if nothing that could be Slack is at `api_url`. While Slack has trouble of its own,
    this waits longer and longer; after a 429 it waits for as long as Slack says.
    """
    for attempt in count():
        try:
            return await ask()
        except Exception as error:
            failure = classify(error)
            if failure is None:
                raise
            if failure.outcome is CallOutcome.TOKEN_DEAD or failure.code in NOT_FOR_THIS_TOKEN:
                raise StartProblem(
                    f"Slack does not take {setting} ({failure.code}). {remedy}"
                ) from error
            if _is_elsewhere(failure, attempt):
                raise StartProblem(
                    f"Slack does not answer at {api_url} ({failure.code}). "
                    "Check SLACK_API_URL and the network, and start again."
                ) from error
        wait = waits[min(attempt, len(waits) - 1)]
        if failure.outcome is CallOutcome.RATE_LIMITED:
            wait = failure.retry_after
            log.warning(
                "Slack asks to wait before it lets the bot start",
                extra={"next_attempt_in_seconds": wait},
            )
        else:
            log.warning(
                "Slack has trouble, so the bot has to wait",
                extra={"code": failure.code, "next_attempt_in_seconds": wait},
            )
        await sleep(wait)
    raise AssertionError("count() has no end")


def _is_elsewhere(failure: Failure, attempt: int) -> bool:
    """Return whether the address is none of Slack's: nobody answered the first call, or a 4xx page came."""
    return failure.code.startswith("http_4") or (
        failure.outcome is CallOutcome.NOT_DONE and failure.code == "connection" and attempt == 0
    )
