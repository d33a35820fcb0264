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
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.simulation.crash_story import (
    CLOSES,
    DUE,
    REP,
    Flow,
    OneWeek,
    Steps,
    Story,
)
from tests.simulation.mix import quiet_mix
from tests.simulation.people import answer_ids
from tests.simulation.running import Outcome, run
from tests.simulation.world import World
from tests.simulation.yard import Yard
from tests.turns import is_due


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


def sweep(flow: Flow, yard: Yard, *, turn: int | None = None) -> Swept:
    """Live through the flow once without a fault, then once for each of its points of which it is the turn."""
    outcome, told = tell(flow, yard, dies_in=None)
    points = tuple(told.passed)
    failed = [f"without a fault: {why}" for why in _wrong(outcome, told)]
    not_hit = []
    for number, name in enumerate(points):
        if not is_due(f"{flow.name} {number}", turn):
            continue
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
    calm = quiet_mix(
        1,
        1,
        people={REP: "Europe/London"},
        check_in_at=DUE.time(),
        deadline_at=CLOSES.time(),
        skews=(0.0,),
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
