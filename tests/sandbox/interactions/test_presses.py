"""People press and choose in messages, and a real Bolt app hears of it."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.people import Person
from tests.sandbox.interactions.building import Json, actions, button, plain, post


async def test_a_press_carries_the_message(
    app: AsyncApp, connect: Any, client: AsyncWebClient, priya: Person
) -> None:
    heard: list[Json] = []

    @app.action("yes")
    async def yes(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    await connect(app)
    message = await post(client, priya, actions(button("yes", "81"), button("no", "81")))
    outcome = await priya.press(message, action_id="yes")
    assert outcome.acked
    (body,) = heard
    assert body["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": priya.dm,
        "is_ephemeral": False,
    }
    assert body["channel"] == {"id": priya.dm, "name": "directmessage"}
    assert body["message"]["ts"] == message.ts
    assert body["user"]["id"] == "U0PRIYA"
    (action,) = body["actions"]
    assert (action["type"], action["value"]) == ("button", "81")
    assert action["block_id"] == message.blocks[0]["block_id"]
    assert action["text"] == plain("Go")
    assert float(action["action_ts"]) > float(message.ts)


async def test_a_press_needs_a_button_that_is_there(
    client: AsyncWebClient, priya: Person, dana: Person
) -> None:
    message = await post(client, priya, actions(button("yes", "1")), actions(button("yes", "2")))
    with pytest.raises(LookupError, match="no maybe here; there is yes, yes"):
        await priya.press(message, action_id="maybe")
    with pytest.raises(LookupError, match="no yes with '3'"):
        await priya.press(message, action_id="yes", value="3")
    with pytest.raises(LookupError, match="2 times"):
        await priya.press(message, action_id="yes")
    with pytest.raises(LookupError, match="Dana Whitfield is not in D0PRIYA"):
        await dana.press(message, action_id="yes", value="1")
    await client.chat_delete(channel=message.channel, ts=message.ts)
    with pytest.raises(LookupError, match="gone"):
        await priya.press(message, action_id="yes", value="1")


async def test_a_press_that_is_not_acknowledged(client: AsyncWebClient, priya: Person) -> None:
    message = await post(client, priya, actions(button("yes")))
    outcome = await priya.press(message, action_id="yes")
    assert (outcome.acked, outcome.error) == (False, "Sorry, that didn't work. Try again?")


async def test_selects_send_what_was_chosen_and_keep_it(
    app: AsyncApp, connect: Any, client: AsyncWebClient, priya: Person
) -> None:
    heard: list[Json] = []

    @app.action("pick")
    async def pick(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    await connect(app)
    one, two = ({"text": plain(name), "value": name} for name in ("one", "two"))
    select = {"type": "static_select", "action_id": "pick", "options": [one, two]}
    date = {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-23"}
    message = await post(client, priya, actions(select, date))
    block_id = message.blocks[0]["block_id"]
    await priya.select(message, action_id="pick", value="two")
    (body,) = heard
    assert body["actions"][0]["selected_option"] == two
    assert body["state"]["values"][block_id] == {
        "pick": {"type": "static_select", "selected_option": two},
        "day": {"type": "datepicker", "selected_date": "2026-11-23"},
    }
    with pytest.raises(LookupError, match="does not offer 'three'; it offers one, two"):
        await priya.select(message, action_id="pick", value="three")
    with pytest.raises(LookupError, match="not pressed"):
        await priya.press(message, action_id="pick")


async def test_an_overflow_menu(
    app: AsyncApp, connect: Any, client: AsyncWebClient, priya: Person
) -> None:
    heard: list[str] = []

    @app.action("more")
    async def more(ack: Any, action: Json) -> None:
        heard.append(action["selected_option"]["value"])
        await ack()

    await connect(app)
    items = [{"text": plain(name), "value": name} for name in ("edit", "undo")]
    message = await post(
        client, priya, actions({"type": "overflow", "action_id": "more", "options": items})
    )
    await priya.press(message, action_id="more", value="undo")
    assert heard == ["undo"]


async def test_a_forged_press_reaches_the_bot_as_it_is(
    app: AsyncApp, connect: Any, dana: Person, priya: Person
) -> None:
    heard: list[Json] = []

    @app.action("yes")
    async def yes(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    await connect(app)
    await dana.forge_press("yes", "81", channel=priya.dm, message_ts="1.000000")
    (body,) = heard
    assert body["user"]["id"] == "U0DANA"
    assert body["channel"]["id"] == priya.dm
    assert body["actions"][0]["value"] == "81"
