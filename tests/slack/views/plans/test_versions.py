"""The versions of a plan: their list, and what differs between two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.domain.shown.plans import (
    Comparison,
    VersionRow,
    Versions,
)
from bot.rules import plan as rules
from bot.slack.views.plans import versions as plan_versions
from tests.slack.views.plans.shown import (
    GOAL,
    MOMENT,
    NUMBERS,
    PLAN,
    READER,
    SPAN,
)
from tests.slack.views.sound import check_sound, text_of


def test_a_comparison_shows_only_what_differs() -> None:
    other = replace(
        PLAN,
        version=4,
        goal=Decimal(650_000),
        goals=(GOAL,),
        plan=rules.compute(replace(NUMBERS, goal=Decimal(650_000))),
    )
    view = plan_versions.comparison_modal(Comparison(PLAN, other))
    check_sound(view)
    assert "*Goal*\n$600,000 → $650,000" in text_of(view)
    assert "*Conversations a week*\n22 → 24" in text_of(view)
    assert "– → *Run a half marathon*  21 km, 3.5 hours a week, by 4 October 2026" in text_of(view)
    assert "Average sale" not in text_of(view)
    same = plan_versions.comparison_modal(Comparison(PLAN, replace(PLAN, version=4)))
    assert "Nothing differs" in text_of(same)


def test_a_hundred_versions_fit_and_each_compares_with_the_one_before() -> None:
    rows = tuple(
        VersionRow(
            plan_id=number,
            version=number,
            state="approved",
            origin="rep",
            span=SPAN,
            goal=Decimal(600_000),
            conversations=22,
            base_moves=9,
            sales=Decimal(13_044),
            from_week=date(2026, 2, 9),
            at=MOMENT,
        )
        for number in range(100, 0, -1)
    )
    view = plan_versions.versions_modal(Versions("U0OWNREP", "Priya", False, rows, 5, READER))
    check_sound(view)
    assert "And 65 older versions." in text_of(view)
    menu = view["blocks"][1]["accessory"]["options"]
    assert [option["value"] for option in menu] == ["see:100", "compare:99:100"]
    single = plan_versions.versions_modal(Versions("U0", "P", True, rows[-1:], 0, READER))
    assert [o["value"] for o in single["blocks"][0]["accessory"]["options"]] == ["see:1"]
