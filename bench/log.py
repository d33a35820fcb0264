"""`/log-conversation Company 3 2nd`: a rep with few conversations behind, and one with many."""

from __future__ import annotations

from bench.actions import Actor, Plan, Size, measure_actions
from bench.check_ins import counted
from bench.measuring import Bench
from bench.payloads import command_of
from bench.rounds import Result

FACTS = {"reps": 8, "team_size": 8, "check_ins": "open", "with_home": True}
COMPANIES = 4


async def measure(bench: Bench) -> list[Result]:
    """Processor time from the command to the coach's Home that shows it."""

    async def log(actor: Actor, number: int) -> None:
        rep = number % FACTS["reps"] + 1
        text = f"Company {2 * (number % (COMPANIES // 2))} 2nd"
        await actor.send(
            command_of(rep, "/log-conversation", text, number=number, slack=actor.slack)
        )
        await actor.until("views.publish", number)

    def check(actor: Actor) -> None:
        made = "request_key NOT LIKE 'past-%%' AND request_key NOT LIKE 'bench-%%'"
        logged = counted(actor.url, f"conversation WHERE {made}")
        if logged != actor.number:
            raise RuntimeError(f"{logged} of {actor.number} conversations were logged")

    sizes = (
        Size("20 conversations behind", {**FACTS, "history": 5 * COMPANIES}),
        Size("1,000 conversations behind", {**FACTS, "history": 1_000}),
    )
    plan = Plan("a logged conversation", sizes, log, check, a_round=20 if bench.quick else 40)
    return await measure_actions(bench, plan)
