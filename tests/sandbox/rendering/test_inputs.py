"""Inputs show what was filled in, their errors and their labels."""

from __future__ import annotations

import pytest

from bot.sandbox.rendering.blocks import Option, Surface, blocks_to_html
from tests.sandbox.rendering.reading import (
    ROW,
    TWO,
    VIEWER,
    Json,
    Reading,
    actions,
    draw,
    element,
    field,
    option,
    plain,
)


@pytest.mark.parametrize(
    ("control", "tag", "shown"),
    [
        (element("plain_text_input", initial_value="Acme"), "input", "Acme"),
        (element("number_input", is_decimal_allowed=True, initial_value="12.5"), "input", "12.5"),
        (element("datepicker", initial_date="2026-11-23"), "input", "2026-11-23"),
        (element("timepicker", initial_time="09:30"), "input", "09:30"),
        (element("datetimepicker", initial_date_time=1783326600), "input", "2026-07-06T09:30"),
        (element("email_text_input", initial_value="a@b.example"), "input", "a@b.example"),
    ],
)
def test_inputs_begin_with_their_initial_value(control: Json, tag: str, shown: str) -> None:
    page = draw(field(control))
    drawn = page.one(tag, name=ROW)
    assert drawn["value"] == shown
    assert drawn["aria-required"] == "true"
    assert "data-dispatch" not in drawn
    assert page.one("label")["for"] == drawn["id"]


def test_what_was_filled_in_wins_over_the_initial_value() -> None:
    text = element("plain_text_input", initial_value="Acme")
    state = {"row": {"choose": {"type": "plain_text_input", "value": "Blue <Sky>"}}}
    assert draw(field(text), state=state).one("input", name=ROW)["value"] == "Blue <Sky>"
    emptied = {"row": {"choose": {"type": "plain_text_input", "value": None}}}
    assert draw(field(text), state=emptied).one("input", name=ROW)["value"] == ""
    menu = element("static_select", options=TWO, initial_option=option("one"))
    chosen = {"row": {"choose": {"type": "static_select", "selected_option": option("two")}}}
    options = draw(field(menu), state=chosen).all("option")
    assert [each["value"] for each in options if "selected" in each] == ["two"]


def test_a_text_area_keeps_its_lines() -> None:
    html = blocks_to_html(
        [
            field(
                element(
                    "plain_text_input", multiline=True, max_length=9, initial_value="\none\ntwo"
                )
            )
        ],
        Surface(key="m1", viewer=VIEWER),
    )
    assert ">\n\none\ntwo</textarea>" in html  # browsers drop the first line break
    assert 'maxlength="9"' in html


@pytest.mark.parametrize(
    ("kind", "initial", "tag"),
    [
        ("radio_buttons", {"initial_option": option("two")}, "radio"),
        ("checkboxes", {"initial_options": [option("two")]}, "checkbox"),
        ("multi_static_select", {"initial_options": [option("two")]}, "checkbox"),
    ],
)
def test_choices_are_labelled_and_checked(kind: str, initial: Json, tag: str) -> None:
    page = draw(field(element(kind, options=TWO, **initial)))
    boxes = page.all("input", type=tag, name=ROW)
    assert [(each["value"], "checked" in each) for each in boxes] == [("one", False), ("two", True)]
    assert page.one("input", type="hidden", name=ROW)["value"] == ""


def test_several_people_can_be_chosen() -> None:
    users = [Option("U0SAM", "Sam <b>"), Option("U0DANA", "Dana")]
    page = draw(field(element("multi_users_select", initial_users=["U0DANA"])), users=users)
    assert [each["value"] for each in page.all("input", type="checkbox") if "checked" in each] == [
        "U0DANA"
    ]
    assert "Sam <b>" in page.words


def test_an_error_stands_under_its_field_and_is_tied_to_it() -> None:
    page = draw(
        field(element("plain_text_input"), hint=plain("As you say it")), errors={"row": "Say which"}
    )
    control = page.one("input", name=ROW)
    error = page.one("p", data_error_for="row")
    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"] == error["id"]
    assert "Say which" in page.words


def test_inputs_that_the_bot_follows_say_so() -> None:
    def dispatch(control: Json) -> str | None:
        page = draw(field(control, dispatch_action=True))
        return page.one("input", name=ROW, type="text").get("data-dispatch")

    assert dispatch(element("plain_text_input")) == "enter"
    each = {"trigger_actions_on": ["on_character_entered"]}
    assert dispatch(element("plain_text_input", dispatch_action_config=each)) == "input"
    menu = draw(field(element("static_select", options=TWO), dispatch_action=True)).one("select")
    assert menu["data-dispatch"] == "change"


def test_optional_and_first_focused_inputs() -> None:
    page = draw(field(element("plain_text_input", focus_on_load=True), optional=True))
    control = page.one("input", name=ROW)
    assert "data-focus" in control
    assert "aria-required" not in control
    assert "(optional)" in page.words


def test_ids_keep_surfaces_apart() -> None:
    block = field(element("plain_text_input"))
    one = Reading(blocks_to_html([block], Surface(key="a", viewer=VIEWER)))
    other = Reading(blocks_to_html([block], Surface(key="b", viewer=VIEWER)))
    assert one.one("input")["id"] != other.one("input")["id"]


def test_trouble_is_told_in_the_block_that_was_pressed() -> None:
    page = draw(
        actions(element("button", text=plain("Yes"))),
        {"type": "divider", "block_id": "line"},
        troubles={"row": "That did not work."},
    )
    assert page.words.count("That did not work.") == 1
    assert page.one("p", role="alert")["data-testid"] == "notice"
