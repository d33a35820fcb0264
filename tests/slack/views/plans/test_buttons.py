"""The buttons under a version of a plan: to each reader what they can do about it now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

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
        ({}, {"approve", "approve_later", "send_back", "suggest"}, set()),
        ({"state": "suggested"}, {"see"}, {"accept", "decline"}),
        ({"state": "offered", "rep_agreed_at": None}, {"agree", "not_now"}, {"agree", "not_now"}),
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
