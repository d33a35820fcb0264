"""The buttons under a version of a plan: to each reader what they can do about it now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.shown.plans import PlanShown
from bot.rules.conflicts import Conflict, Kind
from bot.slack.views.plans import buttons, versions
from tests.slack.views.plans.shown import MOMENT, PLAN, buttons_of
from tests.slack.views.sound import ODD


@pytest.mark.parametrize("origin", ["rep", "coach", "sights", "fresh_start"])
@pytest.mark.parametrize("state", versions.STATES)
def test_every_button_names_its_plan_and_tells_a_screen_reader_whose_it_is(
    state: str, origin: str
) -> None:
    shown = replace(PLAN, state=state, origin=origin, rep_name=ODD)
    for block in [*buttons.for_coach(shown), *buttons.for_rep(shown)]:
        for element in block["elements"]:
            assert element["value"] == "7"
            assert 0 < len(element["accessibility_label"]) <= 75


@pytest.mark.parametrize(
    ("changes", "coach", "rep"),
    [
        ({}, {"approve", "approve_later", "send_back", "suggest", "see"}, {"withdraw"}),
        ({"state": "suggested"}, {"see"}, {"accept", "decline", "see"}),
        (
            {"state": "offered", "rep_agreed_at": None},
            {"agree", "not_now", "see"},
            {"agree", "not_now", "see"},
        ),
        ({"state": "offered", "coach_agreed_at": MOMENT}, {"see"}, set()),
        ({"state": "sent_back"}, {"see"}, {"change"}),
        ({"state": "approved", "ended": True}, {"see"}, set()),
    ],
)
def test_what_can_be_done_depends_on_who_has_said_what(
    changes: dict[str, Any], coach: set[str], rep: set[str]
) -> None:
    shown = replace(PLAN, **changes)
    for found, names in ((buttons.for_coach(shown), coach), (buttons.for_rep(shown), rep)):
        assert buttons_of({"blocks": found}) == {f"plan.{name}" for name in names}


def approve(shown: PlanShown) -> dict[str, Any]:
    (found,) = [
        element
        for block in buttons.for_coach(shown)
        for element in block["elements"]
        if element["action_id"] == buttons.APPROVE
    ]
    return found


def test_approve_says_to_a_screen_reader_from_which_monday() -> None:
    later = replace(PLAN, next_week=date(2026, 3, 2))
    assert approve(later)["accessibility_label"] == (
        "Approve, to count from Monday 2 March at the earliest: Priya Nair’s plan"
    )


def test_approve_asks_first_where_goals_are_in_each_others_way_and_names_them() -> None:
    assert "confirm" not in approve(PLAN)

    def asked(*names: str) -> str:
        conflicts = tuple(Conflict(Kind.INCOME, "Sales goal", name, "a", "r") for name in names)
        question = approve(replace(PLAN, conflicts=conflicts))["confirm"]
        assert question["confirm"]["text"] == "Approve all the same"
        said: str = question["text"]["text"]
        assert len(said) <= 300
        return said

    assert asked("Earn 48k") == (
        "Two goals are in each other’s way: “Sales goal” against “Earn 48k”. "
        "Priya Nair’s targets count as they are."
    )
    assert "“Sales goal” against “B”, and 1 more." in asked("A", "B", "C")
    assert asked(ODD * 9, ODD * 9, ODD * 9)
