"""A coach opens Home: one team of eight reps, and ten teams of twelve."""

from __future__ import annotations

from bench.actions import Actor, Plan, Size, measure_actions
from bench.check_ins import counted
from bench.measuring import Bench
from bench.payloads import home_opened_by
from bench.rounds import Result

SMALL = {"reps": 8, "team_size": 8}
LARGE = {"reps": 120, "team_size": 12, "teams_a_coach": 10}
MORE = {"check_ins": "open", "with_home": True, "history": 20}


async def measure(bench: Bench) -> list[Result]:
    """Processor time from the event to the Home that is published."""
    coaches: dict[str, int] = {}

    async def open_home(actor: Actor, number: int) -> None:
        if actor.url not in coaches:  # they come after all reps
            coaches[actor.url] = counted(actor.url, "enrolment") + 1
        await actor.send(home_opened_by(coaches[actor.url], number=number))
        await actor.until("views.publish", number)

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
