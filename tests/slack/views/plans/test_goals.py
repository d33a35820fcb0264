"""The form of a goal beside the sales goal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.shown.plans import (
    OtherGoalStep,
)
from bot.slack.views.plans import goals as plan_goals
from tests.slack.views.plans.shown import (
    GOAL,
    READER,
    TODAY,
    filled_in,
)
from tests.slack.views.sound import check_sound


@pytest.mark.parametrize("kind", ["income", "personal", "leave", "metric"])
def test_the_form_of_a_goal_asks_what_its_kind_has(kind: str) -> None:
    metrics = ((3, "Referrals", "count"), (4, "Practice", "hours"))
    new = OtherGoalStep(7, kind, None, metrics, None, READER)
    goal = replace(
        GOAL,
        kind=kind,
        unit="money" if kind == "income" else "km",
        commission=Decimal("12.5"),
        begins_on=TODAY,
    )
    changed = OtherGoalStep(7, kind, goal, metrics, 4, READER)
    for step in (new, changed):
        check_sound(plan_goals.goal_modal(step))
    form = plan_goals.read_goal(filled_in(plan_goals.goal_modal(changed)), kind)
    expected = {
        "income": ("", "$21", "12.5", None),
        "personal": ("Run a half marathon", "21", "", None),
        "leave": ("Run a half marathon", "", "", None),
        "metric": ("", "21", "", 4),
    }[kind]
    assert (form.words, form.amount, form.commission, form.metric_id) == expected
    assert kind == "income" or (form.begins_on, form.ends_on) == (TODAY, date(2026, 10, 4))


def test_a_team_that_counts_nothing_leaves_a_form_without_a_button() -> None:
    view = plan_goals.goal_modal(OtherGoalStep(7, "metric", None, (), None, READER))
    check_sound(view)
    assert "submit" not in view
