"""One flow, step by step: what the people do, and from where to where its points count."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from bot.sandbox.records import Interaction, Message
from bot.slack.views.alerts import DONE, TAKE
from bot.slack.views.checkins.forms import FORM_MODAL, NUMBER_MODAL
from bot.slack.views.checkins.messages import ANSWER_NO, ANSWER_YES, CHANGE, SNOOZE
from bot.slack.views.conversations.messages import UNDO
from tests.harbor import COACH_CHANNEL
from tests.simulation.mix import START, Mix
from tests.simulation.people import People, action_ids, answer_ids
from tests.simulation.replicas import Replica
from tests.simulation.world import World

REP, COACH = "U0PRIYA", "U0DANA"

DUE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""The first check-in; winter, so London's clocks show UTC."""

REMINDER = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)

CLOSES = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)

END = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)

MOST_TRIES = 30

AFTERWARDS = 200.0
"""Seconds after the last step in which what it set off comes to rest."""


@dataclass(frozen=True)
class OneWeek(Mix):
    """One rep, one process, one check-in and its end; no fault but the one that is wanted."""

    @property
    def faults_end(self) -> float:
        return self.end

    @property
    def end(self) -> float:
        return (END - START).total_seconds()


@dataclass
class Story(People):
    """One flow, step by step: what the people do, and from where to where its points count."""

    world: World
    flow: Flow
    dies_in: int | None
    passed: list[str] = field(default_factory=list)
    victim: Replica | None = None
    went_through: bool = False
    holds: bool = False

    def __post_init__(self) -> None:
        super().__init__(self.world)
        self.random = Random(1)
        self.world.start(self._live())

    def sees(self, message: Message) -> None:
        """Nobody does anything by themselves here."""

    async def _live(self) -> None:
        await self.flow.before(self)
        (self.victim,) = self.world.alive()
        process = self.victim.process
        process.at_point, process.dies_in = self.passed.append, self.dies_in
        await self.flow.steps(self)
        await asyncio.sleep(AFTERWARDS)
        process.at_point = lambda _: None
        self.went_through = True
        await self.until(END - timedelta(hours=1))
        self.holds = bool(self.world.promises.one(self.flow.in_the_end))

    # What the people do.

    async def _until_acked(self, who: str, random: Random, do: Any, argument: str) -> Any:
        """Do it, and again every half minute as long as Slack shows an error."""
        for _ in range(MOST_TRIES):
            try:
                outcome = await do(argument)
            except LookupError:
                return None  # it was done all the same
            if outcome is None or outcome.acked:
                return outcome
            await asyncio.sleep(30)
        raise AssertionError("nobody answers any more")

    async def until(self, moment: datetime) -> None:
        await asyncio.sleep((moment - self.world.clock.now()).total_seconds())

    def check_in(self) -> Message:
        """The check-in's message, as it stands now."""
        return self._newest(self.world.workspace.dm_of(REP).id, {ANSWER_YES, CHANGE})

    def alert(self) -> Message:
        return self._newest(COACH_CHANNEL, {TAKE, DONE})

    def _newest(self, channel: str, any_of: set[str]) -> Message:
        for message in reversed(self.world.workspace.messages(channel)):
            if action_ids(message) & any_of:
                return message
        raise LookupError("it is not there")

    async def press(self, who: str, find: Callable[[], Message], action: str, value: str) -> None:
        """A button, again as long as Slack shows an error."""

        async def once(value: str) -> Interaction | None:
            return await self._person(who).press(find(), action_id=action, value=value or None)

        await self._until_acked(who, self.random, once, value)

    async def answer(self, number: int, *, yes: bool) -> None:
        """Press Yes or No of the check-in's question; nothing is logged, so No agrees."""
        answer_id = answer_ids(self.check_in())[number]
        action = ANSWER_YES if yes else ANSWER_NO
        await self.press(REP, self.check_in, action, str(answer_id))
        await self._gives_number(REP, NUMBER_MODAL, [answer_id], self.random)

    async def change(self, message: Message, answer_id: int) -> None:
        await self._changes(REP, message, answer_id, self.random)

    async def log(self) -> None:
        await self._until_acked(
            REP,
            self.random,
            lambda text: self._person(REP).command("/log-conversation", text),
            "Acme 2nd",
        )

    async def undo(self) -> None:
        for message in reversed(self._person(REP).messages()):
            if UNDO in action_ids(message):
                await self.press(REP, partial(_the_same, message), UNDO, "")
                return
        raise LookupError("nothing to undo")

    async def snooze(self) -> None:
        async def once(value: str) -> Interaction | None:
            return await self._person(REP).select(self.check_in(), action_id=SNOOZE, value=value)

        await self._until_acked(REP, self.random, once, "1h")
        self.world.snoozed(self.check_in())

    async def form(self) -> None:
        await self._until_acked(
            REP, self.random, lambda _: self._person(REP).command("/checkin", ""), ""
        )
        await self._gives_number(REP, FORM_MODAL, None, self.random)

    async def take(self) -> None:
        await self.press(COACH, self.alert, TAKE, "")

    async def done(self) -> None:
        await self.press(COACH, self.alert, DONE, "")
        await self._talks.says_what_was_done(COACH, self.random)


Steps = Callable[[Story], Awaitable[None]]


@dataclass(frozen=True)
class Flow:
    """A flow: what comes before it, its steps, and what the database must say in the end."""

    name: str
    before: Steps
    steps: Steps
    in_the_end: str


def _the_same(message: Message) -> Message:
    return message
