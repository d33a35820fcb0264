"""The forms of a decision about a plan."""

from __future__ import annotations

from bot.domain.shown.plans import Approval
from bot.rules.conflicts import Conflict, Kind
from bot.slack.views.plans import decisions as plan_decisions
from tests.slack.views.plans.shown import (
    MONDAY,
    NUMBERS_STEP,
    READER,
    filled_in,
)
from tests.slack.views.sound import check_sound, text_of


def test_the_coachs_suggestion_comes_back_as_it_was_filled_in() -> None:
    view = plan_decisions.suggest_modal(NUMBERS_STEP)
    check_sound(view)
    form = plan_decisions.read_suggestion(filled_in(view))
    assert (form.goal, form.average_sale, form.working_weeks) == ("$600,000", "$20,000", "46")
    assert form.ratios["home"] == "60"


def test_an_approval_from_a_later_week_names_what_is_in_each_others_way() -> None:
    shown = Approval(7, "Priya", (MONDAY,), READER)
    assert "in each other’s way" not in text_of(plan_decisions.approval_modal(shown))
    conflict = Conflict(Kind.INCOME, "Sales goal", "Earn <48k>", "a", "r")
    view = plan_decisions.approval_modal(Approval(7, "Priya", (MONDAY,), READER, (conflict,)))
    check_sound(view)
    assert "“Sales goal” against “Earn &lt;48k&gt;”" in text_of(view)
