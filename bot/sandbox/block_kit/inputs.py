"""Inputs as a person uses them: what they show at first, what is filled in, what Slack refuses.

A state is one entry of Slack's `state.values[block_id][action_id]`, such as {"type": …, "value": …}.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.records import Json

State = dict[str, dict[str, Json]]

FIELD: Mapping[str, str] = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
"""An element of this type keeps what was chosen in this field of its state."""

INITIAL: Mapping[str, str] = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
}

REQUIRED = "Please complete this required field."


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield every element that can be used, with its block, from top to bottom."""
    for block in blocks:
        inside = [block.get("accessory"), block.get("element"), *block.get("elements", [])]
        for element in inside:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def choices(element: Json) -> list[Json]:
    """Return the options of a select, an overflow menu, radio buttons or checkboxes."""
    grouped = [group["options"] for group in element.get("option_groups", [])]
    return [*element.get("options", []), *(option for group in grouped for option in group)]


def offers(element: Json, value: str) -> bool:
    """Tell whether pressing this element can send `value`."""
    if element["type"] == "button":
        return element.get("value") == value
    return any(option["value"] == value for option in choices(element))


def initial_state(blocks: list[Json]) -> State:
    """Return the state that inputs have before anybody uses them."""
    state: State = {}
    for block, element in elements(blocks):
        if element["type"] in FIELD:
            field = FIELD[element["type"]]
            initial = element.get(INITIAL[field])
            if initial is None and field.endswith("s"):
                initial = []
            state.setdefault(block["block_id"], {})[element["action_id"]] = {
                "type": element["type"],
                field: initial,
            }
            if element["type"] == "timepicker" and "timezone" in element:
                state[block["block_id"]][element["action_id"]]["timezone"] = element["timezone"]
    return state


def carried_over(old: State, blocks: list[Json]) -> State:
    """Return the state of new blocks. An input with the same ids and type keeps what was filled in.

    A choice that is no longer offered is replaced by what the new input shows at first.
    """
    state = initial_state(blocks)
    for block, element in elements(blocks):
        kept = old.get(block["block_id"], {}).get(element["action_id"])
        if kept is not None and kept["type"] == element["type"] and _still_offered(element, kept):
            state[block["block_id"]][element["action_id"]] = kept
    return state


def _still_offered(element: Json, kept: Json) -> bool:
    chosen = [*kept.get("selected_options", []), kept.get("selected_option")]
    offered = choices(element)
    return not offered or all(option is None or option in offered for option in chosen)


def fill(blocks: list[Json], state: State, values: Mapping[str, Any]) -> None:
    """Fill in inputs by block_id. In a block with several, `value` is a mapping by action_id.

    Raises LookupError for a block that has no such input and for an option that is not offered, and
    ValueError for a value that can't be typed into the input.
    """
    for block_id, value in values.items():
        inputs = {
            element["action_id"]: element
            for block, element in elements(blocks)
            if block["block_id"] == block_id and element["type"] in FIELD
        }
        if not inputs:
            known = sorted({block["block_id"] for block, _ in elements(blocks)})
            raise LookupError(f"no input in block {block_id!r}; there is {', '.join(known)}")
        if len(inputs) == 1 and not (isinstance(value, dict) and set(value) <= set(inputs)):
            value = {next(iter(inputs)): value}
        for action_id, one in value.items():
            if action_id not in inputs:
                raise LookupError(f"no input {action_id!r} in block {block_id!r}")
            state.setdefault(block_id, {})[action_id] = state_of(inputs[action_id], one)


def state_of(element: Json, value: Any) -> Json:
    """Return the state of an element after `value` was chosen or typed. None or "" empties it."""
    kind = element["type"]
    if kind not in FIELD:
        raise LookupError(f"nothing can be filled into a {kind}")
    field = FIELD[kind]
    state: Json = {"type": kind, field: _chosen(element, field, value)}
    if kind == "timepicker" and "timezone" in element:
        state["timezone"] = element["timezone"]
    return state


def _chosen(element: Json, field: str, value: Any) -> Any:
    several = field.endswith("s") and field != "rich_text_value"
    if value is None or value == "" or value == []:
        return [] if several else None
    if several:
        if not isinstance(value, list | tuple | set):
            raise ValueError(f"{element['action_id']} takes a list")
        most = element.get("max_selected_items", len(value))
        if len(value) > most:
            raise ValueError(f"{element['action_id']} takes at most {most}")
        return [_option(element, one) if field == "selected_options" else one for one in value]
    match field:
        case "selected_option":
            return _option(element, value)
        case "selected_date":
            return date.fromisoformat(value).isoformat()
        case "selected_time":
            return time.fromisoformat(value).strftime("%H:%M")
        case "selected_date_time":
            return int(value)
        case "rich_text_value":
            return value if isinstance(value, dict) else _rich_text(str(value))
    return str(value)


def _option(element: Json, value: Any) -> Json:
    if element["type"] in ("external_select", "multi_external_select"):
        raise LookupError("this sandbox asks no app for options")
    for option in choices(element):
        if value in (option["value"], option):
            return option
    offered = ", ".join(option["value"] for option in choices(element))
    raise LookupError(f"{element['action_id']} does not offer {value!r}; it offers {offered}")


def _rich_text(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def button_action(block: Json, element: Json, value: str | None) -> Json:
    """Return the `actions` entry of a pressed button or a chosen overflow item, without its action_ts."""
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
    }
    if element["type"] == "overflow":
        if value is None:
            raise LookupError("say which item of the overflow menu")
        return action | {"selected_option": _option(element, value)}
    if element["type"] in FIELD:
        raise LookupError(f"a {element['type']} is not pressed: use select()")
    for name in ("text", "value", "url", "style"):
        if name in element:
            action[name] = element[name]
    return action


def input_action(block: Json, element: Json, state: Json) -> Json:
    """Return the `actions` entry of an input that was changed, without its action_ts."""
    action = {"action_id": element["action_id"], "block_id": block["block_id"], **state}
    for name in ("placeholder", INITIAL[FIELD[element["type"]]]):
        if name in element:
            action[name] = element[name]
    return action


def refusals(blocks: list[Json], state: State) -> dict[str, str]:
    """Return what Slack itself refuses to submit: a sentence for each block, by block_id."""
    found: dict[str, str] = {}
    for block, element in elements(blocks):
        if block["type"] != "input" or element["type"] not in FIELD:
            continue
        value = state[block["block_id"]][element["action_id"]].get(FIELD[element["type"]])
        sentence = _refusal(block, element, value)
        if sentence is not None:
            found[block["block_id"]] = sentence
    return found


def _refusal(block: Json, element: Json, value: Any) -> str | None:
    if value in (None, "", []):
        return None if block.get("optional") else REQUIRED
    match element["type"]:
        case "plain_text_input":
            return _length_refusal(element, value)
        case "number_input":
            return _number_refusal(element, value)
        case "email_text_input" if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            return "Please enter a valid email address."
        case "url_text_input" if not re.fullmatch(r"https?://\S+", value):
            return "Please enter a valid URL."
    return None


def _length_refusal(element: Json, value: str) -> str | None:
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    return None


def _number_refusal(element: Json, value: str) -> str | None:
    if not re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII):
        return "Please enter a number."
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and "." in value:
        return "Please enter a whole number."
    if "min_value" in element and amount < Decimal(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and amount > Decimal(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None
