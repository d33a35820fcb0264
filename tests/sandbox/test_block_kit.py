"""Every limit of Block Kit, just inside and just outside."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.block_kit import checks

Json = dict[str, Any]
Build = Callable[[int], Json]


def plain(length: int) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(2), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def buttons(count: int) -> Json:
    return actions(*(button(action_id=f"b{number}") for number in range(count)))


def option(value: str = "v", **more: Any) -> Json:
    return {"text": plain(1), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(f"v{number}") for number in range(count)]


def select(**more: Any) -> Json:
    return {"type": "static_select", "options": options(2), **more}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(5), "element": element, **more}


def typed(**more: Any) -> Json:
    return {"type": "plain_text_input", **more}


def amount(**more: Any) -> Json:
    return {"type": "number_input", "is_decimal_allowed": True, **more}


def confirm(**more: Any) -> Json:
    parts = {"title": plain(1), "text": mrkdwn(1), "confirm": plain(1), "deny": plain(1)}
    return {**parts, **more}


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "i", **more}


def section(**more: Any) -> Json:
    return {"type": "section", "text": plain(1), **more}


def table(rows: int, columns: int = 1) -> Json:
    row = [{"type": "raw_text", "text": "x"}] * columns
    return {"type": "table", "rows": [row] * rows}


def data_table(rows: int, columns: int = 1, **more: Any) -> Json:
    return {**table(rows, columns), "type": "data_table", "caption": "Weeks", **more}


def chart(series: int = 1, categories: int = 2, title: int = 5, label: int = 0) -> Json:
    names = [f"c{number}".ljust(label, "x") for number in range(categories)]
    return {
        "type": "data_visualization",
        "title": "x" * title,
        "chart": {
            "type": "line",
            "series": [
                {
                    "name": f"s{number}",
                    "data": [{"label": name, "value": -1.5} for name in names],
                }
                for number in range(series)
            ],
            "axis_config": {"categories": names},
        },
    }


def pie(segments: int, value: float = 1) -> Json:
    slices = [{"label": f"s{number}", "value": value} for number in range(segments)]
    return {
        "type": "data_visualization",
        "title": "t",
        "chart": {"type": "pie", "segments": slices},
    }


LIMITS: list[tuple[str, Build, int]] = [
    ("header text", lambda n: {"type": "header", "text": plain(n)}, 150),
    ("header level", lambda n: {"type": "header", "text": plain(1), "level": n}, 4),
    ("block_id", lambda n: {"type": "divider", "block_id": "x" * n}, 255),
    ("section text", lambda n: section(text=mrkdwn(n)), 3000),
    ("section fields", lambda n: section(fields=[plain(1)] * n), 10),
    ("field text", lambda n: section(fields=[mrkdwn(n)]), 2000),
    ("actions", buttons, 25),
    ("context", lambda n: {"type": "context", "elements": [plain(1)] * n}, 10),
    ("button text", lambda n: actions(button(text=plain(n))), 75),
    ("button value", lambda n: actions(button(value="x" * n)), 2000),
    ("button url", lambda n: actions(button(url="https://x".ljust(n, "y"))), 3000),
    ("button label", lambda n: actions(button(accessibility_label="x" * n)), 75),
    ("action_id", lambda n: actions(button(action_id="x" * n)), 255),
    ("confirm title", lambda n: actions(button(confirm=confirm(title=plain(n)))), 100),
    ("confirm text", lambda n: actions(button(confirm=confirm(text=mrkdwn(n)))), 300),
    ("confirm yes", lambda n: actions(button(confirm=confirm(confirm=plain(n)))), 30),
    ("confirm no", lambda n: actions(button(confirm=confirm(deny=plain(n)))), 30),
    ("option text", lambda n: actions(select(options=[option(text=plain(n))])), 75),
    ("option value", lambda n: actions(select(options=[option("x" * n)])), 150),
    ("option hint", lambda n: actions(select(options=[option(description=plain(n))])), 75),
    ("options", lambda n: actions(select(options=options(n))), 100),
    (
        "option groups",
        lambda n: actions(
            {
                "type": "static_select",
                "option_groups": [{"label": plain(75), "options": options(1)}] * n,
            }
        ),
        100,
    ),
    ("overflow", lambda n: actions({"type": "overflow", "options": options(n)}), 5),
    ("radio", lambda n: actions({"type": "radio_buttons", "options": options(n)}), 10),
    ("checkboxes", lambda n: actions({"type": "checkboxes", "options": options(n)}), 10),
    ("placeholder", lambda n: actions(select(placeholder=plain(n))), 150),
    ("label", lambda n: field(typed(), label=plain(n)), 2000),
    ("hint", lambda n: field(typed(), hint=plain(n)), 2000),
    ("max_length", lambda n: field(typed(max_length=n)), 3000),
    ("min_length", lambda n: field(typed(min_length=n)), 3000),
    ("image alt_text", lambda n: image(alt_text="x" * n), 2000),
    ("image title", lambda n: image(title=plain(n)), 2000),
    ("image url", lambda n: image(image_url="https://x".ljust(n, "y")), 3000),
    ("markdown", lambda n: {"type": "markdown", "text": "x" * n}, 12_000),
    ("table rows", table, 100),
    ("table columns", lambda n: table(2, n), 20),
    ("data_table rows", data_table, 101),
    ("data_table columns", lambda n: data_table(2, n), 20),
    ("data_table page", lambda n: data_table(2, page_size=n), 100),
    ("chart title", lambda n: chart(title=n), 50),
    ("chart series", lambda n: chart(series=n), 6),
    ("chart categories", lambda n: chart(categories=n), 20),
    ("chart label", lambda n: chart(label=n), 20),
    ("pie segments", pie, 6),
    ("card title", lambda n: {"type": "card", "title": plain(n)}, 150),
    ("card body", lambda n: {"type": "card", "body": plain(n)}, 200),
    (
        "carousel",
        lambda n: {"type": "carousel", "elements": [{"type": "card", "title": plain(1)}] * n},
        10,
    ),
]


@pytest.mark.parametrize(("build", "limit"), [pytest.param(b, n, id=i) for i, b, n in LIMITS])
def test_limit(build: Build, limit: int) -> None:
    assert checks.check_message([build(limit)]) == []
    problems = checks.check_message([build(limit + 1)])
    assert problems
    for problem in problems:
        assert problem.pointer.startswith("/blocks")
        assert str(limit) in problem.words or str(limit + 1) in problem.words


EMPTY: list[Json] = [
    {"type": "header", "text": plain(0)},
    section(text=mrkdwn(0)),
    section(fields=[]),
    {"type": "actions", "elements": []},
    {"type": "context", "elements": []},
    actions(button(value="")),
    actions(button(action_id="")),
    actions(select(options=[])),
    {"type": "divider", "block_id": ""},
    {"type": "markdown", "text": ""},
    {"type": "image", "image_url": "https://x.example", "alt_text": ""},
    table(0),
    data_table(1),
    chart(series=0),
    pie(0),
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": []}],
    },
]


@pytest.mark.parametrize("block", EMPTY)
def test_nothing_may_be_empty(block: Json) -> None:
    assert checks.check_message([block])


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


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(5), "blocks": list(blocks), **more}


def many(count: int) -> list[Json]:
    return [{"type": "divider"}] * count


VIEW_LIMITS: list[tuple[str, Build, int]] = [
    ("blocks", lambda n: modal(*many(n)), 100),
    ("title", lambda n: modal(*many(1), title=plain(n)), 24),
    ("submit", lambda n: modal(*many(1), submit=plain(n)), 24),
    ("close", lambda n: modal(*many(1), close=plain(n)), 24),
    ("callback_id", lambda n: modal(*many(1), callback_id="x" * n), 255),
    ("external_id", lambda n: modal(*many(1), external_id="x" * n), 255),
    ("private_metadata", lambda n: modal(*many(1), private_metadata="x" * n), 3000),
    ("home blocks", lambda n: {"type": "home", "blocks": many(n)}, 100),
]


@pytest.mark.parametrize(("build", "limit"), [pytest.param(b, n, id=i) for i, b, n in VIEW_LIMITS])
def test_view_limit(build: Build, limit: int) -> None:
    assert checks.check_view(build(limit)) == []
    assert len(checks.check_view(build(limit + 1))) == 1


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (None, "must be an object"),
        ({}, "must be modal or home"),
        ({"type": "modal", "blocks": many(1)}, "missing required field: title"),
        ({"type": "modal", "title": plain(1)}, "missing required field: blocks"),
        (modal(), "no fewer than 1"),
        (modal(field(typed())), "submit is required"),
        (modal(*many(1), title=mrkdwn(1)), "plain_text only"),
        (modal(*many(1), id="V1"), "additional property: id"),
        (modal(table(1)), "a modal can't show this block"),
        (modal(chart()), "a modal can't show this block"),
        (modal(data_table(2)), "a modal can't show this block"),
        (modal({"type": "markdown", "text": "x"}), "a modal can't show this block"),
        ({"type": "home", "blocks": [chart()]}, "a home can't show this block"),
        ({"type": "home", "blocks": many(1), "title": plain(1)}, "additional property: title"),
    ],
)
def test_wrong_view(view: Any, words: str) -> None:
    (problem,) = checks.check_view(view)
    assert words in problem.words


def test_right_views() -> None:
    alert = {"type": "alert", "text": plain(1), "level": "warning"}
    assert checks.check_view(modal(alert, field(typed()), submit=plain(4))) == []
    assert checks.check_view({"type": "home", "blocks": [field(typed()), data_table(2)]}) == []


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
