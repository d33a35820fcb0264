"""Every block and element that the bot may use, as HTML that can be used and holds no foreign tags."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.rendering.blocks import Option, Surface, blocks_to_html
from bot.sandbox.rendering.emoji import EMOJI, emoji_html
from bot.sandbox.rendering.emoji_drawings import DRAWINGS
from bot.sandbox.rendering.mrkdwn import Reader

Json = dict[str, Any]
EVIL = '<script>alert("1")</script> <!channel> & | \' "'
READER = Viewer(
    user_id="U0PRIYA",
    zone=ZoneInfo("Europe/London"),
    now=datetime(2026, 7, 6, 12, 0, tzinfo=UTC),
    users={"U0SAM": "Sam Ortiz"},
    channels={"C0GENERAL": "general"},
)
VOID = {"input", "br", "hr", "img", "line", "rect", "circle", "path", "polyline", "polygon", "use"}


class Reading(HTMLParser):
    """The elements of a page with their attributes, and the words one reads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(str(html))
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag != "script"
        self.elements.append((tag, {name: value or "" for name, value in attributes}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """The attributes of every such element that has the wanted ones."""
        keys = {name.replace("_", "-"): value for name, value in wanted.items()}
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and keys.items() <= attributes.items()
        ]

    def one(self, tag: str, **wanted: str) -> dict[str, str]:
        found = self.all(tag, **wanted)
        assert len(found) == 1, f"{len(found)} of {tag} {wanted}"
        return found[0]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str, **more: Any) -> Json:
    return {"type": "mrkdwn", "text": text, **more}


def option(value: str, text: str = "", **more: Any) -> Json:
    return {"text": plain(text or value.title()), "value": value, **more}


def element(kind: str, **more: Any) -> Json:
    return {"type": kind, "action_id": "choose", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


def field(control: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": "row",
        "label": plain("Company"),
        "element": control,
        **more,
    }


def draw(*blocks: Json, **surface: Any) -> Reading:
    return Reading(blocks_to_html(blocks, Surface(key="m1", reader=READER, **surface)))


ROW = json.dumps(["row", "choose"])
TWO = [option("one"), option("two")]


# Blocks


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
        Surface(key="m1", reader=READER, errors={"row": EVIL, EVIL: EVIL}, troubles={EVIL: EVIL}),
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


def test_rich_text_keeps_its_lists_quotes_and_styles() -> None:
    text = {"type": "text", "text": "done\nnow", "style": {"bold": True, "strike": True}}
    section = {"type": "rich_text_section", "elements": [text]}
    html = blocks_to_html(
        [
            {
                "type": "rich_text",
                "block_id": "r",
                "elements": [
                    section,
                    {"type": "rich_text_list", "style": "bullet", "elements": [section]},
                    {
                        "type": "rich_text_list",
                        "style": "ordered",
                        "indent": 1,
                        "elements": [section],
                    },
                    {"type": "rich_text_quote", "elements": [{"type": "user", "user_id": "U0SAM"}]},
                    {
                        "type": "rich_text_preformatted",
                        "elements": [{"type": "text", "text": "a\n b"}],
                    },
                ],
            }
        ],
        Surface(key="m1", reader=READER),
    )
    assert html.count("<strong><s>done<br>now</s></strong>") == 3
    assert '<ul class="list indent-0"><li>' in html
    assert '<ol class="list indent-1" start="1"><li>' in html
    assert '<blockquote class="quote"><span class="mention" data-user="U0SAM">@Sam Ortiz' in html
    assert '<pre class="preformatted">a\n b</pre>' in html


@pytest.mark.parametrize(
    ("leaf", "shown"),
    [
        ({"type": "emoji", "name": "warning"}, 'data-emoji="warning"'),
        ({"type": "emoji", "name": "unheard_of"}, ":unheard_of:"),
        ({"type": "broadcast", "range": "here"}, 'data-broadcast="here"'),
        ({"type": "channel", "channel_id": "C0GENERAL"}, "#general"),
        ({"type": "link", "url": "javascript:alert(1)", "text": "safe"}, ">safe</div>"),
        ({"type": "text", "text": "*as* <!here> :x:"}, "*as* &lt;!here&gt; :x:"),
        ({"type": "date", "timestamp": 0, "format": "{date_num}", "fallback": "f"}, "1970-01-01"),
    ],
)
def test_leaves_of_rich_text(leaf: Json, shown: str) -> None:
    section = {"type": "rich_text_section", "elements": [leaf]}
    block = {"type": "rich_text", "block_id": "r", "elements": [section]}
    assert shown in blocks_to_html([block], Surface(key="m1", reader=READER))


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


def chart(kind: str, *series: list[float]) -> Json:
    labels = ["W1", "W2", "W3"]
    return {
        "type": "data_visualization",
        "block_id": "c",
        "title": "Conversations",
        "chart": {
            "type": kind,
            "axis_config": {"categories": labels, "x_label": "Week"},
            "series": [
                {
                    "name": f"S{number}",
                    "data": [
                        {"label": label, "value": value}
                        for label, value in zip(labels, values, strict=True)
                    ],
                }
                for number, values in enumerate(series)
            ],
        },
    }


@pytest.mark.parametrize("kind", ["line", "bar", "area"])
@pytest.mark.parametrize("values", [[17, 20, 3], [0, 0, 0], [-5, 2.5, 0], [1e9, 2e9, 1]])
def test_charts_stay_inside_their_frame(kind: str, values: list[float]) -> None:
    page = draw(chart(kind, values, [20, 20, 20]))
    box = [float(each) for each in page.one("svg", role="img")["viewbox"].split()]
    for dot in page.all("circle"):
        assert 0 <= float(dot["cx"]) <= box[2]
        assert 0 <= float(dot["cy"]) <= box[3]
    for bar in page.all("rect"):
        assert float(bar["y"]) >= 0
        assert float(bar["y"]) + float(bar["height"]) <= box[3]
    assert len(page.all("rect" if kind == "bar" else "circle")) == 6
    assert len(page.all("polygon")) == (2 if kind == "area" else 0)


def test_a_chart_can_be_heard() -> None:
    spoken = draw(chart("line", [17, 20.5, 3])).one("svg", role="img")["aria-label"]
    assert spoken == "Conversations. S0: W1 17, W2 20.5, W3 3"


def test_a_pie_is_cut_by_its_values() -> None:
    def pie(*values: float) -> Reading:
        segments = [{"label": f"S{value}", "value": value} for value in values]
        return draw(
            {
                "type": "data_visualization",
                "block_id": "p",
                "title": "Weeks",
                "chart": {"type": "pie", "segments": segments},
            }
        )

    assert len(pie(3, 1).all("path")) == 2
    assert len(pie(4).all("circle")) == 1
    assert "S3: 3 (75%)" in pie(3, 1).words


def test_blocks_it_does_not_know_are_named_instead_of_hidden() -> None:
    assert "“carousel”" in draw({"type": "carousel", "block_id": "x"}).words
    assert "“file_input”" in draw(actions(element("file_input"))).words


# Buttons and menus


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


# Inputs


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
        Surface(key="m1", reader=READER),
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
    one = Reading(blocks_to_html([block], Surface(key="a", reader=READER)))
    other = Reading(blocks_to_html([block], Surface(key="b", reader=READER)))
    assert one.one("input")["id"] != other.one("input")["id"]


def test_trouble_is_told_in_the_block_that_was_pressed() -> None:
    page = draw(
        actions(element("button", text=plain("Yes"))),
        {"type": "divider", "block_id": "line"},
        troubles={"row": "That did not work."},
    )
    assert page.words.count("That did not work.") == 1
    assert page.one("p", role="alert")["data-testid"] == "notice"


def test_every_emoji_can_be_drawn() -> None:
    for name in {*EMOJI, *RENDERERS}:
        html = emoji_html(name)
        assert html is not None
        assert f'data-emoji="{name}"' in html
    assert not set(EMOJI) & set(RENDERERS)
