"""Block Kit in the shapes that Basecoach uses: within Slack's limits, and loud where a view goes over them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.block_kit.checks import check_message, check_view
from bot.slack.views import blocks
from bot.slack.views.mrkdwn import escape, join, literal, mention
from bot.slack.views.setup import inputs
from tests import fits


def options(number: int) -> list[dict[str, Any]]:
    return [blocks.option(f"Option {n}", str(n)) for n in range(number)]


def lines(number: int) -> list[dict[str, Any]]:
    return [blocks.section(literal("A line"))] * number


def in_a_modal(block: dict[str, Any]) -> dict[str, Any]:
    return blocks.modal("Title", [block], callback_id="shown", submit="Save")


def asked(element: dict[str, Any]) -> dict[str, Any]:
    return in_a_modal(blocks.input_block("Which?", element, block_id="which"))


LIMITS: dict[str, tuple[int, Callable[[int], dict[str, Any]]]] = {
    "blocks of a modal": (
        100,
        lambda n: blocks.modal("Title", lines(n), callback_id="shown"),
    ),
    "blocks of Home": (100, lambda n: blocks.home(lines(n))),
    "blocks of a message": (50, lambda n: blocks.message(literal("Text"), lines(n))),
    "characters": (3000, lambda n: in_a_modal(blocks.section(escape("x" * n)))),
    "characters of a field": (2000, lambda n: in_a_modal(blocks.fields([escape("x" * n)]))),
    "fields": (10, lambda n: in_a_modal(blocks.fields([literal("a")] * n))),
    "small print": (10, lambda n: in_a_modal(blocks.context(*[literal("a")] * n))),
    "buttons": (
        25,
        lambda n: in_a_modal(
            blocks.actions(*(blocks.button("A", action_id=f"a.{k}") for k in range(n)))
        ),
    ),
    "options": (100, lambda n: asked(blocks.static_select(options(n), action_id="a"))),
    "radio buttons": (10, lambda n: asked(blocks.radio_buttons(options(n), action_id="a"))),
    "checkboxes": (10, lambda n: asked(inputs.checkboxes(options(n), action_id="a"))),
    "menu": (
        5,
        lambda n: in_a_modal(
            blocks.section(literal("a"), accessory=inputs.overflow(options(n), action_id="a"))
        ),
    ),
}


def problems(surface: dict[str, Any]) -> list[Any]:
    return check_view(surface) if "type" in surface else check_message(surface["blocks"])


@pytest.mark.parametrize("name", LIMITS)
def test_what_slack_takes_is_shown_whole_and_one_more_raises_here(name: str) -> None:
    most, build = LIMITS[name]
    assert problems(build(most)) == []
    assert "…" not in str(build(most))
    with fits.one_is_refused(f"{most + 1} .* where Slack takes {most}"):
        build(most + 1)


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.usefixtures("cut_as_in_production")
def test_in_production_people_see_what_fits_and_the_log_says_which_view_it_was(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    most, build = LIMITS[name]
    with caplog.at_level(logging.ERROR, logger=fits.VIEWS.name):
        surface = build(most + 1)
    assert problems(surface) == []
    (record,) = caplog.records
    facts = vars(record)
    assert (record.getMessage(), facts["size"], facts["most"]) == (
        "a view does not fit",
        most + 1,
        most,
    )
    assert "test_blocks.py" in str(record.stack_info)


def test_lines_are_shared_among_as_many_sections_as_they_need() -> None:
    line = escape("x" * 999)
    assert len(blocks.sections([line] * 3)) == 1
    found = blocks.sections([line] * 7, title=literal("*Title*"), accessory={"type": "a"})
    assert [len(block["text"]["text"]) for block in found] == [2007, 2999, 1999]
    assert ["accessory" in block for block in found] == [True, False, False]
    assert blocks.sections([]) == []


def test_a_fallback_may_be_cut_because_the_blocks_say_all() -> None:
    text = join([escape("x " * 1999), mention("U0DANA")])
    assert blocks.message(text, lines(1))["text"] == escape("x " * 1999) + "…"


def test_a_picker_of_many_teams_has_groups_and_its_choice_in_one_of_them() -> None:
    def select(number: int, current: str) -> dict[str, Any]:
        block = inputs.picker(literal("Team"), options(number), "pick", current)
        assert check_view(in_a_modal(block)) == []
        return dict(block["accessory"])

    assert len(select(100, "99")["options"]) == 100
    many = select(101, "100")
    assert [len(group["options"]) for group in many["option_groups"]] == [100, 1]
    assert many["option_groups"][0]["label"]["text"] == "Option 0 – Option 99"
    assert many["initial_option"]["value"] == "100"
    with fits.one_is_refused():
        select(10_001, "1")
