"""A coach opens Home: one team of eight reps, and ten teams of twelve."""

from __future__ import annotations

import contextlib

from bench.actions import Actor, Plan, Size, measure_actions
from bench.check_ins import counted
from bench.measuring import Bench
from bench.payloads import home_opened_by
from bench.rounds import Result

SMALL = {"reps": 8, "team_size": 8}
LARGE = {"reps": 120, "team_size": 12, "teams_a_coach": 10}
LOST = 10.0
"""Seconds after which an opened Home counts as lost: 72656de loses one in some forty on PostgreSQL."""
AGAIN = 5
MORE = {"check_ins": "open", "with_home": True, "history": 20}


async def measure(bench: Bench) -> list[Result]:
    """Processor time from the event to the Home that is published."""
    coaches: dict[str, int] = {}

    async def open_home(actor: Actor, number: int) -> None:
        if actor.url not in coaches:  # they come after all reps
            coaches[actor.url] = counted(actor.url, "enrolment") + 1
        published = await actor.count("views.publish")
        for again in range(AGAIN):
            event = number + again * 1_000_000
            await actor.send(home_opened_by(coaches[actor.url], number=event))
            with contextlib.suppress(TimeoutError):
                await actor.until("views.publish", published + 1, seconds=LOST)
                return
        raise RuntimeError("a Home that was opened was not published")

    sizes = (
        Size("one team of 8", {**SMALL, **MORE}),
        Size("ten teams of 12", {**LARGE, **MORE}),
    )
    plan = Plan(
        what="a coach's Home",
        sizes=sizes,
        act=open_home,
        check=lambda actor: None,  # every Home that was awaited was published
        a_round=20 if bench.quick else 40,
        beside_bar=0.1,
    )
    return await measure_actions(bench, plan)
