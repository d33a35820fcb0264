"""An element may stand in some blocks and not in others."""

from __future__ import annotations

import copy

import pytest

from bot.sandbox.block_kit import checks
from tests.sandbox.block_kit.building import (
    Json,
    actions,
    amount,
    field,
    mrkdwn,
    option,
    options,
    plain,
    section,
    typed,
)

ELEMENTS: list[Json] = [
    {"type": "users_select", "initial_user": "U0PRIYA"},
    {"type": "conversations_select", "filter": {"include": ["im"], "exclude_bot_users": True}},
    {"type": "channels_select", "initial_channel": "C0GENERAL"},
    {"type": "external_select", "min_query_length": 3},
    {"type": "multi_static_select", "options": options(2), "max_selected_items": 2},
    {"type": "multi_users_select", "initial_users": ["U0PRIYA"]},
    {"type": "multi_conversations_select", "default_to_current_conversation": True},
    {"type": "multi_channels_select", "initial_channels": ["C0GENERAL"]},
    {"type": "multi_external_select"},
    {"type": "radio_buttons", "options": [option(text=mrkdwn(75))]},
    {"type": "datepicker", "initial_date": "2026-11-23"},
    {"type": "timepicker", "initial_time": "09:00", "timezone": "Europe/London"},
]


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element["type"])
def test_elements_that_may_stand_anywhere(element: Json) -> None:
    blocks = [actions(element), section(accessory=element), field(element)]
    assert checks.check_message(copy.deepcopy(blocks)) == []


@pytest.mark.parametrize(
    "element",
    [
        typed(multiline=True, placeholder=plain(150)),
        amount(min_value="0", max_value="10.5", initial_value="1.5"),
        {"type": "email_text_input"},
        {"type": "url_text_input"},
        {"type": "rich_text_input"},
    ],
    ids=lambda element: element["type"],
)
def test_elements_for_input_blocks_only(element: Json) -> None:
    assert checks.check_message([field(element)]) == []
    assert checks.check_message([actions(element)])
    assert checks.check_message([section(accessory=element)])
