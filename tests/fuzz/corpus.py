"""Every payload that the bot's own surfaces lead to, found by using all of them once."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from bot.domain.access import Caller
from bot.domain.setup import metrics as setup_metrics
from bot.domain.shown.setup import MetricForm
from bot.domain.tables import Team
from bot.sandbox.block_kit import inputs
from bot.sandbox.interactions import payloads
from bot.sandbox.people import Person
from bot.sandbox.records import BOT_USER_ID, TEAM_ID, Json, Message, View
from tests.scenarios.conftest import World

CANARY = "Zebracanary"
"""In everything that people type here: it must never be seen in a log."""

TYPED = {
    "currency": "USD",
    "zone": "Europe/London",
    "plan.goal": "600k",
    "plan.average_sale": "20,000",
    "goal.commission": "10",
    "goal.hours": "3",
}
COMMANDS = (
    ("/log-conversation", ""),
    ("/log-conversation", f"{CANARY} Ltd 2nd"),
    ("/log-conversation", f"{CANARY}s Ltd 1st"),
    ("/log-conversation", f"{CANARY} Ltd 1st"),
    ("/log-conversation", f"{CANARY} 2nd 3rd"),
    ("/log-conversation", "help"),
    ("/checkin", ""),
    ("/checkin", f"log {CANARY} 3"),
    ("/checkin", f"{CANARY} what"),
    ("/plan", ""),
    ("/plan", "<@U0PRIYA>"),
    ("/plan", f"{CANARY} what"),
    ("/coach", ""),
    ("/coach", "targets"),
    ("/coach", f"{CANARY} what"),
)
KEPT = frozenset({"setup.remove", "setup.archive"})
"""Forms that are not sent while looking around: what they are about would be gone."""


@dataclass(frozen=True)
class Template:
    """A payload as it was sent, and the modals that were open then."""

    name: str
    payload: Json
    modals: tuple[View, ...] = ()


@dataclass
class Explorer:
    """Uses everything in sight, and notes the payloads."""

    world: World
    found: dict[str, Template] = field(default_factory=dict)

    async def explore(self) -> list[Template]:
        await self._set_the_scene()
        for user_id in ("U0PRIYA", "U0DANA", "U0ALEX", "U0SAM"):
            person = Person(self.world.workspace, user_id)
            for command, text in COMMANDS:
                self.world.workspace.modals[user_id].clear()
                await person.command(command, text)
                await self._use_modals(person)
            await person.open_home()
            await self.world.quiet()
            home = self.world.workspace.homes.get(user_id)
            if home is not None:
                await self._use_view(person, home)
            for channel in (person.dm, "C0COACH"):
                if user_id in self.world.workspace.channels[channel].members:
                    for message in person.messages(channel):
                        await self._use_message(person, message)
        for delivery in self.world.workspace.deliveries:
            if delivery.type == "events_api":
                event = delivery.payload["event"]
                self._keep(f"event {event['type']} {event.get('tab', '')}", delivery.payload)
        self._other_events()
        return [self.found[name] for name in sorted(self.found)]

    async def _set_the_scene(self) -> None:
        """A Monday with Priya's check-in used, then misses with their alerts; numbers of the team's own."""
        world = self.world
        await world.database.write(_own_metrics, now=world.clock.now())
        await world.monday()
        await self._use_message(world.priya, world.check_in_message())
        await world.move(hours=5)
        await world.move(days=2)

    async def _use_modals(self, person: Person) -> None:
        for _ in range(20):
            stack = self.world.workspace.modals[person.id]
            if not stack:
                return
            top = stack[-1]
            if not await self._use_view(person, top):
                stack.clear()

    async def _use_view(self, person: Person, view: View) -> bool:
        """Press and send all that is new in a view; False when nothing was."""
        workspace, view = self.world.workspace, copy.deepcopy(view)
        stack = tuple(copy.deepcopy(workspace.modals[person.id]))
        used = False
        for action in _actions(view.body["blocks"]):
            name = f"{view.body['type']} {person.id} {_name(action)}"
            payload = payloads.view_action(workspace, person.user, view, action)
            if self._keep(name, payload, stack):
                used = True
                await person.forge(payload)
                await self.world.quiet()
                await self._use_modals_above(person, len(stack))
        if view.body["type"] == "modal" and view.body.get("submit"):
            callback_id = view.body["callback_id"]
            view.state = _filled(view)
            payload = payloads.view_submission(workspace, person.user, view)
            if self._keep(f"submit {person.id} {callback_id}", payload, stack):
                used = True
                if callback_id not in KEPT:
                    workspace.modals[person.id][:] = [*copy.deepcopy(stack[:-1]), view]
                    await person.submit()
                    await self.world.quiet()
        return used

    async def _use_modals_above(self, person: Person, height: int) -> None:
        stack = self.world.workspace.modals[person.id]
        if len(stack) > height:
            await self._use_view(person, stack[-1])
        del stack[height:]

    async def _use_message(self, person: Person, message: Message) -> None:
        workspace = self.world.workspace
        channel = workspace.channels[message.channel]
        for action in _actions(message.blocks):
            workspace.modals[person.id].clear()
            payload = payloads.message_action(workspace, person.user, channel, message, action, {})
            if self._keep(f"message {person.id} {_name(action)}", payload):
                await person.forge(payload)
                await self.world.quiet()
                await self._use_modals(person)

    def _other_events(self) -> None:
        for event in (
            {"type": "member_left_channel", "user": BOT_USER_ID, "channel": "C0COACH"},
            {"type": "member_joined_channel", "user": BOT_USER_ID, "channel": "C0COACH"},
            {"type": "channel_archive", "channel": "C0COACH", "user": "U0ALEX"},
            {"type": "group_archive", "channel": "C0COACH", "user": "U0ALEX"},
            {"type": "channel_unarchive", "channel": "C0COACH", "user": "U0ALEX"},
            {"type": "group_unarchive", "channel": "C0COACH", "user": "U0ALEX"},
            {"type": "channel_deleted", "channel": "C0COACH"},
            {"type": "channel_rename", "channel": {"id": "C0COACH", "name": "coaches"}},
            {"type": "group_rename", "channel": {"id": "C0COACH", "name": "coach-dana"}},
            {"type": "channel_id_changed", "old_channel_id": "C0COACH", "new_channel_id": "C0NEW"},
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER_ID]}},
            {"type": "app_uninstalled"},
            {"type": "app_home_opened", "user": "U0PRIYA", "channel": "DPRIYA", "tab": "home"},
            {"type": "message", "user": "U0PRIYA", "text": CANARY, "channel": "DPRIYA"},
            {"type": "nobody_knows_it"},
        ):
            payload = {
                "token": "t",
                "team_id": TEAM_ID,
                "api_app_id": "A0BASECOACH",
                "event": event,
                "type": "event_callback",
                "event_id": "Ev0",
                "event_time": 1,
                "authorizations": [{"team_id": TEAM_ID, "user_id": BOT_USER_ID, "is_bot": True}],
            }
            self._keep(f"event {event['type']} forged", payload)

    def _keep(self, name: str, payload: Json, modals: tuple[View, ...] = ()) -> bool:
        if name in self.found:
            return False
        self.found[name] = Template(name, copy.deepcopy(payload), copy.deepcopy(modals))
        return True


def commands(world: World) -> Iterator[Template]:
    """The slash commands, which are the same whatever was logged."""
    for user_id in ("U0PRIYA", "U0SAM", "U0DANA", "U0ALEX", "U0GUEST", "U0MORGAN"):
        person = Person(world.workspace, user_id)
        channel = world.workspace.dm_of(user_id)
        for command, text in COMMANDS:
            payload = payloads.slash_command(world.workspace, person.user, channel, command, text)
            yield Template(f"command {user_id} {command} {text}", payload)


def _name(action: Json) -> str:
    chosen = (action.get("selected_option") or {}).get("value", "")
    return f"{action['action_id']} {str(chosen).split(':')[0]}"


def _actions(blocks: list[Json]) -> list[Json]:
    """One press of each button, and one choice of each option, that stands there."""
    found: deque[Json] = deque()
    for block, element in inputs.elements(blocks):
        kind = element["type"]
        if kind == "overflow":
            found += [
                inputs.button_action(block, element, option["value"])
                for option in element["options"]
            ]
        elif kind == "button":
            found.append(inputs.button_action(block, element, None))
        elif block["type"] != "input" or block.get("dispatch_action"):
            options = inputs.choices(element)
            value = options[-1]["value"] if options else "U0PRIYA"
            state = inputs.state_of(element, value)
            found.append(inputs.input_action(block, element, state))
    return list(found)


def _filled(view: View) -> dict[str, dict[str, Json]]:
    """What the form shows, with something in every field that is empty."""
    state = copy.deepcopy(view.state)
    for block, element in inputs.elements(view.body["blocks"]):
        if element["type"] not in inputs.FIELD or block["type"] != "input":
            continue
        entry = state.setdefault(block["block_id"], {}).setdefault(element["action_id"], {})
        field_name = inputs.FIELD[element["type"]]
        if entry.get(field_name):
            continue
        options = inputs.choices(element)
        value: Any = TYPED.get(block["block_id"], f"{CANARY} 12")
        if "amount" in block["block_id"] or "number" in block["block_id"]:
            value = "12"
        if block["block_id"].startswith("answer."):
            value = "12"
        if options:
            value = options[0]["value"]
        elif element["type"] in ("users_select", "multi_users_select"):
            value = "U0DANA"
        elif element["type"] == "conversations_select":
            value = "C0COACH"
        elif element["type"] == "datepicker":
            value = "2026-11-23"
        elif element["type"] == "timepicker":
            value = "09:00"
        several = field_name.endswith("s")
        state[block["block_id"]][element["action_id"]] = inputs.state_of(
            element, [value] if several else value
        )
    return state


def _own_metrics(session: Session, *, now: datetime) -> None:
    team = session.exec(select(Team)).one()
    caller = Caller(team.workspace_id, "U0DANA")
    for name, source in ((CANARY, "hand"), ("Mood", "asked")):
        setup_metrics.add_metric(
            session,
            caller=caller,
            team_id=team.id,
            form=MetricForm(name=name, unit="count", question=f"How many {name}?", source=source),
            now=now,
        )
