"""What is wrong with blocks is said with its place, and ids are made up only where they are missing."""

from __future__ import annotations

import pytest

from bot.sandbox.block_kit import checks
from tests.sandbox.block_kit.building import (
    Json,
    actions,
    amount,
    button,
    chart,
    data_table,
    field,
    image,
    mrkdwn,
    option,
    options,
    pie,
    plain,
    section,
    select,
    table,
    typed,
)

WRONG: list[tuple[Json | None, str, str]] = [
    (None, "/blocks/0", "must be an object"),
    ({}, "/blocks/0", "missing required field: type"),
    ({"type": "banner"}, "/blocks/0/type", "unsupported type: banner"),
    ({"type": "alert", "text": plain(1)}, "/blocks/0/type", "alert is not allowed here"),
    ({"type": "divider", "color": "red"}, "/blocks/0", "invalid additional property: color"),
    ({"type": "section"}, "/blocks/0", "text or fields"),
    ({"type": "header"}, "/blocks/0", "missing required field: text"),
    ({"type": "header", "text": mrkdwn(1)}, "/blocks/0/text/type", "plain_text only"),
    ({"type": "header", "text": "words"}, "/blocks/0/text", "must be an object"),
    ({"type": "header", "text": plain(1), "level": 0}, "/blocks/0/level", "between 1 and 4"),
    (section(text={**mrkdwn(1), "emoji": True}), "/blocks/0/text", "property: emoji"),
    (section(text={**plain(1), "verbatim": True}), "/blocks/0/text", "property: verbatim"),
    (section(accessory=None), "/blocks/0/accessory", "null"),
    (actions(button(style="green")), "/blocks/0/elements/0/style", "primary, danger"),
    (actions(button(text=mrkdwn(1))), "/blocks/0/elements/0/text/type", "plain_text only"),
    (actions(button(url="nowhere")), "/blocks/0/elements/0/url", "must be a URL"),
    (actions(typed()), "/blocks/0/elements/0/type", "belongs into another block"),
    (actions(amount()), "/blocks/0/elements/0/type", "belongs into another block"),
    (actions(image()), "/blocks/0/elements/0/type", "belongs into another block"),
    (actions({"type": "slider"}), "/blocks/0/elements/0/type", "unsupported type: slider"),
    (field(button()), "/blocks/0/element/type", "belongs into another block"),
    (section(accessory=typed()), "/blocks/0/accessory/type", "belongs into another block"),
    (
        section(accessory={"type": "datetimepicker"}),
        "/blocks/0/accessory/type",
        "belongs into another block",
    ),
    (actions({"type": "static_select"}), "/blocks/0/elements/0", "options and option_groups"),
    (
        actions(select(option_groups=[{"label": plain(1), "options": options(1)}])),
        "/blocks/0/elements/0",
        "options and option_groups",
    ),
    (
        actions(select(initial_option=option("other"))),
        "/blocks/0/elements/0/initial_option",
        "exactly match",
    ),
    (
        actions({"type": "checkboxes", "options": options(2), "initial_options": [option()]}),
        "/blocks/0/elements/0/initial_options/0",
        "exactly match",
    ),
    (
        actions(select(options=[option(text=mrkdwn(1))])),
        "/blocks/0/elements/0/options/0/text/type",
        "plain_text only",
    ),
    (
        actions(select(options=[option(url="https://x.example")])),
        "/blocks/0/elements/0/options/0",
        "additional property: url",
    ),
    (field({"type": "number_input"}), "/blocks/0/element", "is_decimal_allowed"),
    (field(amount(min_value=1)), "/blocks/0/element/min_value", "must be a string"),
    (field(amount(min_value="1,5")), "/blocks/0/element/min_value", "a number in a string"),
    (field(amount(min_value="2", max_value="1")), "/blocks/0/element/min_value", "more than"),
    (field(amount(initial_value="3", max_value="1")), "/blocks/0/element/initial_value", "between"),
    (
        field(amount(is_decimal_allowed=False, initial_value="1.5")),
        "/blocks/0/element/initial_value",
        "whole",
    ),
    (field(typed(min_length=5, max_length=4)), "/blocks/0/element/min_length", "max_length"),
    (field(typed(max_length=0)), "/blocks/0/element/max_length", "between 1"),
    (field(typed(initial_value="12345", max_length=4)), "/blocks/0/element/initial_value", "less"),
    (
        field({"type": "datepicker", "initial_date": "23.11.2026"}),
        "/blocks/0/element/initial_date",
        "YYYY-MM-DD",
    ),
    (
        field({"type": "timepicker", "initial_time": "24:00"}),
        "/blocks/0/element/initial_time",
        "HH",
    ),
    (
        field({"type": "timepicker", "timezone": "Mars/Olympus"}),
        "/blocks/0/element/timezone",
        "IANA",
    ),
    (
        field({"type": "datetimepicker", "initial_date_time": 10**10}),
        "/blocks/0/element/initial_date_time",
        "between",
    ),
    (image(slack_file={"id": "F1"}), "/blocks/0", "exactly one of image_url and slack_file"),
    ({"type": "image", "alt_text": "x"}, "/blocks/0", "exactly one of image_url and slack_file"),
    (
        {"type": "image", "alt_text": "x", "slack_file": {"id": "F1", "url": "https://x"}},
        "/blocks/0/slack_file",
        "exactly one of id and url",
    ),
    (
        actions(button(action_id="a"), button(action_id="a")),
        "/blocks/0",
        "action_id already exists",
    ),
    (
        {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]},
        "/blocks/0/elements/0/type",
        "unsupported type: text",
    ),
    (
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "broadcast", "range": "all"}],
                }
            ],
        },
        "/blocks/0/elements/0/elements/0/range",
        "here, channel, everyone",
    ),
    (
        data_table(2, row_header_column_index=1),
        "/blocks/0/row_header_column_index",
        "no such column",
    ),
    (
        data_table(2) | {"rows": [[{"type": "rich_text", "elements": []}]] * 2},
        "/blocks/0/rows/0/0",
        "header row",
    ),
    (pie(1, value=0), "/blocks/0/chart/segments/0/value", "more than 0"),
]


@pytest.mark.parametrize(("block", "pointer", "words"), WRONG)
def test_wrong(block: Json, pointer: str, words: str) -> None:
    problems = checks.check_message([block])
    assert [problem.pointer for problem in problems] == [pointer]
    assert words in problems[0].words


def test_chart_points_must_match_the_categories() -> None:
    block = chart(series=2)
    block["chart"]["series"][1]["data"].pop()
    assert "exactly one point" in checks.check_message([block])[0].words
    twins = chart(series=2)
    twins["chart"]["series"][1]["name"] = "s0"
    assert "unique in the chart" in checks.check_message([twins])[0].words


def test_data_table_counts_its_characters() -> None:
    block = data_table(2)
    block["rows"] = [[{"type": "raw_text", "text": "x" * 5000}]] * 2
    assert checks.check_message([block]) == []
    block["rows"] = [*block["rows"], [{"type": "raw_text", "text": "x"}]]
    assert "10000 characters" in checks.check_message([block])[0].words


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ([{"type": "divider", "block_id": "a"}] * 2, "block_id already exists"),
        ([table(1), data_table(2)], "only_one_table_allowed"),
        ([chart()] * 3, "no more than 2"),
        ([{"type": "markdown", "text": "x" * 6001}] * 2, "characters of markdown"),
        ([field(typed(focus_on_load=True))] * 2, "focus_on_load"),
        ([{"type": "divider"}] * 51, "no more than 50 items"),
    ],
)
def test_blocks_together(blocks: list[Json], words: str) -> None:
    (problem,) = checks.check_message(blocks)
    assert words in problem.words


def test_the_same_action_id_in_two_blocks() -> None:
    assert checks.check_message([actions(button(action_id="a"))] * 2) == []


def test_ids_are_made_up_only_where_they_are_missing() -> None:
    blocks: list[Json] = [
        {"type": "divider", "block_id": "mine"},
        actions(button(action_id="a"), select()),
        section(accessory=image()),
    ]
    checks.give_ids(blocks)
    assert blocks[0]["block_id"] == "mine"
    assert blocks[1]["elements"][0]["action_id"] == "a"
    assert blocks[1]["elements"][1]["action_id"]
    assert "action_id" not in blocks[2]["accessory"]
    assert len({block["block_id"] for block in blocks}) == 3
