"""The act in an alert: suggested with its reason, chosen beside what was suggested, and how it is done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.shown.agreements import DoneForm
from bot.rules.act_guides import GUIDES
from bot.rules.acts import Act, Cause
from bot.slack.views.alerts import alert_message
from bot.slack.views.blocks import actions
from bot.slack.views.coaching import acts
from tests.slack.views.shown import ALERT, NOW
from tests.slack.views.sound import ODD, ODD_TEXTS, check_sound, text_of

SUGGESTED = replace(ALERT, suggested_act="coach", suggested_because=ODD)


@pytest.mark.parametrize("cause", [None, "", "rain", *Cause])
@pytest.mark.parametrize("act", [None, *Act])
@pytest.mark.parametrize("suggested", [None, *Act])
def test_every_act_and_cause_is_sound(
    cause: str | None, act: Act | None, suggested: Act | None
) -> None:
    shown = replace(
        SUGGESTED,
        suggested_act=suggested,
        act=act,
        cause=cause,
        cause_words=ODD,
        asked_advice=True,
        advice_words=ODD,
        passed_on_to="U0MORGAN",
    )
    check_sound(alert_message(shown))


def test_a_suggestion_has_its_reason_and_a_choice_names_it() -> None:
    said = text_of(alert_message(replace(SUGGESTED, suggested_because="base moves 2 of 9")))
    assert "*Suggested: coach.* Base moves 2 of 9." in said
    chosen = replace(SUGGESTED, suggested_because="base moves 2 of 9", act="mentor")
    said = text_of(alert_message(chosen))
    assert "*Mentor* (suggested was: coach, base moves 2 of 9)" in said
    assert "Suggested: coach" not in said
    taken = text_of(alert_message(replace(chosen, act="coach")))
    assert "*Coach*: base moves 2 of 9" in taken


def test_the_menu_offers_the_other_acts() -> None:
    menu, how = acts.act_buttons(SUGGESTED)
    assert [one["value"] for one in menu["options"]] == [
        "1:hold_accountable",
        "1:motivate",
        "1:mentor",
    ]
    assert how["accessibility_label"] == "How to do it: Coach"
    assert acts.act_buttons(ALERT) == []
    check_sound({"text": "x", "blocks": [actions(menu, how)]})


@pytest.mark.parametrize("state", ["away", "open"])
def test_nothing_is_suggested_where_nobody_has_to_act(state: str) -> None:
    assert "Suggested" not in text_of(alert_message(replace(SUGGESTED, state=state)))
    assert "Suggested" not in text_of(alert_message(replace(SUGGESTED, all_met=True)))


def test_what_was_agreed_and_what_became_of_it() -> None:
    done = replace(
        SUGGESTED,
        act="coach",
        done_by="U0DANA",
        done_at=NOW,
        note=ODD,
        step=ODD,
        due_on=NOW.date(),
        otherwise=ODD,
    )
    for kept, said in ((None, "December.\n"), ("yes", ": *done*."), ("no", ": *not done*.")):
        message = alert_message(replace(done, kept=kept))
        check_sound(message)
        assert said in text_of(message)


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_the_forms_are_sound(odd: str) -> None:
    for act in (None, *Act):
        check_sound(acts.done_modal(DoneForm(2**31 - 1, odd, act)))
        check_sound(acts.how_modal(act or Act.COACH, (odd, odd, odd)))
    for may_write in (True, False):
        check_sound(acts.guides_modal({**GUIDES, Act.COACH: (odd,)}, may_write=may_write))
