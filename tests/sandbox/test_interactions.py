"""People and a real Bolt app: commands, presses, modals, response URLs."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SettableClock
from bot.sandbox.people import Person
from bot.sandbox.records import Message
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(action_id: str, value: str | None = None) -> Json:
    element: Json = {"type": "button", "action_id": action_id, "text": plain("Go")}
    return element if value is None else element | {"value": value}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def number_field(**more: Any) -> Json:
    return {
        "type": "input",
        "block_id": "amount",
        "label": plain("How many?"),
        "element": {
            "type": "number_input",
            "action_id": "typed",
            "is_decimal_allowed": False,
            "min_value": "0",
            "max_value": "100",
        },
        **more,
    }


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "log",
        "title": plain("Log it"),
        "submit": plain("Save"),
        "blocks": list(blocks) or [number_field()],
        **more,
    }


async def open_modal(
    client: AsyncWebClient, workspace: Workspace, view: Json, user: str = "U0PRIYA"
) -> None:
    await client.views_open(trigger_id=workspace.triggers.issue(user), view=view)


async def post(client: AsyncWebClient, person: Person, *blocks: Json) -> Message:
    await client.chat_postMessage(channel=person.id, text="hello", blocks=list(blocks))
    return person.messages()[-1]


# Commands


async def test_a_command_is_answered_to_its_user_alone(
    app: AsyncApp, connect: Any, dana: Person, workspace: Workspace
) -> None:
    heard: list[Json] = []

    @app.command("/greet")
    async def greet(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack("Hello, Dana")

    await connect(app)
    outcome = await dana.command("/greet", "  you all ", channel="C0COACH")
    assert outcome.acked
    assert outcome.error is None
    (body,) = heard
    assert body["text"] == "you all"
    assert (body["user_id"], body["user_name"]) == ("U0DANA", "dana")
    assert (body["channel_id"], body["channel_name"]) == ("C0COACH", "privategroup")
    assert (body["team_id"], body["api_app_id"]) == ("T0HARBOR", "A0BASECOACH")
    assert body["trigger_id"]
    assert body["response_url"].startswith(workspace.base_url)
    assert [message.text for message in dana.messages("C0COACH")] == ["Hello, Dana"]
    assert Person(workspace, "U0ALEX").messages("C0COACH") == []


async def test_a_command_may_be_answered_in_the_channel(
    app: AsyncApp, connect: Any, dana: Person, workspace: Workspace
) -> None:
    @app.command("/greet")
    async def greet(ack: Any) -> None:
        await ack(text="Hello, all", response_type="in_channel")

    await connect(app)
    await dana.command("/greet", channel="C0GENERAL")
    (message,) = workspace.messages("C0GENERAL")
    assert (message.text, message.ephemeral_to) == ("Hello, all", None)


async def test_a_command_whose_answer_has_bad_blocks(
    app: AsyncApp, connect: Any, dana: Person, workspace: Workspace
) -> None:
    @app.command("/greet")
    async def greet(ack: Any) -> None:
        await ack(text="x", blocks=[{"type": "header", "text": plain("x" * 151)}])

    await connect(app)
    outcome = await dana.command("/greet")
    assert outcome.error == '/greet failed with the error "invalid_command_response"'
    assert dana.messages() == []
    assert "/blocks/0/text/text" in workspace.deliveries[-1].problems[1]


async def test_without_a_bot_slack_says_so(dana: Person, server: SandboxServer) -> None:
    outcome = await dana.command("/greet")
    assert not outcome.acked
    assert outcome.error == "/greet failed because the app did not respond"
    assert server.workspace.deliveries[-1].result == "no_connection"


@pytest.mark.parametrize("ack_seconds", [0.05])
async def test_a_command_that_is_never_acknowledged(
    app: AsyncApp, connect: Any, dana: Person, workspace: Workspace
) -> None:
    @app.command("/greet")
    async def greet() -> None:
        """Forgets to acknowledge."""

    await connect(app)
    outcome = await dana.command("/greet")
    assert outcome.error == "/greet failed because the app did not respond"
    assert workspace.deliveries[-1].result == "timeout"


async def test_an_unknown_command_never_reaches_the_bot(dana: Person, workspace: Workspace) -> None:
    outcome = await dana.command("/nope")
    assert outcome.error == "/nope is not a valid command."
    assert workspace.deliveries == []


async def test_nobody_types_in_a_channel_they_are_not_in(priya: Person) -> None:
    with pytest.raises(LookupError, match="not in C0COACH"):
        await priya.command("/greet", channel="C0COACH")


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("Marks & Spencer <2nd>", "Marks &amp; Spencer &lt;2nd&gt;"),
        ("met @sam in #general", "met <@U0SAM|sam> in <#C0GENERAL|general>"),
        ("@nobody #nowhere a@sam.example", "@nobody #nowhere a@sam.example"),
        ("see https://x.example/?a=1&b=2 <b>", "see <https://x.example/?a=1&amp;b=2> &lt;b&gt;"),
        ("@channel", "<!channel>"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U0SAM>", "&lt;@U0SAM&gt;"),
    ],
)
async def test_typed_text_is_escaped_where_the_manifest_says_so(
    server: SandboxServer, priya: Person, typed: str, escaped: str
) -> None:
    await priya.command("/greet", typed)
    await priya.command("/raw", typed)
    texts = [delivery.payload["text"] for delivery in server.workspace.deliveries]
    assert texts == [escaped, typed]


# Presses in messages


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


# Modals


async def submitted(app: AsyncApp, connect: Any, answer: Json) -> list[Json]:
    """Connects a bot that answers each submission with `answer`; gives what it hears."""
    heard: list[Json] = []

    @app.view("log")
    async def log(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack(**answer)

    await connect(app)
    return heard


async def test_a_submission_closes_the_modal(
    app: AsyncApp, connect: Any, client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    heard = await submitted(app, connect, {})
    await open_modal(client, workspace, modal(private_metadata="week-48"))
    outcome = await priya.submit({"amount": 17})
    assert outcome.acked
    assert priya.modal is None
    (body,) = heard
    assert body["type"] == "view_submission"
    assert body["view"]["private_metadata"] == "week-48"
    assert body["view"]["hash"]
    assert body["view"]["root_view_id"] == body["view"]["id"]
    assert body["view"]["state"]["values"] == {
        "amount": {"typed": {"type": "number_input", "value": "17"}}
    }


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "Please complete this required field."),
        ("seventeen", "Please enter a number."),
        ("1.5", "Please enter a whole number."),
        ("-1", "Please enter a number of at least 0."),
        ("101", "Please enter a number of at most 100."),
    ],
)
async def test_slack_itself_refuses_some_values(
    client: AsyncWebClient, workspace: Workspace, priya: Person, value: Any, sentence: str
) -> None:
    await open_modal(client, workspace, modal())
    outcome = await priya.submit({"amount": value})
    assert (outcome.acked, outcome.error) == (False, sentence)
    assert priya.errors == {"amount": sentence}
    assert workspace.deliveries == []


async def test_an_optional_field_may_stay_empty(
    app: AsyncApp, connect: Any, client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    heard = await submitted(app, connect, {})
    await open_modal(client, workspace, modal(number_field(optional=True)))
    await priya.submit()
    assert heard[0]["view"]["state"]["values"]["amount"]["typed"]["value"] is None


async def test_unknown_fields_and_screens(
    client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    with pytest.raises(LookupError, match="no modal open"):
        await priya.submit({"amount": 1})
    await open_modal(client, workspace, modal())
    with pytest.raises(LookupError, match="no input in block 'sum'; there is amount"):
        await priya.submit({"sum": 1})
    with pytest.raises(LookupError, match="not on top"):
        await priya.submit({"amount": 1}, view={"id": "V0OTHER"})


async def test_inline_errors_keep_the_modal(
    app: AsyncApp, connect: Any, client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    await submitted(app, connect, {"response_action": "errors", "errors": {"amount": "Too many."}})
    await open_modal(client, workspace, modal())
    outcome = await priya.submit({"amount": 17})
    assert outcome.acked
    assert priya.errors == {"amount": "Too many."}
    assert priya.modal is not None
    assert priya.modal["state"]["values"]["amount"]["typed"]["value"] == "17"


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"elsewhere": "x"}},
        {"response_action": "errors", "errors": {"amount": ""}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "explode"},
    ],
)
async def test_answers_that_slack_refuses(
    app: AsyncApp,
    connect: Any,
    client: AsyncWebClient,
    workspace: Workspace,
    priya: Person,
    answer: Json,
) -> None:
    await submitted(app, connect, answer)
    await open_modal(client, workspace, modal())
    outcome = await priya.submit({"amount": 17})
    assert outcome.error == "We had some trouble connecting. Try again?"
    assert priya.modal is not None
    assert workspace.deliveries[-1].problems


async def test_update_push_and_clear(
    app: AsyncApp, connect: Any, client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    @app.view("log")
    async def log(ack: Any, view: Json) -> None:
        step = view["private_metadata"]
        if step == "1":
            await ack(response_action="update", view=modal(private_metadata="2"))
        elif step == "2":
            await ack(response_action="push", view=modal(private_metadata="3"))
        else:
            await ack(response_action="clear")

    await connect(app)
    await open_modal(client, workspace, modal(private_metadata="1"))
    first = priya.modals[0]["id"]
    await priya.submit({"amount": 1})
    assert [(view["id"], view["private_metadata"]) for view in priya.modals] == [(first, "2")]
    await priya.submit({"amount": 1})
    assert [view["private_metadata"] for view in priya.modals] == ["2", "3"]
    assert priya.modals[1]["previous_view_id"] == first
    await priya.submit({"amount": 1})
    assert priya.modals == []


async def test_a_submission_that_is_not_acknowledged(
    client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    await open_modal(client, workspace, modal())
    outcome = await priya.submit({"amount": 17})
    assert (outcome.acked, outcome.error) == (False, "We had some trouble connecting. Try again?")
    assert priya.modal is not None


async def test_the_bot_hears_of_a_closed_modal_if_it_wants(
    app: AsyncApp, connect: Any, client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    heard: list[Json] = []

    @app.view_closed("log")
    async def closed(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    await connect(app)
    await open_modal(client, workspace, modal())
    await priya.close()
    assert heard == []
    await open_modal(client, workspace, modal(notify_on_close=True))
    await priya.close()
    assert [body["is_cleared"] for body in heard] == [False]
    assert priya.modal is None


async def test_a_press_in_a_modal_can_push_another(
    app: AsyncApp, connect: Any, client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    heard: list[Json] = []

    @app.action("deeper")
    async def deeper(ack: Any, body: Json, client: AsyncWebClient) -> None:
        heard.append(body)
        await client.views_push(trigger_id=body["trigger_id"], view=modal())
        await ack()

    await connect(app)
    await open_modal(client, workspace, modal(number_field(), actions(button("deeper"))))
    below = priya.modal or {}
    await priya.press(below, action_id="deeper", values={"amount": "5"})
    (body,) = heard
    assert body["container"] == {"type": "view", "view_id": below["id"]}
    assert "response_url" not in body
    assert body["view"]["state"]["values"]["amount"]["typed"]["value"] == "5"
    assert len(priya.modals) == 2
    with pytest.raises(LookupError, match="not on top"):
        await priya.press(below, action_id="deeper")
    await priya.close()
    assert (priya.modal or {})["id"] == below["id"]


async def test_inputs_of_every_kind(
    app: AsyncApp, connect: Any, client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    heard = await submitted(app, connect, {})
    picks = [{"text": plain(name), "value": name} for name in ("a", "b", "c")]
    kinds: dict[str, tuple[Json, Any, Json]] = {
        "text": ({"type": "plain_text_input"}, "hi", {"value": "hi"}),
        "radio": ({"type": "radio_buttons", "options": picks}, "b", {"selected_option": picks[1]}),
        "boxes": (
            {"type": "checkboxes", "options": picks},
            ["a", "c"],
            {"selected_options": [picks[0], picks[2]]},
        ),
        "multi": (
            {"type": "multi_static_select", "options": picks},
            ["c"],
            {"selected_options": [picks[2]]},
        ),
        "user": ({"type": "users_select"}, "U0SAM", {"selected_user": "U0SAM"}),
        "users": ({"type": "multi_users_select"}, ["U0SAM"], {"selected_users": ["U0SAM"]}),
        "place": (
            {"type": "conversations_select"},
            "C0COACH",
            {"selected_conversation": "C0COACH"},
        ),
        "channel": ({"type": "channels_select"}, "C0GENERAL", {"selected_channel": "C0GENERAL"}),
        "date": ({"type": "datepicker"}, "2026-11-20", {"selected_date": "2026-11-20"}),
        "time": (
            {"type": "timepicker", "timezone": "Europe/London"},
            "09:30",
            {"selected_time": "09:30", "timezone": "Europe/London"},
        ),
        "moment": ({"type": "datetimepicker"}, 1795424400, {"selected_date_time": 1795424400}),
        "mail": ({"type": "email_text_input"}, "a@x.example", {"value": "a@x.example"}),
        "link": ({"type": "url_text_input"}, "https://x.example", {"value": "https://x.example"}),
    }
    blocks = [
        {
            "type": "input",
            "block_id": name,
            "label": plain(name),
            "element": element | {"action_id": "it"},
        }
        for name, (element, _, _) in kinds.items()
    ]
    await open_modal(client, workspace, modal(*blocks))
    empty = await priya.submit()
    assert not empty.acked
    assert set(priya.errors) == set(kinds)
    await priya.submit({name: value for name, (_, value, _) in kinds.items()})
    assert heard[0]["view"]["state"]["values"] == {
        name: {"it": {"type": element["type"], **state}}
        for name, (element, _, state) in kinds.items()
    }


# Response URLs


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
