"""Block Kit's interactive elements, and in which blocks each of them may stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from bot.sandbox.block_kit.text import (
    ACTION_ID,
    ANY_STRING,
    CONFIRM,
    IMAGE_ELEMENT,
    LIST_OPTION,
    MENU_OPTION,
    OPTION_GROUP,
    PLACEHOLDER,
    RICH_CONTAINERS,
    URL,
    option,
    plain_text,
)
from bot.sandbox.shapes import (
    Check,
    Report,
    anything,
    boolean,
    integer,
    list_of,
    one_of,
    shape,
    string,
    variant,
)

ID = string(longest=255)
IDS = list_of(ID, most=100)
DECIMAL = string(longest=100, pattern=r"-?\d+(\.\d+)?", like="a number in a string, such as 12.5")


def _element(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    *rules: Check,
) -> Check:
    return shape(
        {"type": anything, **(required or {})}, {"action_id": ACTION_ID, **(optional or {})}, *rules
    )


def _options_or_groups(report: Report, pointer: str, value: dict[str, Any]) -> None:
    if ("options" in value) == ("option_groups" in value):
        report.add(pointer, "exactly one of options and option_groups is required")


def _initial_is_offered(report: Report, pointer: str, value: dict[str, Any]) -> None:
    groups = [group["options"] for group in value.get("option_groups", [])]
    offered = [*value.get("options", []), *(entry for group in groups for entry in group)]
    if "initial_option" in value and value["initial_option"] not in offered:
        report.add(f"{pointer}/initial_option", "must exactly match one of the options")
    for index, entry in enumerate(value.get("initial_options", [])):
        if entry not in offered:
            report.add(
                f"{pointer}/initial_options/{index}", "must exactly match one of the options"
            )


def _lengths_in_order(report: Report, pointer: str, value: dict[str, Any]) -> None:
    longest = value.get("max_length", 3000)
    if value.get("min_length", 0) > longest:
        report.add(f"{pointer}/min_length", "must not be more than max_length")
    if len(value.get("initial_value", "")) > longest:
        report.add(f"{pointer}/initial_value", f"must be less than {longest + 1} characters")


def _numbers_in_order(report: Report, pointer: str, value: dict[str, Any]) -> None:
    bounds = {name: Decimal(value[name]) for name in ("min_value", "max_value") if name in value}
    lowest = bounds.get("min_value", Decimal("-Infinity"))
    highest = bounds.get("max_value", Decimal("Infinity"))
    if lowest > highest:
        report.add(f"{pointer}/min_value", "must not be more than max_value")
    initial = value.get("initial_value")
    if initial is None:
        return
    if not lowest <= Decimal(initial) <= highest:
        report.add(f"{pointer}/initial_value", "must lie between min_value and max_value")
    if not value["is_decimal_allowed"] and "." in initial:
        report.add(f"{pointer}/initial_value", "must be a whole number")


def _known_zone(report: Report, pointer: str, value: Any) -> None:
    if value not in available_timezones():
        report.add(pointer, "must be an IANA time zone")


def _real_date(report: Report, pointer: str, value: Any) -> None:
    pattern = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
        report.add(pointer, "must be a date as YYYY-MM-DD")


BUTTON = _element(
    {"text": plain_text(75)},
    {
        "url": URL,
        "value": string(longest=2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(longest=75),
    },
)
MENU: dict[str, Check] = {
    "placeholder": PLACEHOLDER,
    "confirm": CONFIRM,
    "focus_on_load": boolean,
}
STATIC: dict[str, Check] = {
    **MENU,
    "options": list_of(MENU_OPTION, most=100),
    "option_groups": list_of(OPTION_GROUP, most=100),
}
FILTER = shape(
    {},
    {
        "include": list_of(one_of("im", "mpim", "private", "public"), most=4, distinct=True),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
CONVERSATIONS: dict[str, Check] = {
    **MENU,
    "default_to_current_conversation": boolean,
    "filter": FILTER,
}
SEVERAL: dict[str, Check] = {"max_selected_items": integer(1, 100_000)}
TYPED: dict[str, Check] = {
    "dispatch_action_config": shape(
        {
            "trigger_actions_on": list_of(
                one_of("on_enter_pressed", "on_character_entered"), most=2, distinct=True
            )
        }
    ),
    "focus_on_load": boolean,
    "placeholder": PLACEHOLDER,
}

SELECTS: Mapping[str, Check] = {
    "static_select": _element(
        {}, {**STATIC, "initial_option": MENU_OPTION}, _options_or_groups, _initial_is_offered
    ),
    "external_select": _element(
        {}, {**MENU, "initial_option": MENU_OPTION, "min_query_length": integer(0, 1000)}
    ),
    "users_select": _element({}, {**MENU, "initial_user": ID}),
    "conversations_select": _element(
        {}, {**CONVERSATIONS, "initial_conversation": ID, "response_url_enabled": boolean}
    ),
    "channels_select": _element(
        {}, {**MENU, "initial_channel": ID, "response_url_enabled": boolean}
    ),
    "multi_static_select": _element(
        {},
        {**STATIC, **SEVERAL, "initial_options": list_of(MENU_OPTION, most=100)},
        _options_or_groups,
        _initial_is_offered,
    ),
    "multi_external_select": _element(
        {},
        {
            **MENU,
            **SEVERAL,
            "initial_options": list_of(MENU_OPTION, most=100),
            "min_query_length": integer(0, 1000),
        },
    ),
    "multi_users_select": _element({}, {**MENU, **SEVERAL, "initial_users": IDS}),
    "multi_conversations_select": _element(
        {}, {**CONVERSATIONS, **SEVERAL, "initial_conversations": IDS}
    ),
    "multi_channels_select": _element({}, {**MENU, **SEVERAL, "initial_channels": IDS}),
}
CHOICES: Mapping[str, Check] = {
    "radio_buttons": _element(
        {"options": list_of(LIST_OPTION, most=10)},
        {"initial_option": LIST_OPTION, "confirm": CONFIRM, "focus_on_load": boolean},
        _initial_is_offered,
    ),
    "checkboxes": _element(
        {"options": list_of(LIST_OPTION, most=10)},
        {
            "initial_options": list_of(LIST_OPTION, most=10),
            "confirm": CONFIRM,
            "focus_on_load": boolean,
        },
        _initial_is_offered,
    ),
}
PICKERS: Mapping[str, Check] = {
    "datepicker": _element({}, {**MENU, "initial_date": _real_date}),
    "timepicker": _element(
        {},
        {
            **MENU,
            "initial_time": string(
                longest=5, pattern=r"([01]\d|2[0-3]):[0-5]\d", like="a time as HH:mm"
            ),
            "timezone": _known_zone,
        },
    ),
}
DATETIMEPICKER = _element(
    {},
    {
        "initial_date_time": integer(0, 9_999_999_999),
        "confirm": CONFIRM,
        "focus_on_load": boolean,
    },
)
OVERFLOW = _element(
    {"options": list_of(option(plain_text(75), url=True), most=5)}, {"confirm": CONFIRM}
)
TEXT_INPUTS: Mapping[str, Check] = {
    "plain_text_input": _element(
        {},
        {
            **TYPED,
            "initial_value": ANY_STRING,
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        _lengths_in_order,
    ),
    "number_input": _element(
        {"is_decimal_allowed": boolean},
        {**TYPED, "initial_value": DECIMAL, "min_value": DECIMAL, "max_value": DECIMAL},
        _numbers_in_order,
    ),
    "email_text_input": _element({}, {**TYPED, "initial_value": ANY_STRING}),
    "url_text_input": _element({}, {**TYPED, "initial_value": ANY_STRING}),
    "rich_text_input": _element(
        {},
        {
            **TYPED,
            "initial_value": shape({"type": one_of("rich_text"), "elements": RICH_CONTAINERS}),
        },
    ),
}

IN_ACTIONS: Mapping[str, Check] = {
    "button": BUTTON,
    "overflow": OVERFLOW,
    "datetimepicker": DATETIMEPICKER,
    **SELECTS,
    **CHOICES,
    **PICKERS,
}
IN_SECTION: Mapping[str, Check] = {
    "button": BUTTON,
    "overflow": OVERFLOW,
    "image": IMAGE_ELEMENT,
    **SELECTS,
    **CHOICES,
    **PICKERS,
}
IN_INPUT: Mapping[str, Check] = {
    **TEXT_INPUTS,
    **SELECTS,
    **CHOICES,
    **PICKERS,
    "datetimepicker": DATETIMEPICKER,
}
IN_CONTEXT_ACTIONS: Mapping[str, Check] = {
    "icon_button": _element(
        {"icon": one_of("trash"), "text": plain_text(75)},
        {
            "value": string(longest=2000),
            "confirm": CONFIRM,
            "accessibility_label": string(longest=75),
            "visible_to_user_ids": IDS,
        },
    ),
    "feedback_buttons": _element(
        {
            name: shape(
                {"text": plain_text(75), "value": string(longest=2000)},
                {"accessibility_label": string(longest=75)},
            )
            for name in ("positive_button", "negative_button")
        }
    ),
}
INTERACTIVE = frozenset({*IN_ACTIONS, *IN_INPUT, *IN_CONTEXT_ACTIONS})


def placed(allowed: Mapping[str, Check]) -> Check:
    """Make the check of an element in a block where only these may stand. Others are refused by their place."""
    others = (IN_ACTIONS, IN_SECTION, IN_INPUT, IN_CONTEXT_ACTIONS)
    elsewhere = {
        kind: "this element belongs into another block"
        for kinds in others
        for kind in kinds
        if kind not in allowed
    }
    return variant(allowed, elsewhere=elsewhere)
