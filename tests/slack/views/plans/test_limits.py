"""A plan with as much in it as a plan can have: all of it is shown, or said to be somewhere."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.shown.plans import Pair, PlanShown, ReviewStep
from bot.rules.conflicts import Conflict, Kind
from bot.slack.views.blocks import Message, View
from bot.slack.views.plans import messages as plan_messages
from bot.slack.views.plans import overview as plan_overview
from bot.slack.views.plans import versions as plan_versions
from bot.slack.views.plans import wizard as plan_wizard
from tests.slack.views.plans.shown import GOAL, PLAN, own
from tests.slack.views.sound import check_sound, text_of

CONFLICT = Conflict(next(iter(Kind)), "Sell", "Run", "&" * 1_000, "<" * 1_000)
GOALS = tuple(
    replace(GOAL, key=f"k{n}", goal_id=n, words=f"Goal {n} " + "&" * 190) for n in range(10)
)
"""As many goals as a plan may hold, with words as long as may be."""


def with_conflicts(number: int) -> PlanShown:
    return replace(PLAN, goals=GOALS, conflicts=(CONFLICT,) * number)


def conflicts_in(surface: Message | View) -> int:
    return text_of(surface).count("*Sell* against *Run*")


def test_each_of_ten_goals_is_shown_wherever_goals_are() -> None:
    plan = with_conflicts(0)
    for surface in (
        plan_versions.version_modal(plan),
        plan_wizard.review_modal(ReviewStep(plan, ())),
        plan_overview.overview_modal(own(in_force=replace(plan, state="approved"))),
        plan_overview.overview_modal(own(own=False, waiting=plan)),
    ):
        check_sound(surface)
        assert all(f"*Goal {n} " in text_of(surface) for n in range(10))


def test_a_message_has_three_conflicts_an_overview_six_and_each_says_where_the_others_are() -> None:
    message = plan_messages.plan_message(with_conflicts(8))
    check_sound(message)
    assert conflicts_in(message) == 3
    where = "And 5 more conflicts and 10 other goals. *How it comes about* has it all."
    assert where in text_of(message)
    assert "more conflict" not in text_of(plan_messages.plan_message(with_conflicts(3)))

    view = plan_overview.overview_modal(own(own=False, waiting=with_conflicts(8)))
    check_sound(view)
    assert conflicts_in(view) == 6
    assert "And 2 more conflicts. *How it comes about* shows all of them." in text_of(view)


def test_a_version_is_shown_with_fifty_conflicts_and_counts_the_others() -> None:
    assert conflicts_in(plan_versions.version_modal(with_conflicts(50))) == 50
    view = plan_versions.version_modal(with_conflicts(51))
    check_sound(view)
    assert conflicts_in(view) == 50
    assert "And 1 more conflict." in text_of(view)
    assert "`/plan`" not in text_of(view)


def test_the_last_step_has_forty_conflicts_beside_ten_goals_and_five_questions() -> None:
    pairs = tuple(Pair("sales", "&" * 200, f"k{n}", "<" * 200) for n in range(5))
    assert conflicts_in(plan_wizard.review_modal(ReviewStep(with_conflicts(40), pairs))) == 40
    view = plan_wizard.review_modal(ReviewStep(with_conflicts(43), pairs))
    check_sound(view)
    assert conflicts_in(view) == 40
    assert "And 3 more." in text_of(view)
    assert sum(block["type"] == "input" for block in view["blocks"]) == 5
