"""Goals beside a plan, what a better ratio is worth, and where goals are in each other's way."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.rules import plan as rules
from bot.rules import ratios
from bot.rules.conflicts import Conflict, Kind
from bot.rules.ratios import Step
from bot.slack.views.plans import goal_words
from tests.slack.views.plans.shown import NUMBERS, PLAN, READER


def test_what_a_ratio_is_worth_comes_best_first_and_leaves_out_what_is_full() -> None:
    lines = goal_words.worth(PLAN.plan.worth, READER).splitlines()
    assert lines[0] == ("Conversation → 1st at 25 %: *4 fewer*, 1 a point")
    assert len(lines) == 4
    full = rules.compute(replace(NUMBERS, ratios={**ratios.ASSUMED, Step.HOME: Decimal(100)}))
    assert "3rd → home" not in goal_words.worth(full.worth, READER)


def test_a_conflict_names_both_goals_as_text_and_in_brief_says_less() -> None:
    found = Conflict(Kind.INCOME, "Sales goal", "Earn <48k>", "more than it brings", "Ask for more")
    whole, brief = goal_words.conflict(found), goal_words.conflict_in_brief(found)
    for said in (whole, brief):
        assert "Earn &lt;48k&gt;" in said
        assert "more than it brings" in said
    assert len(brief) <= len(whole)
