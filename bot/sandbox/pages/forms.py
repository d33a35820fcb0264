"""Reads what a form of the page sent: which surface, which control, which values."""

from __future__ import annotations

import json
from datetime import datetime, tzinfo
from typing import Any

from starlette.datastructures import FormData

from bot.sandbox.block_kit import inputs
from bot.sandbox.people import Person
from bot.sandbox.records import Json, Message

Values = dict[str, dict[str, Any]]
"""These are the values that were filled in, by block_id and action_id."""


def text(form: FormData, name: str) -> str:
    """Return a field's text with simple line ends, or "" if it was not sent."""
    sent = form.get(name)
    return sent.replace("\r\n", "\n") if isinstance(sent, str) else ""


def read_surface(person: Person, named: str) -> tuple[Message | Json, list[Json]]:
    """Return the message, modal or Home that a form belongs to, and its blocks.

    Raises LookupError if this person does not see it any more.
    """
    kind, _, name = named.partition(":")
    if kind == "message":
        channel, _, ts = name.partition("/")
        for message in person.messages(channel):
            if message.ts == ts:
                return message, message.blocks
        raise LookupError("This message is gone.")
    for view in (person.modal, person.home):
        if kind == "view" and view is not None and view["id"] == name:
            return view, view["blocks"]
    raise LookupError("This view is not open any more.")


def read_values(form: FormData, blocks: list[Json], zone: tzinfo) -> Values:
    """Read the values of the inputs in `blocks`. Inputs that the form does not name are left out."""
    values: Values = {}
    for block, element in inputs.elements(blocks):
        field = inputs.FIELD.get(element["type"])
        name = json.dumps([block["block_id"], element["action_id"]])
        if field is None or name not in form:
            continue
        sent = [each.replace("\r\n", "\n") for each in form.getlist(name) if isinstance(each, str)]
        chosen = [each for each in sent if each]
        value: Any = chosen if field.endswith("s") else chosen[0] if chosen else None
        if value is not None and field == "selected_date_time":
            value = int(datetime.fromisoformat(value).replace(tzinfo=zone).timestamp())
        values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values


def read_press(pressed: str) -> tuple[str, str, str | None]:
    """Read block id, action id and value of what was pressed. Raises ValueError for anything else."""
    block_id, action_id, value = json.loads(pressed)
    if not (isinstance(block_id, str) and isinstance(action_id, str)):
        raise ValueError("this is not a button of the page")
    return block_id, action_id, value if isinstance(value, str) else None


def find_element(blocks: list[Json], block_id: str, action_id: str) -> Json:
    """Find the element with these ids. Raises LookupError if the message has changed meanwhile."""
    for block, element in inputs.elements(blocks):
        if (block["block_id"], element["action_id"]) == (block_id, action_id):
            return element
    raise LookupError("This button is gone: the message has changed meanwhile.")
