"""A coach approves a plan: in a team of twelve reps, and in one of two hundred, with half a year behind each."""

from __future__ import annotations

from bench.actions import Actor, Plan, Size, actions, measure_actions
from bench.check_ins import counted
from bench.measuring import Bench
from bench.payloads import plan_press_of
from bench.rounds import Result
from bot.slack.views.plans.buttons import APPROVE

HISTORY = 40
SMALL, LARGE = 12, 200


async def measure(bench: Bench) -> list[Result]:
    """Processor time from the press to the messages that show the approval."""

    reps: dict[str, int] = {}

    async def approve(actor: Actor, number: int) -> None:
        if actor.url not in reps:
            reps[actor.url] = counted(actor.url, "enrolment")
        team, size = (number - 1) % teams, reps[actor.url] // teams
        plan = team * size + (number - 1) // teams + 1
        coach = reps[actor.url] + team + 1  # they come after all reps
        await actor.send(plan_press_of(coach, plan, action_id=APPROVE, slack=actor.slack))

    def check(actor: Actor) -> None:
        approved = counted(actor.url, "plan WHERE state = 'approved'")
        if approved != actor.number:
            raise RuntimeError(f"{approved} of {actor.number} plans were approved")

    a_round = 5 if bench.quick else 8
    teams = -(-actions(a_round, quick=bench.quick) // SMALL)
    sizes = tuple(
        Size(
            f"team of {size}",
            {
                "reps": size * teams,
                "team_size": size,
                "check_ins": "open",
                "history": HISTORY,
                "plans": size * teams,
            },
        )
        for size in (SMALL, LARGE)
    )
    plan = Plan("an approval", sizes, approve, check, a_round, growth_bar=1.5)
    return await measure_actions(bench, plan)
