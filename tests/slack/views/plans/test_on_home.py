"""The line that Home has for a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.shown.home import CoachedRep, CoachHome, HomeShown, PlanInShort, RepHome
from bot.slack.views.blocks import View
from bot.slack.views.home import home_view
from tests.slack.views.plans.shown import (
    READER,
    SPAN,
)
from tests.slack.views.sound import check_sound, text_of


def rep_home(plan: PlanInShort) -> View:
    rep = RepHome(
        team="Harbor Sales",
        coach="U0OWNCOACH",
        coach_name="Dana Whitfield",
        second_coach=None,
        coach_channel="C0OWN",
        week=date(2026, 2, 2),
        goals=(),
        work=None,
        away_until=None,
        planned=(),
        by_hand=False,
        open_check_in=None,
        open_week=None,
        comes_at=None,
        deadline_at=None,
        next_due_at=None,
        history=(),
        streak=0,
        plan=plan,
    )
    coached = CoachedRep("U0OWNREP", "Priya Nair", (), "none", None, None, None, None, plan)
    team = CoachHome(1, "Harbor Sales", "C0OWN", None, "USD", (coached,))
    return home_view(HomeShown("Priya Nair", READER, rep, (team,), None))


@pytest.mark.parametrize(
    ("state", "waits_for", "for_rep", "for_coach"),
    [
        ("none", "", "Write my plan", "Plan: none yet"),
        ("draft", "", "Go on with my plan", "Plan: none yet"),
        ("proposed", "coach", "See my plan", "Plan: *waits for you*"),
        ("suggested", "rep", "Answer Dana", "Plan: your numbers wait for the rep"),
        ("offered", "rep coach", "Look at it", "Plan: *waits for you*"),
        ("offered", "coach", "See my plan", "Plan: *waits for you*"),
        ("offered", "rep", "Look at it", "Plan: higher sights wait for the rep"),
        ("sent_back", "rep", "Answer Dana", "Plan: sent back"),
        ("signed", "", "See my plan", "Plan: signed, to 31 December 2026"),
        ("ended", "", "Start afresh", "Plan: its time is over"),
    ],
)
def test_home_has_the_next_thing_to_do_for_rep_and_coach(
    state: str, waits_for: str, for_rep: str, for_coach: str
) -> None:
    numbers = (3, Decimal(600_000), SPAN.last, None, 22, 9, Decimal(13_044))
    known = numbers if state not in {"none", "draft"} else ()
    plan = replace(
        PlanInShort(state, *known),
        waits_for_rep="rep" in waits_for,
        waits_for_coach="coach" in waits_for,
    )
    view = rep_home(plan)
    check_sound(view)
    accessories = [b["accessory"]["text"]["text"] for b in view["blocks"] if "accessory" in b]
    accessories.remove("Turn it on")  # the mid-week line
    assert accessories[0] == for_rep
    assert (for_coach in text_of(view)) == (for_coach != "Plan: none yet")
    if known:
        assert "$600,000 by 31 December 2026: 22 conversations · 9 base moves" in text_of(view)
    assert accessories[1:] == (["Decide", "Open"] if "coach" in waits_for else ["Open"])
