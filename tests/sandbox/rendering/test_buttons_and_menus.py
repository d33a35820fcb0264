"""Buttons and menus say where they stand and what they send."""

from __future__ import annotations

import json

import pytest

from bot.sandbox.rendering.blocks import Option
from tests.sandbox.rendering.reading import (
    ROW,
    TWO,
    actions,
    draw,
    element,
    field,
    mrkdwn,
    option,
    plain,
)


def test_buttons_say_where_they_stand_and_what_they_send() -> None:
    page = draw(
        actions(
            element("button", text=plain("Yes"), value="y", style="primary"),
            element("button", text=plain("No"), style="danger", accessibility_label="Not met"),
        )
    )
    yes, no = page.all("button", type="submit")
    assert json.loads(yes["value"]) == ["row", "choose", "y"]
    assert yes["class"] == "button primary"
    assert json.loads(no["value"]) == ["row", "choose", None]
    assert (no["class"], no["aria-label"]) == ("button danger", "Not met")


def test_a_button_with_an_address_is_a_link_that_the_bot_hears_of() -> None:
    page = draw(actions(element("button", text=plain("Docs"), url="https://example.com/?a=1&b=2")))
    link = page.one("a", data_action_id="choose")
    assert link["href"] == "https://example.com/?a=1&b=2"
    assert json.loads(link["data-press"]) == ["row", "choose", None]
    page = draw(actions(element("button", text=plain("Docs"), url="javascript:alert(1)")))
    assert page.one("a", data_action_id="choose")["href"] == "#"


def test_a_button_may_ask_first() -> None:
    confirm = {
        "title": plain("Sure?"),
        "text": mrkdwn("*Really*"),
        "confirm": plain("Go"),
        "deny": plain("Stop"),
        "style": "danger",
    }
    page = draw(actions(element("button", text=plain("Delete"), confirm=confirm)))
    page.one("template", **{"class": "question"})
    assert page.one("button", data_confirm="go")["class"] == "button danger"
    assert page.one("button", data_confirm="stop")["type"] == "button"


def test_an_overflow_menu_offers_its_items() -> None:
    page = draw(actions(element("overflow", options=TWO)))
    items = page.all("button", role="menuitem")
    assert [json.loads(each["value"])[2] for each in items] == ["one", "two"]
    assert page.one("summary")["aria-label"] == "More actions"


@pytest.mark.parametrize(
    "kind", ["static_select", "users_select", "conversations_select", "channels_select"]
)
def test_menus_offer_what_slack_would(kind: str) -> None:
    page = draw(
        actions(element(kind, options=TWO, placeholder=plain("Pick"))),
        users=[Option("U0SAM", "Sam")],
        conversations=[Option("C0GENERAL", "#general"), Option("U0SAM", "Sam")],
        channels=[Option("C0GENERAL", "#general")],
    )
    select = page.one("select", name=ROW)
    assert select["data-dispatch"] == "change"
    assert select["aria-label"] == "Pick"
    assert [each["value"] for each in page.all("option")] == {
        "static_select": ["", "one", "two"],
        "users_select": ["", "U0SAM"],
        "conversations_select": ["", "C0GENERAL", "U0SAM"],
        "channels_select": ["", "C0GENERAL"],
    }[kind]


def test_options_stand_in_their_groups() -> None:
    groups = [
        {"label": plain("Asked"), "options": TWO},
        {"label": plain("Other"), "options": [option("no")]},
    ]
    page = draw(field(element("static_select", option_groups=groups, initial_option=option("no"))))
    assert [each["label"] for each in page.all("optgroup")] == ["Asked", "Other"]
    assert [each["value"] for each in page.all("option") if "selected" in each] == ["no"]
