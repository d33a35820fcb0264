"""The messages about a version of a plan: sound in every state, with the buttons that fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.rules.conflicts import Conflict, Kind
from bot.rules.validity import Finding
from bot.slack.views.plans import messages as plan_messages
from tests.slack.views.plans.shown import (
    BY_COACH,
    COACH,
    DECIDE,
    GOAL,
    NOT_NOW,
    OFFERED,
    PLAN,
    REP,
    SENT_BACK,
    SIGNED_BY,
    UNAGREED,
    buttons_of,
)
from tests.slack.views.sound import check_sound, text_of

NOT_TAKEN = {"state": "declined", "origin": "coach", "decided_by": "U0OWNREP"}
WITHDRAWN = {"state": "declined", "origin": "coach"}
"""Nobody declined it: its rep moved, or left."""

COACH_STATES: list[tuple[dict[str, Any], str, str]] = [
    ({}, "sends a plan to be signed*, version 3", DECIDE),
    ({"origin": "coach"}, "accepted the suggested numbers", DECIDE),
    ({"state": "suggested", **BY_COACH}, f"{COACH} *suggested numbers to* {REP}", "see"),
    ({**OFFERED, **UNAGREED}, "Nothing changes until rep and coach", "agree not_now see"),
    (OFFERED, f"{REP} is in; it needs {COACH}, too", "agree not_now see"),
    ({**OFFERED, **UNAGREED, **BY_COACH}, f"{COACH} is in; it needs {REP}, too", "see"),
    (
        SIGNED_BY,
        f"{COACH} *signed the plan of* {REP}, version 3. It counts from the week 9–15 February on",
        "see suggest",
    ),
    ({**SIGNED_BY, "origin": "sights"}, f"The sights of* {REP} *are raised", "see suggest"),
    ({**SIGNED_BY, "ended": True}, "signed the plan of", "see"),
    (SENT_BACK, f"*sent back the plan of* {REP}", "see"),
    (NOT_TAKEN, "did not take the suggested numbers", "see"),
    (WITHDRAWN, f"The plan of {REP}, version 3, *was withdrawn*", "see"),
    (NOT_NOW, f"{REP} would *not raise the sights*", "see"),
    ({"state": "replaced", "replaced_by": 4}, "version 4 took its place", "see"),
    ({"state": "replaced"}, "a later version took its place", "see"),
]


@pytest.mark.parametrize(("changes", "words", "buttons"), COACH_STATES)
def test_the_coach_reads_what_became_of_a_version_and_can_do_what_fits(
    changes: dict[str, Any], words: str, buttons: str
) -> None:
    message = plan_messages.plan_message(replace(PLAN, **changes))
    check_sound(message)
    assert words in text_of(message)
    assert buttons_of(message) == {f"plan.{name}" for name in buttons.split()}
    assert all(
        element["accessibility_label"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    )


REP_STATES: list[tuple[dict[str, Any], str, str]] = [
    ({"state": "suggested", **BY_COACH}, f"{COACH} *suggests other numbers", "accept decline see"),
    ({**OFFERED, **UNAGREED}, "Raise your sights?", "agree not_now see"),
    (OFFERED, f"it needs {COACH}, too", ""),
    ({"origin": "coach"}, f"You accepted version 3. It counts once {COACH} signs it", "withdraw"),
    (SIGNED_BY, "Your plan is signed.* It counts from the week 9–15 February", ""),
    (SENT_BACK, f"{COACH} *gave your plan back to you", "change"),
    (NOT_TAKEN, "You did not take these numbers", ""),
    (WITHDRAWN, "Version 3 of your plan *was withdrawn*", ""),
    (NOT_NOW, "Your sights stay as they are", ""),
    ({"state": "replaced", "replaced_by": 4}, "version 4 took its place", ""),
]


@pytest.mark.parametrize(("changes", "words", "buttons"), REP_STATES)
def test_the_rep_reads_what_became_of_a_version_and_can_answer(
    changes: dict[str, Any], words: str, buttons: str
) -> None:
    message = plan_messages.plan_reply_message(replace(PLAN, **changes))
    check_sound(message)
    assert words in text_of(message)
    assert buttons_of(message) == {f"plan.{name}" for name in buttons.split()}


def test_where_the_channel_fails_the_message_says_why_it_came_directly() -> None:
    message = plan_messages.plan_message(replace(PLAN, problem="is_archived"))
    check_sound(message)
    assert "Plans for <#C0OWN> come to you directly because the channel is archived" in (
        text_of(message)
    )


def test_the_coachs_message_is_brief_and_the_rest_is_one_press_away() -> None:
    conflicts = tuple(
        Conflict(Kind.INCOME, "Sales goal", f"Earn {n}", f"Arithmetic {n}.", f"Resolve {n}.")
        for n in range(4)
    )
    findings = (
        *(Finding(f"Fine {n}.", False) for n in range(5)),
        *(Finding(f"Doubt {n}.", True) for n in range(4)),
    )
    full = replace(PLAN, conflicts=conflicts, findings=findings, goals=(GOAL,))
    message = plan_messages.plan_message(full)
    check_sound(message)
    said = text_of(message)
    for shown in ("Doubt 2.", "Arithmetic 2.", "*22* conversations", "Goal *$600,000*"):
        assert shown in said
    for left_out in ("Fine 0.", "Doubt 3.", "Arithmetic 3.", "Resolve 0.", "÷", "half marathon"):
        assert left_out not in said
    assert "And 1 more doubt, 1 more conflict and 1 other goal." in said
    # Where nothing is doubtful, one comparison stands for it.
    calm = text_of(plan_messages.plan_message(replace(PLAN, findings=findings[:5])))
    assert "Fine 0." in calm
    assert "Fine 1." not in calm
    in_conflict = replace(PLAN, findings=findings[:5], conflicts=conflicts[:1])
    assert "Fine 0." not in text_of(plan_messages.plan_message(in_conflict))
    assert len(plan_messages.plan_message(PLAN)["blocks"]) <= 4
