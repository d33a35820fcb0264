"""The sandbox's page as a browser without JavaScript uses it: read words, press buttons, type lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser

import aiohttp

from tests.patience import PATIENCE

READ_AGAIN = {"X-Sandbox-Script": "1"}
"""Reading a page anew is no visit: the bot hears nothing of it."""


@dataclass
class Button:
    """A submit button, with the hidden fields of its form."""

    name: str
    value: str
    fields: list[tuple[str, str]]
    words: list[str] = field(default_factory=list)


class Reading(HTMLParser):
    """The words, the buttons by what a screen reader says, and the sandbox's time."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._all: list[str] = []
        self._fields: list[tuple[str, str]] = []
        self._buttons: list[tuple[str, Button]] = []
        self._button: Button | None = None
        self.moment: datetime | None = None
        self.feed(html)
        self.close()

    @property
    def words(self) -> str:
        return " ".join(" ".join(self._all).split())

    def button(self, label: str) -> Button:
        """The last one with this label: the newest message's."""
        for said, button in reversed(self._buttons):
            if label == (said or " ".join(" ".join(button.words).split())):
                return button
        raise LookupError(f"no button {label!r} in: {self.words}")

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._fields = []
        elif tag == "input" and given.get("type") == "hidden":
            self._fields.append((given["name"], given["value"]))
        elif tag == "button" and "name" in given:
            self._button = Button(given["name"], given["value"], self._fields)
            self._buttons.append((given.get("aria-label", ""), self._button))
        elif tag == "time" and given.get("data-testid") == "clock-utc":
            self.moment = datetime.fromisoformat(given["datetime"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        self._all.append(data)
        if self._button is not None:
            self._button.words.append(data)


class Page:
    """One person's page of one place."""

    def __init__(self, session: aiohttp.ClientSession, url: str, path: str) -> None:
        self._session = session
        self._url = url
        self._path = path

    async def read(self, **headers: str) -> Reading:
        async with self._session.get(self._url + self._path, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return Reading(await answer.text())

    async def sees(self, *words: str) -> Reading:
        """Read the page, and again at each change of the workspace, until all of this stands there."""
        found = await self.read()
        async with (
            asyncio.timeout(PATIENCE),
            self._session.get(f"{self._url}/changes") as changes,
        ):
            async for line in changes.content:
                if line.startswith(b"data"):
                    found = await self.read(**READ_AGAIN)
                    if all(each in found.words for each in words):
                        return found
        raise AssertionError(f"{words} never stood in: {found.words}")

    async def press(self, label: str) -> None:
        button = (await self.read(**READ_AGAIN)).button(label)
        await self._send([*button.fields, (button.name, button.value)])

    async def type(self, line: str) -> None:
        await self._send([("do", "say"), ("text", line)])

    async def _send(self, fields: list[tuple[str, str]]) -> None:
        url = self._url + self._path
        async with self._session.post(url, data=fields, headers={"Origin": self._url}) as answer:
            assert answer.status == 200, await answer.text()


@asynccontextmanager
async def visiting(url: str, *paths: str) -> AsyncIterator[list[Page]]:
    """Pages of the sandbox at `url`, such as `U0PRIYA/dm`."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session:
        yield [Page(session, url, f"/p/{path}") for path in paths]
