"""A browser without a screen: it reads the page's HTML and sends its forms."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace

Json = dict[str, Any]
DM, HOME, COACH = "/p/U0PRIYA/dm", "/p/U0PRIYA/home", "/p/U0DANA/c/C0COACH"


class Reading(HTMLParser):
    """A page's elements with their attributes and, for each, the words inside."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        words: list[str] = []
        self.elements.append((tag, {name: value or "" for name, value in attributes}, words))
        if tag not in ("input", "br", "hr", "img", "meta", "link"):
            self._open.append((tag, words))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _, words in self._open:
            words.append(data)

    def find(self, **wanted: str) -> list[tuple[dict[str, str], str]]:
        """Attributes and words of every element with the wanted attributes (`_` for `-`)."""
        keys = {name.replace("_", "-"): value for name, value in wanted.items()}
        return [
            (attributes, " ".join(" ".join(words).split()))
            for _, attributes, words in self.elements
            if keys.items() <= attributes.items()
        ]

    def words(self, **wanted: str) -> str:
        found = self.find(**wanted)
        assert len(found) == 1, f"{len(found)} with {wanted}"
        return found[0][1]

    @property
    def messages(self) -> list[str]:
        return [words for attributes, words in self.find() if "data-ts" in attributes]

    @property
    def notice(self) -> str:
        return self.words(data_testid="notice")


class Browser:
    """Reads pages and sends forms as a browser without JavaScript does."""

    def __init__(self, session: aiohttp.ClientSession, server: SandboxServer) -> None:
        self.session = session
        self.url = server.url

    async def read(self, path: str, **headers: str) -> Reading:
        async with self.session.get(self.url + path, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return Reading(await answer.text())

    async def send(self, path: str, **fields: Any) -> Reading:
        """Send a form and read the page it leads back to."""
        status, text = await self.post(path, fields)
        assert status == 200, text
        return Reading(text)

    async def post(
        self, path: str, fields: Json, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        pairs = [
            (name, value)
            for name, values in fields.items()
            for value in (values if isinstance(values, list) else [values])
        ]
        sent = {"Origin": self.url} if headers is None else headers
        async with self.session.post(self.url + path, data=pairs, headers=sent) as answer:
            return answer.status, await answer.text()


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(action_id: str, value: str) -> Json:
    return {"type": "button", "action_id": action_id, "value": value, "text": plain(value)}


def menu(action_id: str) -> Json:
    options = [{"text": plain(each), "value": each} for each in ("1h", "3h")]
    return {"type": "static_select", "action_id": action_id, "options": options}


def row(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


def text_input(block_id: str, **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "typed", **more}
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "log",
        "title": plain("Log it"),
        "submit": plain("Save"),
        "blocks": list(blocks),
        **more,
    }


async def open_modal(client: AsyncWebClient, workspace: Workspace, view: Json) -> str:
    """A modal on Priya's screen; its id as forms name it."""
    trigger = workspace.triggers.issue("U0PRIYA")
    answer = await client.views_open(trigger_id=trigger, view=view)
    return f"view:{answer['view']['id']}"


def field(block_id: str, action_id: str = "typed") -> str:
    return json.dumps([block_id, action_id])


def pressed(block_id: str, action_id: str, value: str | None = None) -> str:
    return json.dumps([block_id, action_id, value])
