"""Buttons, fields and modals for these tests, and how they get onto a screen."""

from __future__ import annotations

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.people import Person
from bot.sandbox.records import Message
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
