"""Writing a plan in three steps: each is filled in, and comes back as it was filled in."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.domain.shown.plans import (
    GoalStep,
    Pair,
    ReviewStep,
)
from bot.rules.periods import Period, span_of
from bot.slack.views.plans import wizard as plan_wizard
from tests.slack.views.plans.shown import (
    NUMBERS_STEP,
    PLAN,
    READER,
    SPAN,
    TODAY,
    filled_in,
    inputs,
)
from tests.slack.views.sound import check_sound, text_of


def test_the_first_step_asks_for_dates_only_where_they_are_wanted() -> None:
    quarter = span_of(Period.THIS_QUARTER, today=TODAY)
    step = GoalStep(
        plan_id=None,
        periods={Period.THIS_YEAR: SPAN, Period.THIS_QUARTER: quarter},
        period=Period.THIS_YEAR,
        dates=None,
        goal=None,
        today=TODAY,
        reader=READER,
    )
    view = plan_wizard.goal_modal(step)
    check_sound(view)
    assert [block["block_id"] for block in inputs(view)] == ["plan.period", "plan.goal"]
    options = inputs(view)[0]["element"]["options"]
    assert options[0]["text"]["text"] == "This year: 1 January – 31 December 2026"
    dated = plan_wizard.goal_modal(replace(step, period=Period.DATES, goal=Decimal(600_000)))
    check_sound(dated)
    form = plan_wizard.read_goal(filled_in(dated))
    assert (form.period, form.begins_on, form.ends_on) == ("dates", TODAY, None)
    assert form.goal == "$600,000"


def test_the_second_step_comes_back_as_it_was_filled_in() -> None:
    view = plan_wizard.numbers_modal(NUMBERS_STEP)
    check_sound(view)
    form = plan_wizard.read_numbers(filled_in(view))
    assert (form.closed, form.average_sale, form.working_weeks) == ("$0", "$20,000", "46")
    assert form.ratios == {"first": "20", "second": "50", "third": "50", "home": "60"}
    hints = {block["block_id"]: block["hint"]["text"] for block in inputs(view)}
    assert hints["plan.ratio.first"] == "Assumed: nothing is logged yet."
    assert hints["plan.working_weeks"] == (
        "The calendar gives 44.2 from 9 February on, without 9 days of leave and public holidays."
    )


def test_the_third_step_sends_to_the_coach_by_name_and_says_who_reads_it() -> None:
    view = plan_wizard.review_modal(
        ReviewStep(PLAN, (Pair("sales", "Sell $600,000", "k5", "Run"),))
    )
    check_sound(view)
    assert view["submit"]["text"] == "Send to Dana"
    words = text_of(view)
    assert "<@U0OWNCOACH> in your coach’s channel; who is in that channel reads all of it" in words
    assert inputs(view)[0]["label"]["text"] == "Does “Sell $600,000” get in the way of “Run”?"
    answered = filled_in(view)
    answered["state"]["values"]["plan.pair.sales:k5"]["value"]["selected_option"] = {"value": "no"}
    assert plan_wizard.read_pairs(answered) == {"sales:k5": "no"}
    assert plan_wizard.read_pairs(filled_in(view)) == {}


def test_a_coach_who_coaches_alone_chooses_who_signs() -> None:
    view = plan_wizard.review_modal(ReviewStep(PLAN, (), asks_signer=True, signer="U0NORA"))
    check_sound(view)
    assert view["submit"]["text"] == "Send"
    assert "It goes to the person whom you choose, in a direct message." in text_of(view)
    (chosen,) = inputs(view)
    assert chosen["label"]["text"] == "Who signs it?"
    assert plan_wizard.read_signer(filled_in(view)) == "U0NORA"
    others = plan_wizard.review_modal(ReviewStep(PLAN, ()))
    assert plan_wizard.read_signer(filled_in(others)) is None
