"""A real Bolt app answers at the response URLs that it was given."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SettableClock
from bot.sandbox.people import Person
from bot.sandbox.records import Message
from tests.sandbox.interactions.building import Json, actions, button, post


async def response_url_of(client: AsyncWebClient, priya: Person) -> tuple[str, Message]:
    message = await post(client, priya, actions(button("yes")))
    await priya.press(message, action_id="yes")
    return priya.workspace.deliveries[-1].payload["response_url"], message


async def answer(url: str, payload: Any) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, json=payload) as response:
        return response.status, await response.text()


async def test_response_url_answers_five_times(client: AsyncWebClient, priya: Person) -> None:
    url, _ = await response_url_of(client, priya)
    results = [await answer(url, {"text": str(number)}) for number in range(6)]
    assert results == [(200, "ok")] * 5 + [(404, "used_url")]
    assert [message.text for message in priya.messages()][1:] == ["0", "1", "2", "3", "4"]
    assert all(message.ephemeral_to == "U0PRIYA" for message in priya.messages()[1:])


async def test_response_url_lives_half_an_hour(
    client: AsyncWebClient, priya: Person, clock: SettableClock
) -> None:
    url, _ = await response_url_of(client, priya)
    clock.move(30 * 60)
    assert await answer(url, {"text": "x"}) == (200, "ok")
    clock.move(1)
    assert await answer(url, {"text": "x"}) == (404, "expired_url")
    assert await answer(url + "x", {"text": "x"}) == (404, "invalid_url")


async def test_response_url_replaces_and_deletes(client: AsyncWebClient, priya: Person) -> None:
    url, message = await response_url_of(client, priya)
    assert await answer(url, {"replace_original": True, "text": "new"}) == (200, "ok")
    (shown,) = priya.messages()
    assert (shown.ts, shown.text, shown.blocks) == (message.ts, "new", [])
    assert await answer(url, {"delete_original": True, "text": "x"}) == (400, "invalid_payload")
    assert await answer(url, {"delete_original": True}) == (200, "ok")
    assert priya.messages() == []
    assert await answer(url, {"replace_original": True, "text": "x"}) == (400, "message_not_found")


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({}, "no_text"),
        ({"text": "x", "response_type": "shout"}, "invalid_response_type"),
        ({"text": "x", "blocks": [None]}, "invalid_blocks"),
        ([], "invalid_payload"),
    ],
)
async def test_response_url_is_strict(
    client: AsyncWebClient, priya: Person, payload: Any, words: str
) -> None:
    url, _ = await response_url_of(client, priya)
    status, text = await answer(url, payload)
    assert (status, text.splitlines()[0]) == (400, words)
    assert len(priya.messages()) == 1


async def test_a_press_in_an_ephemeral_message(app: AsyncApp, connect: Any, dana: Person) -> None:
    heard: list[Json] = []

    @app.command("/greet")
    async def greet(ack: Any) -> None:
        await ack(text="x", blocks=[actions(button("undo"))])

    @app.action("undo")
    async def undo(ack: Any, body: Json, respond: Any) -> None:
        heard.append(body)
        await ack()
        await respond(text="Undone.", replace_original=True)

    await connect(app)
    await dana.command("/greet", channel="C0COACH")
    (message,) = dana.messages("C0COACH")
    await dana.press(message, action_id="undo")
    await dana.workspace.until(lambda: dana.messages("C0COACH")[0].text == "Undone.")
    (body,) = heard
    assert body["container"]["is_ephemeral"]
    assert "message" not in body
