"""The plans of the team of twelve: two reps write one in the first week, in the three steps of /plan."""

from __future__ import annotations

from datetime import date, timedelta

from bot.demo.weeks.keyboard import Person, modal_of, selected, submitted, typed
from bot.domain.shown.plans import BEGINS_ON, ENDS_ON
from bot.rules.plan import AVERAGE_SALE, GOAL, RATIO, WORKING_WEEKS
from bot.rules.ratios import Step
from bot.slack.views.plans.wizard import INPUT, PICK_PERIOD

WEEKS = 35

NUMBERS = {
    AVERAGE_SALE: "4,000",
    RATIO + Step.FIRST: "30",
    RATIO + Step.SECOND: "65",
    RATIO + Step.THIRD: "75",
    RATIO + Step.HOME: "80",
    WORKING_WEEKS: "34",
}
"""With a goal of $136,000 they give 9 conversations, 7 base moves and $4,000 a week."""


async def write(rep: Person, *, first: date) -> None:
    """Write a plan that begins on this Monday, and send it to the coach."""
    last = first + timedelta(weeks=WEEKS, days=-1)
    await typed(rep, "/plan")
    await selected(rep, modal_of(rep), PICK_PERIOD, "dates")
    for field, day in ((BEGINS_ON, first), (ENDS_ON, last)):
        await selected(rep, modal_of(rep), INPUT, day.isoformat(), block_id=field)
    await submitted(rep, {GOAL: "136,000"})
    await submitted(rep, NUMBERS)
    await submitted(rep)
    await rep.close_all()
