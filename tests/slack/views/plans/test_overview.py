"""What `/plan` opens on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.slack.views.plans import overview as plan_overview
from tests.slack.views.plans.shown import (
    COACH,
    DECIDE,
    PLAN,
    SENT_BACK,
    SIGNED,
    buttons_of,
    own,
)
from tests.slack.views.sound import check_sound, text_of

SUGGESTED = replace(PLAN, state="suggested", reason="Try")
WRITE = "change afresh versions"


@pytest.mark.parametrize(
    ("changes", "words", "buttons"),
    [
        ({"versions": 1}, "What the coach set counts: 20 conversations", WRITE),
        ({"in_force": SIGNED, "versions": 2}, "Your signed plan, version 2", WRITE),
        ({"versions": 2, "draft_id": 9}, "Nobody sees it before", "change discard versions"),
        ({"in_force": replace(SIGNED, ended=True), "versions": 2}, "Its time is over", WRITE),
        ({"waiting": PLAN, "versions": 3}, f"Your plan waits for* {COACH}", f"withdraw {WRITE}"),
        ({"waiting": SUGGESTED, "versions": 3}, "other numbers", f"accept decline see {WRITE}"),
        ({"sent_back": replace(PLAN, **SENT_BACK), "versions": 3}, "Too <!here>", WRITE),
        (
            {"own": False, "waiting": PLAN, "in_force": SIGNED, "versions": 3},
            "sends a plan to be signed",
            f"{DECIDE} versions",
        ),
        ({"own": False, "in_force": SIGNED, "versions": 2}, "Nair’s signed", "suggest versions"),
        ({"own": False}, "ask them to type `/plan`", ""),
    ],
)
def test_the_overview_says_where_things_stand_and_offers_what_can_be_done(
    changes: dict[str, Any], words: str, buttons: str
) -> None:
    view = plan_overview.overview_modal(own(**changes))
    check_sound(view)
    assert words in text_of(view)
    assert buttons_of(view) == {f"plan.{name}" for name in buttons.split()}


def test_only_a_rep_without_any_version_begins_at_once() -> None:
    assert plan_overview.begins_at_once(own(draft_id=9))
    assert not plan_overview.begins_at_once(own(versions=1))
    assert not plan_overview.begins_at_once(own(own=False))
