"""The moment a version is signed, and what gives way to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.domain.shown.plans import GoalForm
from bot.domain.tables import PlanState
from tests.domain.planning import (
    GOAL,
    Office,
    numbers,
)
from tests.domain.plans.steps import WORKED


def test_a_plan_for_next_year_leaves_this_year_alone(office: Office) -> None:
    short = replace(GOAL, goal="60k", ends_on=date(2026, 12, 31))
    this_year = office.propose(goal=short, form=numbers(working_weeks="5"))
    office.approve(this_year)
    next_year = office.propose(goal=GoalForm("next_year", None, None, "600k"))
    assert office.approve(next_year).from_week == date(2027, 1, 4)
    # A change of this year's plan changes nothing for the next.
    other = office.propose(goal=replace(short, goal="50k"), form=numbers(working_weeks="5"))
    office.approve(other)
    assert office.plan(this_year).state == PlanState.REPLACED  # it had not begun yet
    assert office.plan(next_year).state == PlanState.APPROVED
    assert office.targets(date(2026, 12, 28))["sales"] == Decimal(10_000)
    assert office.targets(date(2027, 1, 4)) == WORKED
