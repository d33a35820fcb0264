"""Draws blocks and reads the HTML back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.rendering.blocks import Surface, blocks_to_html
from bot.sandbox.rendering.mrkdwn import Viewer

Json = dict[str, Any]
EVIL = '<script>alert("1")</script> <!channel> & | \' "'
VIEWER = Viewer(
    user_id="U0PRIYA",
    zone=ZoneInfo("Europe/London"),
    now=datetime(2026, 7, 6, 12, 0, tzinfo=UTC),
    users={"U0SAM": "Sam Ortiz"},
    channels={"C0GENERAL": "general"},
)
VOID = {"input", "br", "hr", "img", "line", "rect", "circle", "path", "polyline", "polygon", "use"}


class Reading(HTMLParser):
    """The elements of a page with their attributes, and the words one reads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(str(html))
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag != "script"
        self.elements.append((tag, {name: value or "" for name, value in attributes}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """The attributes of every such element that has the wanted ones."""
        keys = {name.replace("_", "-"): value for name, value in wanted.items()}
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and keys.items() <= attributes.items()
        ]

    def one(self, tag: str, **wanted: str) -> dict[str, str]:
        found = self.all(tag, **wanted)
        assert len(found) == 1, f"{len(found)} of {tag} {wanted}"
        return found[0]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str, **more: Any) -> Json:
    return {"type": "mrkdwn", "text": text, **more}


def option(value: str, text: str = "", **more: Any) -> Json:
    return {"text": plain(text or value.title()), "value": value, **more}


def element(kind: str, **more: Any) -> Json:
    return {"type": kind, "action_id": "choose", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


def field(control: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": "row",
        "label": plain("Company"),
        "element": control,
        **more,
    }


def draw(*blocks: Json, **surface: Any) -> Reading:
    return Reading(blocks_to_html(blocks, Surface(key="m1", viewer=VIEWER, **surface)))


ROW = json.dumps(["row", "choose"])
TWO = [option("one"), option("two")]
