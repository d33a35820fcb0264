"""Each limit of Block Kit holds: just inside it is taken, and just outside it is refused."""

from __future__ import annotations

import pytest

from bot.sandbox.block_kit import checks
from tests.sandbox.block_kit.building import (
    Build,
    Json,
    actions,
    button,
    buttons,
    chart,
    confirm,
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
