"""Buttons and menus in messages and Homes are used where they stand."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.pages.browsing import DM, HOME, Browser, Json, button, field, menu, pressed, row


async def test_a_button_is_pressed_where_it_stands(
    browser: Browser, client: AsyncWebClient, app: AsyncApp, connect: Any
) -> None:
    heard: list[Json] = []

    @app.action("yes")
    async def yes(ack: Any, body: Json) -> None:
        await ack()
        heard.append(body)

    await connect(app)
    rows = [{**row(button("yes", each)), "block_id": f"row-{each}"} for each in ("one", "two")]
    sent = await client.chat_postMessage(channel="U0PRIYA", text="?", blocks=rows)
    surface = f"message:{sent['channel']}/{sent['ts']}"
    await browser.send(DM, surface=surface, press=pressed("row-two", "yes", "two"))
    (body,) = heard
    assert body["actions"][0]["value"] == "two"
    assert (body["user"]["id"], body["message"]["ts"]) == ("U0PRIYA", sent["ts"])


async def test_a_choice_in_a_message_is_sent_and_kept(
    browser: Browser, client: AsyncWebClient, app: AsyncApp, connect: Any
) -> None:
    heard: list[str] = []

    @app.action("snooze")
    async def snooze(ack: Any, action: Json) -> None:
        await ack()
        heard.append(action["selected_option"]["value"])

    await connect(app)
    sent = await client.chat_postMessage(channel="U0PRIYA", text="?", blocks=[row(menu("snooze"))])
    fields = {
        "surface": f"message:{sent['channel']}/{sent['ts']}",
        "press": pressed("row", "snooze"),
        field("row", "snooze"): "3h",
    }
    page = await browser.send(DM, **fields)
    assert heard == ["3h"]
    assert [each["value"] for each, _ in page.find(selected="")] == ["3h"]


async def test_a_button_in_a_home_is_pressed(
    browser: Browser, client: AsyncWebClient, app: AsyncApp, connect: Any
) -> None:
    heard: list[Json] = []

    @app.action("start")
    async def start(ack: Any, body: Json) -> None:
        await ack()
        heard.append(body)

    await connect(app)
    view = {"type": "home", "blocks": [row(button("start", "s"))]}
    answer = await client.views_publish(user_id="U0PRIYA", view=view)
    surface = f"view:{answer['view']['id']}"
    await browser.send(HOME, surface=surface, press=pressed("row", "start", "s"))
    assert heard[0]["view"]["type"] == "home"


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        (
            {"surface": "message:D0PRIYA/1.000000", "press": pressed("a", "b")},
            409,
            "This message is gone.",
        ),
        (
            {"surface": "message:C0COACH/1.000000", "press": pressed("a", "b")},
            409,
            "is not in C0COACH",
        ),
        ({"surface": "view:V1", "do": "submit"}, 409, "This view is not open any more."),
        ({"do": "dance"}, 400, "no such button"),
        ({}, 400, "no such button"),
        ({"do": "move", "seconds": "-5"}, 409, "only moves forward"),
        ({"do": "move", "seconds": "soon"}, 409, "soon"),
        ({"do": "fault", "kind": "flood"}, 409, "no such fault"),
        ({"do": "archive", "channel": "C0NONE"}, 409, "no such channel"),
        ({"do": "archive", "channel": "D0PRIYA"}, 409, "no such channel"),
    ],
)
async def test_what_can_not_be_done_is_refused_with_a_sentence(
    browser: Browser, fields: Json, status: int, words: str
) -> None:
    got, text = await browser.post(DM, fields)
    assert got == status
    assert words in text


async def test_a_button_that_is_not_there_can_not_be_pressed(
    browser: Browser, client: AsyncWebClient
) -> None:
    sent = await client.chat_postMessage(
        channel="U0PRIYA", text="?", blocks=[row(button("a", "b"))]
    )
    surface = f"message:{sent['channel']}/{sent['ts']}"
    for press in (pressed("row", "other"), "[]", "nonsense", "[1, 2, 3]", "{}"):
        status, _ = await browser.post(DM, {"surface": surface, "press": press})
        assert status == 409
