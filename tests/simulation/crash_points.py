"""Crash-point enumeration: every flow killed once at each of its points, and everything in order afterwards.

A flow is lived through without a fault first, noting each point it passes: before and after every commit, before
and after every call of Slack's. Then it is lived through once for every point, the process killed exactly there.
Another process takes over, the people press again where Slack showed them an error, quiet days follow, and every
promise must hold. `python -m tests.simulation.crash_points` prints the table.
"""

from __future__ import annotations

import asyncio
import sys
import time as machine_time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
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
from tests.simulation.mix import START, Mix, draw_mix
from tests.simulation.people import People, action_ids, answer_ids
from tests.simulation.replicas import Replica
from tests.simulation.world import Outcome, World, Yard, run

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
        await self._says_what_was_done(COACH, self.random)


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


def _at(moment: datetime) -> Steps:
    async def before(story: Story) -> None:
        await story.until(moment)

    return before


def _wait(seconds: float) -> Steps:
    async def steps(_story: Story) -> None:
        await asyncio.sleep(seconds)

    return steps


async def _starts(story: Story) -> None:
    while not story.world.alive():
        await asyncio.sleep(0)


async def _answers_no(story: Story) -> None:
    await story.answer(0, yes=False)


async def _answers_yes(story: Story) -> None:
    await story.answer(0, yes=True)


async def _changes(story: Story) -> None:
    message = story.check_in()
    await story.change(message, answer_ids(message)[0])


async def _answered(story: Story) -> None:
    await _TEN(story)
    await story.answer(0, yes=False)
    await asyncio.sleep(60)  # it is redrawn


async def _last_answers(story: Story) -> None:
    for number in (0, 1, 2):
        await story.answer(number, yes=False)


async def _logged(story: Story) -> None:
    await _TEN(story)
    await story.log()
    await asyncio.sleep(60)


_TEN = _at(datetime(2026, 3, 2, 10, 0, tzinfo=UTC))
_CLOSED = _at(datetime(2026, 3, 3, 17, 30, tzinfo=UTC))

FLOWS = (
    Flow(
        "start",
        _starts,
        _wait(60),
        "SELECT count(*) = 1 FROM outbox WHERE surface = 'welcome' AND ts IS NOT NULL",
    ),
    Flow(
        "check-in due, delivered",
        _at(datetime(2026, 3, 2, 8, 59, tzinfo=UTC)),
        _wait(120),
        "SELECT delivered_at IS NOT NULL FROM check_in",
    ),
    Flow(
        "a press that agrees",
        _TEN,
        _answers_no,
        "SELECT count(*) = 1 FROM answer_edit WHERE verdict = 'no'",
    ),
    Flow(
        "a press, its modal, a number",
        _TEN,
        _answers_yes,
        "SELECT count(*) > 0 FROM answer_edit",
    ),
    Flow("a change", _answered, _changes, "SELECT count(*) > 0 FROM answer_edit"),
    Flow(
        "the last answer, a miss, its alert",
        _TEN,
        _last_answers,
        "SELECT state = 'answered' FROM check_in",
    ),
    Flow("the form", _TEN, Story.form, "SELECT count(*) > 0 FROM answer_edit"),
    Flow(
        "a snooze",
        _TEN,
        Story.snooze,
        "SELECT count(*) > 0 FROM reminder WHERE sent_at > '2026-03-02 10:30'",
    ),
    Flow(
        "a reminder",
        _at(datetime(2026, 3, 2, 12, 59, tzinfo=UTC)),
        _wait(120),
        "SELECT count(*) = 2 FROM reminder WHERE sent_at IS NOT NULL",
    ),
    Flow(
        "the deadline, its alert",
        _at(datetime(2026, 3, 3, 16, 59, tzinfo=UTC)),
        _wait(120),
        "SELECT state = 'unanswered' FROM check_in",
    ),
    Flow("an alert is taken", _CLOSED, Story.take, "SELECT taken_at IS NOT NULL FROM alert"),
    Flow("an alert is done", _CLOSED, Story.done, "SELECT done_at IS NOT NULL FROM alert"),
    # Who types it again because Slack showed an error logs it again: that is another command.
    Flow(
        "a conversation is logged",
        _TEN,
        Story.log,
        "SELECT count(*) BETWEEN 1 AND 2 FROM conversation",
    ),
    Flow(
        "an undo",
        _logged,
        Story.undo,
        "SELECT count(*) = 0 FROM conversation WHERE undone_at IS NULL",
    ),
)


@dataclass(frozen=True)
class Swept:
    """A flow and what became of it at each of its points."""

    flow: Flow
    points: tuple[str, ...]
    not_hit: tuple[str, ...]
    failed: tuple[str, ...]
    """Where, and what was broken."""


def sweep(flow: Flow, yard: Yard) -> Swept:
    """Live through the flow once without a fault, then once for each of its points."""
    outcome, told = tell(flow, yard, dies_in=None)
    points = tuple(told.passed)
    failed = [f"without a fault: {why}" for why in _wrong(outcome, told)]
    not_hit = []
    for number, name in enumerate(points):
        outcome, told = tell(flow, yard, dies_in=number)
        where = f"{number} {name}"
        if (
            told.victim is None
            or told.victim.process.died_at != name
            or told.passed != list(points[: number + 1])
        ):
            not_hit.append(where)
        failed += [f"{where}: {why}" for why in _wrong(outcome, told)]
    return Swept(flow, points, tuple(not_hit), tuple(failed))


def tell(flow: Flow, yard: Yard, *, dies_in: int | None) -> tuple[Outcome, Story]:
    """One run of the flow, killed after so many of its points."""
    told: list[Story] = []

    def instead(world: World) -> None:
        world.people = Story(world, flow, dies_in)
        told.append(world.people)

    return run(_one_week(), yard, mutations=instead), told[0]


def _wrong(outcome: Outcome, told: Story) -> list[str]:
    wrong = [str(broken) for broken in outcome.broken]
    if not told.went_through:
        wrong.append("the flow did not come to its end")
    elif not told.holds:
        wrong.append(f"not so in the end: {told.flow.in_the_end}")
    return wrong


def _one_week() -> OneWeek:
    rendered = draw_mix(1, 1)
    calm = replace(
        rendered,
        people={REP: "Europe/London"},
        check_in_day=0,
        check_in_at=DUE.time(),
        deadline_day=1,
        deadline_at=CLOSES.time(),
        replicas=1,
        skews=(0.0,),
        call_faults={},
        slack_outages=(),
        bot_outages=(),
        kill_rate=0.0,
        pauses=0.0,
        longest_pause=10.0,
        repeated=0.0,
        dropped_events=0.0,
        moves=(),
        absences=(),
        channel_troubles=(),
        logging_rate=0.0,
        homes=False,
    )
    return OneWeek(**{name: getattr(calm, name) for name in calm.__dataclass_fields__})


def main() -> int:
    """Sweep every flow and print what was found."""
    yard, began, points, wrong = Yard(), machine_time.monotonic(), 0, 0
    wanted = sys.argv[1:]
    try:
        for flow in FLOWS:
            if wanted and flow.name not in wanted:
                continue
            swept = sweep(flow, yard)
            points += len(swept.points)
            wrong += len(swept.failed) + len(swept.not_hit)
            sys.stdout.write(f"{len(swept.points):5}  {flow.name}\n")
            for line in (*swept.failed, *(f"not hit: {where}" for where in swept.not_hit)):
                sys.stdout.write(f"       {line}\n")
            sys.stdout.flush()
    finally:
        yard.close()
    took = machine_time.monotonic() - began
    sys.stdout.write(f"{points:5}  points, each killed once; {wrong} wrong; {took:.0f} s\n")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
