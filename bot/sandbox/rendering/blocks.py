"""Block Kit as HTML for one viewer: the blocks of a message, a Home or a modal.

Every control carries the ids that Slack would send (`data-block-id`, `data-action-id`) and a form
name that says where it stands, so that the page needs no table of its controls.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from bot.sandbox.block_kit.inputs import FIELD, INITIAL
from bot.sandbox.rendering.charts import chart_to_html
from bot.sandbox.rendering.mrkdwn import Viewer, mrkdwn_to_html, plain_to_html
from bot.sandbox.rendering.rich_text import rich_text_to_html

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Option:
    """An option can be chosen. Menus show it as words; radio buttons and checkboxes show it as HTML."""

    value: str
    label: str
    description: str = ""
    html: Markup | None = None
    description_html: Markup | None = None


@dataclass(frozen=True)
class Group:
    """A menu shows these options under one label. The label is empty if there are no groups."""

    label: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Surface:
    """Blocks stand on a surface. `key` keeps the ids of its controls apart from those of other surfaces.

    `state` is what its person has filled in so far, as `view.state.values`. `errors` are sentences by
    block_id, and `troubles` is what Slack says of a press in that block. `users`, `conversations` and
    `channels` fill the menus that offer those.
    """

    key: str
    viewer: Viewer
    state: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    troubles: Mapping[str, str] = field(default_factory=dict)
    users: Sequence[Option] = ()
    conversations: Sequence[Option] = ()
    channels: Sequence[Option] = ()

    # Names of controls

    def id(self, *parts: str | None) -> str:
        """Return the id of an element on the page. It stays the same as long as the control does."""
        return "/".join([self.key, *("-".join((part or "").split()) for part in parts)])

    def field(self, block_id: str, action_id: str) -> str:
        """Return the form name of an input. `read_values` of the page reads it back."""
        return json.dumps([block_id, action_id])

    def press(self, block_id: str, action_id: str, value: str | None = None) -> str:
        """Return what a form sends as `press` for this button or this choice in a menu."""
        return json.dumps([block_id, action_id, value])

    # Words

    def text(self, text: Json | None) -> Markup:
        """Return a text object as HTML, by its type."""
        if not text:
            return Markup("")
        words = str(text.get("text", ""))
        if text.get("type") == "mrkdwn":
            return mrkdwn_to_html(words, self.viewer, verbatim=bool(text.get("verbatim")))
        return plain_to_html(words, emoji=text.get("emoji", True) is not False)

    def plain(self, text: Json | None) -> str:
        """Return a text object's words, for places that hold no HTML."""
        return str(text.get("text", "")) if text else ""

    def spoken(self, control: Json) -> str:
        """Return a name for a control that has no label of its own."""
        return self.plain(control.get("placeholder")) or str(control["action_id"]).replace("_", " ")

    def rich_text(self, block: Json) -> Markup:
        """Return a `rich_text` block as HTML."""
        return rich_text_to_html(block, self.viewer)

    def chart(self, block: Json) -> Markup:
        """Return a `data_visualization` block as HTML."""
        return chart_to_html(block)

    def cell(self, cell: Json) -> Markup:
        """Return a cell of a table as HTML."""
        if cell.get("type") == "rich_text":
            return self.rich_text(cell)
        return escape(cell.get("text") if cell.get("text") is not None else cell.get("value", ""))

    def align(self, block: Json, column: int, cell: Json) -> str:
        """Return how a column is aligned: as its settings say, or else numbers to the right."""
        settings = block.get("column_settings") or []
        chosen = (settings[column] or {}).get("align") if column < len(settings) else None
        return chosen or ("right" if cell.get("type") == "raw_number" else "left")

    def address(self, url: str | None) -> str:
        """Return the address of a link, or `#` if it does not lead to the web."""
        return url if url and url.lower().startswith(("http://", "https://", "/")) else "#"

    # What can be chosen, and what is

    def dispatches(self, block: Json) -> bool:
        """Tell whether the bot hears of a change at once."""
        return block.get("type") != "input" or bool(block.get("dispatch_action"))

    def typing(self, control: Json) -> str:
        """Return what sends typed text: "enter", or "input" where the bot asked for each character."""
        config = control.get("dispatch_action_config") or {}
        each = "on_character_entered" in (config.get("trigger_actions_on") or ())
        return "input" if each else "enter"

    def groups(self, control: Json) -> Sequence[Group]:
        """Return the options of a menu in their groups. Without groups there is one, which has no label."""
        kind = str(control["type"]).removeprefix("multi_")
        if kind == "users_select":
            return [Group("", self.users)]
        if kind == "conversations_select":
            return [Group("", self.conversations)]
        if kind == "channels_select":
            return [Group("", self.channels)]
        groups = control.get("option_groups") or [{"options": control.get("options") or ()}]
        return [
            Group(
                label=self.plain(group.get("label")),
                options=[self._option(option) for option in group["options"]],
            )
            for group in groups
        ]

    def _option(self, option: Json) -> Option:
        description = option.get("description")
        return Option(
            value=str(option.get("value", "")),
            label=self.plain(option.get("text")),
            description=self.plain(description),
            html=self.text(option.get("text")),
            description_html=self.text(description),
        )

    def chosen(self, block: Json, control: Json) -> list[str]:
        """Return what a control shows: what was filled in, or else what it begins with."""
        field = FIELD.get(str(control["type"]))
        if field is None:
            return []
        state = self.state.get(str(block.get("block_id")), {}).get(str(control.get("action_id")))
        found = control.get(INITIAL[field]) if state is None else state.get(field)
        if found is None:
            return []
        values = [
            str(each["value"] if isinstance(each, Mapping) else each)
            for each in (found if isinstance(found, list) else [found])
        ]
        if control["type"] == "datetimepicker":
            return [self._local(value) for value in values]
        return values

    def _local(self, seconds: str) -> str:
        moment = datetime.fromtimestamp(int(seconds), UTC).astimezone(self.viewer.zone)
        return f"{moment:%Y-%m-%dT%H:%M}"


def blocks_to_html(blocks: Sequence[Json], surface: Surface) -> Markup:
    """Return the HTML of all blocks of a message, a Home or a modal, in order."""
    macros: Any = _templates().get_template("blocks.html").module
    return Markup("").join(macros.block(block, surface) for block in blocks)


@cache
def _templates() -> Environment:
    """Load the template of the blocks. It escapes everything that is put into it."""
    return Environment(
        loader=PackageLoader("bot.sandbox.rendering"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
