"""The inputs that only setting up needs, and what somebody filled into them.

An input keeps what was typed when its modal is redrawn, as long as its block_id and action_id stay. So a form
that turns to another team or rep takes other action_ids: `about`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from bot.domain.shown.setup import Choice
from bot.slack.views.blocks import (
    MENU_OPTIONS,
    Block,
    Element,
    divider,
    fit,
    option,
    plain,
    section,
    shorten,
    static_select,
)
from bot.slack.views.mrkdwn import Mrkdwn, escape, fill, literal

PICK = "setup.pick."
"""Followed by the form that turns to another team or rep."""


OPEN_TEAM_TARGETS = "team_targets.open"
"""Opens the form of a whole team's targets; the button's value is the id of a team, or nothing."""


BACK = "substitute.back"
"""The button with which a coach ends that somebody stands in for them."""


def action_of(about: int | str | None) -> str:
    """The action_id of the inputs of a form about one team, rep or metric."""
    return f"setup.input.{about or 'new'}"


def users_select(*, action_id: str, initial: str | None = None) -> Element:
    """One person. Slack offers bots and guests too, so the choice is checked afterwards."""
    element: Element = {
        "type": "users_select",
        "action_id": action_id,
        "placeholder": plain("Choose a person"),
    }
    if initial:
        element["initial_user"] = initial
    return element


def multi_users_select(*, action_id: str, most: int) -> Element:
    """Several people, up to `most`."""
    return {
        "type": "multi_users_select",
        "action_id": action_id,
        "placeholder": plain("Choose people"),
        "max_selected_items": most,
    }


def conversations_select(*, action_id: str, initial: str | None = None) -> Element:
    """A channel of this workspace, public or private; no DMs."""
    element: Element = {
        "type": "conversations_select",
        "action_id": action_id,
        "placeholder": plain("Choose a channel"),
        "filter": {
            "include": ["public", "private"],
            "exclude_bot_users": True,
            "exclude_external_shared_channels": True,
        },
    }
    if initial:
        element["initial_conversation"] = initial
    return element


def timepicker(*, action_id: str, initial: time | None = None) -> Element:
    element: Element = {"type": "timepicker", "action_id": action_id}
    if initial is not None:
        element["initial_time"] = initial.strftime("%H:%M")
    return element


def checkbox(text: str, value: str, *, action_id: str) -> Element:
    """One box to tick."""
    return {"type": "checkboxes", "action_id": action_id, "options": [option(text, value)]}


def checkboxes(
    options: Sequence[Element], *, action_id: str, initial: Sequence[str] = ()
) -> Element:
    """Several boxes to tick, up to ten; `initial` are the values that are ticked at first."""
    element: Element = {
        "type": "checkboxes",
        "action_id": action_id,
        "options": fit(options, 10, what="options"),
    }
    ticked = [o for o in options if o["value"] in initial]
    if ticked:
        element["initial_options"] = ticked
    return element


def overflow(options: Sequence[Element], *, action_id: str) -> Element:
    """The ⋯ menu with up to five choices."""
    return {"type": "overflow", "action_id": action_id, "options": fit(options, 5, what="options")}


def team_block(teams: Sequence[Choice], team_id: int, form: str) -> list[Block]:
    """The choice among several teams, or the name of the only one."""
    if len(teams) > 1:
        return [picker(literal("Team"), options_of(teams), PICK + form, str(team_id)), divider()]
    return [section(fill("*{name}*", name=escape(team.name))) for team in teams]


def picker(label: Mrkdwn, options: list[Element], action_id: str, current: str | None) -> Block:
    """A choice among the options: in groups where a select does not hold so many."""
    select = long_select(options, action_id=action_id, initial=current)
    return section(fill("*{label}*", label=label), accessory=select)


def long_select(
    options: Sequence[Element], *, action_id: str, initial: str | None = None
) -> Element:
    """A select with any number of options up to ten thousand: in groups from a hundred on."""
    if len(options) > MENU_OPTIONS:
        return _grouped_select(options, action_id=action_id, initial=initial)
    return static_select(options, action_id=action_id, initial=initial, placeholder="Choose one")


def _grouped_select(options: Sequence[Element], *, action_id: str, initial: str | None) -> Element:
    """A select with up to a hundred groups of a hundred options, each called by its first and its last one."""
    groups = [options[at : at + MENU_OPTIONS] for at in range(0, len(options), MENU_OPTIONS)]
    element: Element = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain("Choose one"),
        "option_groups": [
            {"label": _first_to_last(group), "options": list(group)}
            for group in fit(groups, MENU_OPTIONS, what="groups")
        ],
    }
    chosen = next((o for o in options if o["value"] == initial), None)
    if chosen is not None:
        element["initial_option"] = chosen
    return element


def _first_to_last(group: Sequence[Element]) -> Element:
    first, last = (shorten(group[at]["text"]["text"], 30) for at in (0, -1))
    return plain(f"{first} – {last}", 75)


def options_of(choices: Sequence[Choice]) -> list[Element]:
    return [option(choice.name, str(choice.id)) for choice in choices]


class Filled:
    """What a submitted modal holds, by block_id. Anything of the wrong shape reads as empty."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        values = _inside(_inside(view, "state"), "values")
        self._elements: dict[str, Mapping[str, Any]] = {
            block_id: element
            for block_id in values
            for element in _inside(values, block_id).values()
            if isinstance(element, Mapping)
        }

    def text(self, block_id: str) -> str:
        return self._string(block_id, "value") or ""

    def user(self, block_id: str) -> str | None:
        return self._string(block_id, "selected_user")

    def users(self, block_id: str) -> list[str]:
        chosen = self._elements.get(block_id, {}).get("selected_users") or []
        return [user for user in chosen if isinstance(user, str)]

    def conversation(self, block_id: str) -> str | None:
        return self._string(block_id, "selected_conversation")

    def choice(self, block_id: str) -> str | None:
        value = _inside(self._elements.get(block_id, {}), "selected_option").get("value")
        return value if isinstance(value, str) else None

    def choices(self, block_id: str) -> list[str]:
        chosen = self._elements.get(block_id, {}).get("selected_options") or []
        values = [each.get("value") for each in chosen if isinstance(each, Mapping)]
        return [value for value in values if isinstance(value, str)]

    def ticked(self, block_id: str) -> bool:
        return bool(self._elements.get(block_id, {}).get("selected_options"))

    def at(self, block_id: str) -> time | None:
        text = self._string(block_id, "selected_time")
        try:
            return time.fromisoformat(text) if text else None
        except ValueError:
            return None

    def day(self, block_id: str) -> date | None:
        text = self._string(block_id, "selected_date")
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            return None

    def starting_with(self, prefix: str) -> dict[str, str]:
        """The typed texts of the inputs whose block_ids begin so, by what follows."""
        return {
            block_id.removeprefix(prefix): self.text(block_id)
            for block_id in self._elements
            if block_id.startswith(prefix)
        }

    def choices_starting_with(self, prefix: str) -> dict[str, str]:
        """The chosen values of the inputs whose block_ids begin so, by what follows."""
        found = {
            block_id.removeprefix(prefix): self.choice(block_id)
            for block_id in self._elements
            if block_id.startswith(prefix)
        }
        return {key: choice for key, choice in found.items() if choice is not None}

    def _string(self, block_id: str, field: str) -> str | None:
        value = self._elements.get(block_id, {}).get(field)
        return value if isinstance(value, str) and value else None


def _inside(outer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under this name; an empty one where there is none."""
    found = outer.get(name)
    return found if isinstance(found, Mapping) else {}
