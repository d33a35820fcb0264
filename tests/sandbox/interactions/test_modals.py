"""People fill in modals, and a real Bolt app decides what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.people import Person
from bot.sandbox.workspace import Workspace
from tests.sandbox.interactions.building import (
    Json,
    actions,
    button,
    modal,
    number_field,
    open_modal,
    plain,
)


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
