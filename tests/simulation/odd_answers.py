"""Slack refuses calls with a code that says nothing of the message: once, for an hour, or for days."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from bot.app import ASK_AGAIN, ASK_AGAIN_SECONDS
from tests.slack.delivery.codes import DOCUMENTED, INVENTED

if TYPE_CHECKING:
    from tests.simulation.wire import Call
    from tests.simulation.world import World

HOUR, DAY, WEEK = 3_600.0, 86_400.0, 7 * 86_400.0

NOT_REFUSED = frozenset({"conversations.history", "response_url"})
"""Calls that meet an odd answer only by name. A look that is refused for hours is left out in the end, and then a
message may come twice, as the README says; a response_url gives no codes.
"""

METHODS = (
    None,
    None,
    "chat.postMessage",
    "chat.postMessage",
    "chat.update",
    "views.publish",
    "users.info",
)


@dataclass(frozen=True)
class OddAnswer:
    """Slack refuses `calls` calls, or every call, between two moments, which are seconds from the start."""

    code: str
    begin: float
    end: float
    method: str | None = None
    """The only method that is refused; None for all of them."""
    channel: str | None = None
    """The only conversation that is refused; None for all of them."""
    calls: int | None = None

    def meets(self, method: str, arguments: Mapping[str, Any]) -> bool:
        """Whether it refuses such a call."""
        if self.channel is not None and arguments.get("channel") != self.channel:
            return False
        return self.method == method if self.method is not None else method not in NOT_REFUSED

    @property
    def is_about_one_place(self) -> bool:
        return self.channel is not None


class OddAnswers:
    """Keeps which calls are refused."""

    def __init__(self, answers: Iterable[OddAnswer]) -> None:
        self._left = {answer: answer.calls for answer in answers}

    def take(self, method: str, arguments: Mapping[str, Any], now: float) -> str | None:
        """Return the code with which a call is refused; None if it is not."""
        for answer, left in self._left.items():
            if left != 0 and answer.begin <= now < answer.end and answer.meets(method, arguments):
                self._left[answer] = None if left is None else left - 1
                return answer.code
        return None


class TokenBeats:
    """The beats that ask about a refused token, and only those at which there is one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._go_on = False

    def notice(self, call: Call) -> None:
        """A call is over; where it asked about the token in vain, the beats begin."""
        if call.method == "auth.test" and not call.done and not self._go_on:
            self._go_on = True
            self._world.start(self._beat())

    async def _beat(self) -> None:
        await asyncio.sleep(ASK_AGAIN_SECONDS)
        while self._world.promises.one(
            "SELECT 1 FROM workspace WHERE disconnected_reason IS NOT NULL"
        ):
            self._world.sometimes("a token is asked about again")
            for replica in self._world.alive():
                replica.process.start(replica.beat(ASK_AGAIN))
            await asyncio.sleep(4 * ASK_AGAIN_SECONDS)  # a beat between two pauses does nothing
        self._go_on = False


def draw_odd_answers(seed: int, length: float) -> tuple[OddAnswer, ...]:
    """Draw those of a seed, half of them at the beginning of a week, when most is sent."""
    random = Random(f"odd answers {seed}")
    drawn = []
    for _ in range(random.choice((0, 1, 2, 4))):
        begin = random.uniform(0, length)
        if random.random() < 0.5:
            monday = 3.5 * DAY + begin // WEEK * WEEK
            begin = min(monday + random.uniform(0, DAY), length)
        calls, lasts = random.choice(
            ((random.randint(1, 3), WEEK), (None, HOUR), (None, random.uniform(1, 3) * DAY))
        )
        answer = OddAnswer(
            code=random.choice(DOCUMENTED + INVENTED),
            begin=begin,
            end=min(begin + lasts, length),
            method=random.choice(METHODS),
            calls=calls,
        )
        drawn.append(answer)
    return tuple(drawn)
