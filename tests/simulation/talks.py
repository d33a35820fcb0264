"""The coaching loop at the keyboard: coaches pick acts and agree on steps, reps say why and what became of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from bot.sandbox.people import Person
from bot.sandbox.records import Interaction, Message
from bot.slack.views.alerts import DONE, TAKE
from bot.slack.views.coaching.acts import (
    ACT_FIELD,
    CHOOSE,
    DONE_MODAL,
    DUE_FIELD,
    NOTE_FIELD,
    STEP_FIELD,
)
from bot.slack.views.coaching.agreements import ANSWER
from bot.slack.views.coaching.words import CAUSE

if TYPE_CHECKING:
    from tests.simulation.world import World

DAY = 86_400.0

UntilAcked = Callable[..., Coroutine[Any, Any, Interaction | None]]


class Talks:
    """What people do about missed weeks; `until_acked` is how they press again after an error."""

    def __init__(self, world: World, until_acked: UntilAcked) -> None:
        self._world = world
        self._until_acked = until_acked

    async def has_alert(self, message: Message, random: Random) -> None:
        """A coach looks at an alert, or at the line about one that nobody took."""
        self._world.sometimes("an alert arrives")
        who = random.choice(("U0DANA", "U0DANA", "U0MORGAN"))
        channel = self._world.workspace.channels[message.channel]
        if self._world.mix.hand_changes:
            who = random.choice(self._world.hands.coaches() or [who])
        if who not in channel.members:
            who = channel.user or "U0DANA"
        await asyncio.sleep(random.choice((random.uniform(60, 3 * DAY), 6 * DAY)))
        if random.random() < 0.4:
            await self._until_acked(who, random, lambda _: self._picks(who, message, random), "")
        elif random.random() < 0.6:
            await self._until_acked(who, random, lambda _: self._on(who, message, TAKE), "")
            self._world.sometimes("an alert is taken")
        await asyncio.sleep(random.uniform(10, DAY))
        if random.random() < 0.6:
            await self._until_acked(who, random, lambda _: self._on(who, message, DONE), "")
            await self.says_what_was_done(who, random)

    async def after_answers(self, who: str, message: Message, random: Random) -> None:
        """A rep says what was in the way, and what became of the last talk."""
        if random.random() < 0.5:
            cause = random.choice(("no_time", "empty_pipeline", "did_not_work", "not_my_week"))

            async def choose(value: str) -> Interaction | None:
                standing = self._standing(message, CAUSE)
                if standing is None:
                    return None
                self._world.sometimes("a cause is given")
                return await self._person(who).select(standing, action_id=CAUSE, value=value)

            await self._until_acked(who, random, choose, cause)
        for about in ("kept", "talked", "helped"):
            if random.random() < 0.2:
                continue
            await asyncio.sleep(random.uniform(2, 30))
            action = f"{ANSWER}{about}.{random.choice(('yes', 'no'))}"

            async def press(_: str, action: str = action) -> Interaction | None:
                standing = self._standing(message, action)
                if standing is None:
                    return None
                self._world.sometimes("the rep says what became of it")
                return await self._person(who).press(standing, action_id=action)

            await self._until_acked(who, random, press, "")

    async def _picks(self, who: str, message: Message, random: Random) -> Interaction | None:
        """Pick another act than the suggested one."""
        standing = self._standing(message, CHOOSE)
        if standing is None:
            return None
        (menu,) = (one for one in _elements(standing) if one["action_id"] == CHOOSE)
        value = random.choice(menu["options"])["value"]
        alert, _, act = value.partition(":")
        self._world.picked[self._stay(int(alert))].add(act)
        self._world.sometimes("another act is picked")
        outcome = await self._person(who).select(standing, action_id=CHOOSE, value=value)
        self._confirm(int(alert), act, outcome)
        return outcome

    def _confirm(self, alert: int, act: str, outcome: Interaction) -> None:
        """Remember that Slack heard of the choice, unless the bot said that another coach has the alert."""
        found = self._world.promises.one("SELECT act FROM alert WHERE id = ?", alert)
        if outcome.acked and found == act:
            self._world.picked[self._stay(alert)] = {act}
            self._world.confirmed.add(self._stay(alert))

    def _stay(self, alert: int) -> tuple[int, str | None]:
        """The alert while it is with the same coaches."""
        since = self._world.promises.one("SELECT waits_since FROM alert WHERE id = ?", alert)
        return alert, since

    async def says_what_was_done(self, who: str, random: Random) -> None:
        person = self._person(who)
        modal = person.modal
        if modal is None or modal["callback_id"] != DONE_MODAL:
            return
        await asyncio.sleep(random.uniform(2, 60))
        alert = int(json.loads(modal["private_metadata"])["alert"])
        (menu,) = (b["element"] for b in modal["blocks"] if b["block_id"] == ACT_FIELD)
        act = menu.get("initial_option", {}).get("value", "coach")
        self._world.picked[self._stay(alert)].add(act)
        typed = {NOTE_FIELD: "Talked it over.", ACT_FIELD: act}
        if random.random() < 0.7:
            due = self._world.clock.now().date() + timedelta(days=random.randint(1, 12))
            typed |= {STEP_FIELD: "Three plans", DUE_FIELD: due.isoformat()}

        async def submit(_: str) -> Interaction | None:
            top = person.modal
            if top is None or top["callback_id"] != DONE_MODAL:
                return None
            outcome = await person.submit(typed)
            self._confirm(alert, act, outcome)
            return outcome

        await self._until_acked(who, random, submit, "")
        self._world.sometimes("an alert is done")
        if person.modal is not None:
            await person.close_all()

    async def _on(self, who: str, message: Message, action_id: str) -> Interaction | None:
        standing = self._standing(message, action_id)
        if standing is None:
            return None
        return await self._person(who).press(standing, action_id=action_id)

    def _standing(self, message: Message, action_id: str) -> Message | None:
        """The message as it stands, if it has such a button now."""
        standing = self._world.workspace.message(message.channel, message.ts)
        if standing is None:
            return None
        has_it = any(one["action_id"] == action_id for one in _elements(standing))
        return standing if has_it else None

    def _person(self, who: str) -> Person:
        return Person(self._world.workspace, who)


def _elements(message: Message) -> Iterator[dict[str, Any]]:
    """The buttons and menus of a message."""
    for block in message.blocks:
        for element in (*block.get("elements", ()), block.get("accessory", {})):
            if isinstance(element, dict) and "action_id" in element:
                yield element
