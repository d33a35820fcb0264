"""The forms of a decision about a plan."""

from __future__ import annotations

from bot.slack.views.plans import decisions as plan_decisions
from tests.slack.views.plans.shown import (
    NUMBERS_STEP,
    filled_in,
)
from tests.slack.views.sound import check_sound


def test_the_coachs_suggestion_comes_back_as_it_was_filled_in() -> None:
    view = plan_decisions.suggest_modal(NUMBERS_STEP)
    check_sound(view)
    form = plan_decisions.read_suggestion(filled_in(view))
    assert (form.goal, form.average_sale, form.working_weeks) == ("$600,000", "$20,000", "46")
    assert form.ratios["home"] == "60"
