"""The plans of the demo: Maya meets her signed plan, Sam's waits for his coach, Priya has none yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.demo.people import DANA, MAYA, SAM
from bot.domain.access import Caller
from bot.domain.plans import drafts as plan_drafts
from bot.domain.plans import goals as plan_goals
from bot.domain.plans import sign_off as plan_sign_off
from bot.domain.shown.plans import GoalForm, NumbersForm, NumbersStep, OtherGoalForm
from bot.domain.tables import GoalKind
from bot.rules.periods import Period
from bot.rules.ratios import Step

SIGNED_WEEKS_AGO = 9
WEEKS = 35

MAYAS_RATIOS: dict[str, str] = {
    Step.FIRST: "19",
    Step.SECOND: "60",
    Step.THIRD: "65",
    Step.HOME: "70",
}
"""With Maya's other numbers these ratios give 18 conversations, 8 base moves and $9,000 a week."""


def sign_mayas(session: Session, *, workspace_id: int, this_week: date, now: datetime) -> None:
    """Write Maya's plan of some weeks ago, which Dana signed on the same day."""
    first = this_week - timedelta(weeks=SIGNED_WEEKS_AGO)
    then = now - timedelta(weeks=SIGNED_WEEKS_AGO + 1)
    maya = Caller(workspace_id, MAYA)
    numbers = plan_drafts.save_goal(
        session,
        caller=maya,
        form=GoalForm(Period.DATES, first, first + timedelta(weeks=WEEKS, days=-1), goal="306,000"),
        now=then,
    )
    form = replace(
        _as_filled_in(numbers),
        closed="0",
        average_sale="10,000",
        ratios=MAYAS_RATIOS,
        working_weeks="34",
    )
    plan_drafts.save_numbers(session, caller=maya, plan_id=numbers.plan_id, form=form, now=then)
    plan_drafts.propose(session, caller=maya, plan_id=numbers.plan_id, pairs={}, now=then)
    plan_sign_off.approve(
        session, caller=Caller(workspace_id, DANA), plan_id=numbers.plan_id, now=then
    )


def propose_sams(session: Session, *, workspace_id: int, now: datetime) -> None:
    """Write the plan for the next quarter that Sam sent to Dana; one of his goals conflicts with it."""
    sam = Caller(workspace_id, SAM)
    numbers = plan_drafts.save_goal(
        session,
        caller=sam,
        form=GoalForm(Period.NEXT_QUARTER, None, None, goal="110,000"),
        now=now,
    )
    plan_drafts.save_numbers(
        session, caller=sam, plan_id=numbers.plan_id, form=_as_filled_in(numbers), now=now
    )
    for goal in (
        OtherGoalForm(
            GoalKind.INCOME, words="A new roof", amount="13,200", commission="10", hours=""
        ),
        OtherGoalForm(GoalKind.PERSONAL, words="Coach the under-twelves on Wednesdays", hours="3"),
    ):
        review = plan_goals.save_other_goal(
            session, caller=sam, plan_id=numbers.plan_id, goal_id=None, form=goal, now=now
        )
    pairs = {f"{pair.first_key}:{pair.second_key}": "no" for pair in review.pairs}
    plan_drafts.propose(session, caller=sam, plan_id=numbers.plan_id, pairs=pairs, now=now)


def _as_filled_in(step: NumbersStep) -> NumbersForm:
    """Return the form of the second step with the values that it showed to the rep."""
    return NumbersForm(
        closed=str(step.closed.value or 0),
        average_sale=str(step.average_sale.value or ""),
        ratios={ratio.step: str(ratio.percent) for ratio in step.ratios},
        working_weeks=str(step.working_weeks),
    )
