"""Every block is HTML that holds no foreign tags."""

from __future__ import annotations

import pytest

from bot.sandbox.rendering.blocks import Surface, blocks_to_html
from tests.sandbox.rendering.reading import (
    EVIL,
    VIEWER,
    Json,
    Reading,
    actions,
    draw,
    element,
    field,
    mrkdwn,
    option,
    plain,
)


@pytest.mark.parametrize(
    "block",
    [
        {"type": "header", "text": plain(EVIL)},
        {"type": "section", "text": plain(EVIL)},
        {"type": "section", "text": mrkdwn(EVIL)},
        {"type": "section", "fields": [mrkdwn(EVIL), plain(EVIL)]},
        {"type": "section", "text": plain("x"), "accessory": element("button", text=plain(EVIL))},
        {"type": "context", "elements": [mrkdwn(EVIL)]},
        {"type": "alert", "level": "error", "text": plain(EVIL)},
        {"type": "image", "image_url": "https://e.com/a.png", "alt_text": EVIL, "title": plain(EVIL)},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
            {"type": "text", "text": EVIL}, {"type": "link", "url": "https://e.com", "text": EVIL},
        ]}]},
        {"type": "table", "rows": [[{"type": "raw_text", "text": EVIL}]]},
        {"type": "data_table", "caption": EVIL, "rows": [[{"type": "raw_text", "text": EVIL}]]},
        {"type": "data_visualization", "title": EVIL, "chart": {
            "type": "bar",
            "series": [{"name": EVIL, "data": [{"label": EVIL, "value": 1}]}],
            "axis_config": {"categories": [EVIL], "x_label": EVIL, "y_label": EVIL},
        }},
        {"type": "data_visualization", "title": EVIL, "chart": {
            "type": "pie", "segments": [{"label": EVIL, "value": 1}, {"label": "b", "value": 2}],
        }},
        field(element("plain_text_input", placeholder=plain(EVIL), initial_value=EVIL), hint=plain(EVIL)),
        field(element("plain_text_input", multiline=True, initial_value=f"</textarea>{EVIL}")),
        field(element("static_select", options=[option(EVIL, EVIL)], placeholder=plain(EVIL))),
        field(element("checkboxes", options=[option(EVIL, EVIL, description=plain(EVIL))])),
        field(element("radio_buttons", options=[{"text": mrkdwn(EVIL), "value": EVIL}])),
        actions(element("overflow", options=[option(EVIL, EVIL)])),
        actions(element("button", text=plain(EVIL), value=EVIL, confirm={
            "title": plain(EVIL), "text": mrkdwn(EVIL), "confirm": plain(EVIL), "deny": plain(EVIL),
        })),
        {"type": "something_new", "text": EVIL},
        actions(element(EVIL)),
    ],
)  # fmt: skip
def test_foreign_text_stays_text(block: Json) -> None:
    drawn = blocks_to_html(
        [{"block_id": EVIL, **block}],
        Surface(key="m1", viewer=VIEWER, errors={"row": EVIL, EVIL: EVIL}, troubles={EVIL: EVIL}),
    )
    Reading(drawn)  # no script, and every element closed where it should be
    assert "<script" not in drawn
    assert "<!" not in drawn


def test_a_section_shows_text_fields_and_what_stands_beside() -> None:
    page = draw(
        {
            "type": "section",
            "block_id": "s1",
            "text": mrkdwn("*17* of 20"),
            "fields": [plain("a"), mrkdwn("_b_")],
            "accessory": element("button", text=plain("Details"), value="7"),
        }
    )
    assert page.one("div", data_block_id="s1")["data-block-type"] == "section"
    assert page.one("button", data_action_id="choose")["data-value"] == "7"
    assert len(page.all("div", **{"class": "field text"})) == 2
    assert "17 of 20" in page.words


def test_tables_have_heads_and_columns_set_as_they_ask() -> None:
    rows = [
        [{"type": "raw_text", "text": "Rep"}, {"type": "raw_text", "text": "Sales"}],
        [{"type": "raw_text", "text": "Sam"}, {"type": "raw_number", "value": 12.5}],
    ]
    page = draw(
        {"type": "table", "block_id": "t", "rows": rows, "column_settings": [{"align": "center"}]}
    )
    assert [each["scope"] for each in page.all("th")] == ["col", "col"]
    assert [each["class"] for each in page.all("td")] == ["align-center", "align-right"]
    page = draw({"type": "data_table", "block_id": "t", "caption": "The week", "rows": rows})
    assert [each["scope"] for each in page.all("th")] == ["col", "col", "row"]
    assert "The week" in page.words
    assert "12.5" in page.words


def test_blocks_it_does_not_know_are_named_instead_of_hidden() -> None:
    assert "“carousel”" in draw({"type": "carousel", "block_id": "x"}).words
    assert "“file_input”" in draw(actions(element("file_input"))).words
