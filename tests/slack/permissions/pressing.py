"""Presses on the real Bolt app in this process, and what they led to; nothing is sent in between.

The Web API is the sandbox's, over HTTP. The outbox fills and nobody empties it, so that nothing happens behind a
case's back, and the rows that it began with can be put back.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import app as composition
from bot.sandbox.block_kit import inputs
from bot.sandbox.content.views import checked_view
from bot.sandbox.interactions import payloads
from bot.sandbox.records import BOT_USER_ID, Json, Message, View
from bot.slack.application import build
from bot.slack.profiles import Profiles
from bot.slack.receiving.middleware import Installation
from bot.slack.responding.background import BackgroundTasks
from bot.slack.responding.redrawing import Redrawing
from bot.slack.responding.response_urls import ResponseUrls
from bot.slack.services import Services
from bot.slack.uploads import Uploads
from tests.scenarios.conftest import World

Rows = dict[str, set[tuple[Any, ...]]]


@dataclass(frozen=True)
class Thing:
    """A button, a menu's item or an input, with the surface on which it stands."""

    action: Json
    surface: Json
    """The message as Slack shows it, or the body of the view."""
    channel: str | None = None
    ts: str | None = None

    @property
    def key(self) -> str:
        """The action_id, and the word before the colon of what was chosen."""
        option = (self.action.get("selected_option") or {}).get("value", "")
        word = option.partition(":")[0] if ":" in option else ""
        return self.action["action_id"] + (f"={word}" if word else "")


@dataclass
class Seen:
    """What a press led to."""

    changed: dict[str, set[tuple[Any, ...]]] = field(default_factory=dict)
    views: list[Json] = field(default_factory=list)
    answer: Json = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Everything that the person could read of it."""
        return json.dumps([self.views, self.answer, self.said], ensure_ascii=False)


class Desk:
    """Presses things as anybody, and puts back what they changed."""

    def __init__(self, world: World, app: AsyncApp, services: Services) -> None:
        self.world, self.app, self.services = world, app, services
        self.workspace = world.workspace
        path = str(world.database.url.database)
        self._live = sqlite3.connect(path, timeout=5)
        self._kept = sqlite3.connect(":memory:")
        self._rows: Rows = {}
        self._version = 0
        self.reached: set[int] = set()
        self.notes_listeners = False
        self._prepared = False
        self._rows_now: Rows = {}

    def keep(self) -> None:
        """Have the rows as they are now put back after each press."""
        self._live.backup(self._kept)
        self._rows = self._read()
        self._version = self._data_version()

    def put_back(self) -> None:
        self._kept.backup(self._live)
        self._prepared = False
        self._version = self._data_version()

    def write(self, statement: str) -> None:
        """Change rows until they are put back, which is after the next press."""
        with self._live:
            self._live.execute(statement)
        self._prepared = True
        self._rows_now = self._read()
        self._version = self._data_version()

    def close(self) -> None:
        self._live.close()
        self._kept.close()

    def one(self, query: str) -> Any:
        """The first column of the first row."""
        return self._live.execute(query).fetchone()[0]

    async def command(
        self, who: str, command: str, text: str, *, keeps: bool = False, **changes: Any
    ) -> Seen:
        person, where = self.workspace.users[who], self.workspace.dm_of(who)
        payload = payloads.slash_command(self.workspace, person, where, command, text)
        return await self._send(who, {**payload, **changes}, keeps=keeps)

    async def press(self, who: str, thing: Thing, *, keeps: bool = False, **changes: Any) -> Seen:
        person = self.workspace.users[who]
        if thing.channel is not None:
            where = self.workspace.channels[thing.channel]
            message = self.workspace.message(thing.channel, thing.ts or "") or Message(
                thing.channel, thing.ts or "1.0", BOT_USER_ID
            )
            payload = payloads.message_action(
                self.workspace, person, where, message, thing.action, {}
            )
        else:
            view = self._open(who, thing.surface)
            payload = payloads.view_action(self.workspace, person, view, thing.action)
        return await self._send(who, {**payload, **changes}, keeps=keeps)

    async def submit(
        self, who: str, body: Json, values: Json, *, keeps: bool = False, **changes: Any
    ) -> Seen:
        """Send a form; `keeps` leaves the rows as they are then."""
        view = self._open(who, body)
        inputs.fill(body["blocks"], view.state, values)
        payload = payloads.view_submission(self.workspace, self.workspace.users[who], view)
        return await self._send(who, {**payload, **changes}, keeps=keeps)

    async def event(self, event: Json) -> Seen:
        payload = {
            "type": "event_callback",
            "team_id": "T0HARBOR",
            "api_app_id": "A0BASECOACH",
            "event": event,
            "event_id": "Ev0TABLE",
            "event_time": 1,
        }
        return await self._send(str(event["user"]), payload)

    def _open(self, who: str, body: Json) -> View:
        view = self.workspace.new_view(who, body)
        view.state = inputs.initial_state(body["blocks"])
        if body["type"] == "modal":
            self.workspace.modals[who] = [view]
        return view

    async def _send(self, who: str, payload: Json, *, keeps: bool = False) -> Seen:
        open_before = {view.id: view.hash for view in self.workspace.modals[who]}
        last = self.workspace.next_ts()
        await self._note_listener(payload)
        response = await self.app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
        await self.services.background.finish()
        body = response.body if response is not None else ""
        answer = json.loads(body) if isinstance(body, str) and body else (body or {})
        seen = Seen(answer=answer if isinstance(answer, dict) else {"text": answer})
        if "view" in seen.answer:
            seen.answer["view"] = checked_view(self.workspace, seen.answer["view"])
        for view in self.workspace.modals[who]:
            if open_before.get(view.id) != view.hash:
                seen.views.append(view.body)
        self.workspace.modals[who] = []
        seen.said = [
            json.dumps([m.text, m.blocks], ensure_ascii=False)
            for channel in list(self.workspace.channels)
            for m in self.workspace.messages(channel, viewer=who)
            if m.ts > last
        ]
        if self._data_version() != self._version:
            now, before = self._read(), self._rows_now if self._prepared else self._rows
            seen.changed = {
                name: changed for name in now if (changed := now[name] ^ before.get(name, set()))
            }
        if keeps:
            self.keep()
        elif seen.changed or self._prepared or self._data_version() != self._version:
            self.put_back()
        return seen

    async def note_event(self, name: str) -> None:
        """Note which listener hears an event of this name; it is not sent."""
        await self._note_listener({"type": "event_callback", "event": {"type": name}})

    async def _note_listener(self, payload: Json) -> None:
        """Note which of Bolt's listeners hears the payload: the first that matches."""
        if not self.notes_listeners:
            return
        request = AsyncBoltRequest(body=payload, mode="socket_mode")
        for number, listener in enumerate(self.app._async_listeners):
            if await listener.async_matches(req=request, resp=BoltResponse(status=200)):
                self.reached.add(number)
                return

    def _data_version(self) -> int:
        return int(self._live.execute("PRAGMA data_version").fetchone()[0])

    def _read(self) -> Rows:
        names = self._live.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        found = {}
        for (name,) in names:
            cursor = self._live.execute(f"SELECT * FROM {name}")  # noqa: S608 - a name of ours
            columns = [column[0] for column in cursor.description]
            found[name] = {tuple(zip(columns, row, strict=True)) for row in cursor}
        return found


def things(
    blocks: list[Json], surface: Json, channel: str | None, ts: str | None
) -> Iterator[Thing]:
    """Everything that can be pressed on a surface; of a menu or select, each of its choices."""
    for block, element in inputs.elements(blocks):
        if element["type"] in inputs.FIELD:
            if block["type"] == "input" and not block.get("dispatch_action"):
                continue
            for choice in inputs.choices(element):
                state = inputs.state_of(element, choice["value"])
                yield Thing(inputs.input_action(block, element, state), surface, channel, ts)
            if element["type"] == "users_select":
                state = inputs.state_of(element, "U0PRIYA")
                yield Thing(inputs.input_action(block, element, state), surface, channel, ts)
        elif element["type"] == "overflow":
            for choice in inputs.choices(element):
                action = inputs.button_action(block, element, choice["value"])
                yield Thing(action, surface, channel, ts)
        else:
            yield Thing(inputs.button_action(block, element, None), surface, channel, ts)


@asynccontextmanager
async def at_desk(world: World) -> AsyncIterator[Desk]:
    """The Bolt app beside the world's database, after its bot has stopped."""
    assert world.bot is not None
    installation: Installation = world.bot.installation
    await world.stop_bot()
    url = world.server.api_url
    async with composition.slack_session() as session:
        client = composition.slack_client(session, url, world.workspace.bot_token)
        background = BackgroundTasks()
        responses = ResponseUrls(session, url, background)
        services = Services(
            database=world.database,
            clock=world.clock,
            profiles=Profiles(world.database, client, world.clock),
            responses=responses,
            background=background,
            redrawing=Redrawing(world.database, world.clock, responses, background),
            uploads=Uploads(
                session=session, api_url=url, database=world.database, clock=world.clock
            ),
        )
        app = build(
            client=composition.slack_client(session, url, None),
            installation=installation,
            services=services,
        )
        desk = Desk(world, app, services)
        try:
            yield desk
        finally:
            desk.close()
