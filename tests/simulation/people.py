"""The people: each does what somebody like them would do with what stands on their screen.

Some never answer, some answer in part, late, twice, change their mind, press old buttons or other people's. Who
is shown an error presses again; who is shown none has done their part.
"""

from __future__ import annotations

import asyncio
import json
from random import Random
from typing import TYPE_CHECKING, Any

from bot.sandbox.people import Person
from bot.sandbox.records import Interaction, Message
from bot.slack.views.alerts import TAKE
from bot.slack.views.checkins.forms import FIELD, FORM_MODAL, NUMBER_MODAL
from bot.slack.views.checkins.messages import ANSWER_NO, ANSWER_YES, CHANGE, OPEN_FORM, SNOOZE
from bot.slack.views.conversations.messages import UNDO
from tests.simulation.talks import Talks

if TYPE_CHECKING:
    from tests.simulation.world import World

HOUR = 3600.0
DAY = 24 * HOUR

HABITS = {
    "never": 14,
    "all": 34,
    "part": 8,
    "late": 12,
    "very late": 3,
    "twice": 7,
    "changes": 8,
    "form": 6,
    "snoozes": 6,
    "at the deadline": 2,
}
COMPANIES = ("Acme", "Brightwater", "Corvus", "Delmar Foods", "Eastgate")
TRIES = 5


class People:
    """Everybody at their keyboards."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._random = Random(f"people {world.mix.seed}")
        self._busy: dict[str, asyncio.Lock] = {}
        self._talks = Talks(world, self._until_acked)

    # What they notice.

    def sees(self, message: Message) -> None:
        """A message of the bot's has just appeared."""
        ids = action_ids(message)
        random = Random(self._random.random())
        if ANSWER_YES in ids:
            self._world.start(self._has_check_in(message, random))
        elif OPEN_FORM in ids:
            self._world.start(self._has_reminder(message, random))
        elif TAKE in ids:
            self._world.start(self._talks.has_alert(message, random))

    async def log_conversations(self, who: str) -> None:
        """A rep's conversations over the year, as they log them."""
        world, random = self._world, Random(f"log {self._world.mix.seed} {who}")
        while world.mix.logging_rate:
            await asyncio.sleep(random.expovariate(world.mix.logging_rate / (7 * DAY)))
            if not world.whereabouts.is_rep(who) and random.random() < 0.9:
                continue
            company, base = (
                random.choice(COMPANIES),
                random.choice(("1st", "2nd", "3rd", "home", "")),
            )
            amount = " 1200" if base == "home" else ""
            outcome = await self._until_acked(
                who,
                random,
                lambda text: self._person(who).command("/log-conversation", text),
                f"{company} {base}{amount}".strip(),
            )
            world.sometimes("a conversation is logged")
            if self._person(who).modal is not None:
                await self._person(who).close_all()
            if outcome is not None and random.random() < 0.2:
                await asyncio.sleep(random.uniform(5, 900))
                await self._undo(who)

    async def open_homes(self, who: str) -> None:
        """Looks at the Home now and then."""
        random = Random(f"home {self._world.mix.seed} {who}")
        while self._world.mix.homes:
            await asyncio.sleep(random.expovariate(1 / (60 * DAY)))
            if self._world.whereabouts.is_there(who):
                await self._person(who).open_home()

    # What they do.

    async def _has_check_in(self, message: Message, random: Random) -> None:
        who = self._world.workspace.channels[message.channel].user or ""
        if who not in self._world.mix.people:
            return
        habit = random.choices(list(HABITS), weights=list(HABITS.values()))[0]
        self._world.sometimes(f"habit: {habit}")
        answers = answer_ids(message)
        wait = random.choice((random.uniform(60, 600), random.uniform(600, 9 * HOUR)))
        if habit == "late":
            wait = random.uniform(24, 60) * HOUR
        elif habit == "very late":
            wait = random.uniform(3, 25) * DAY
        elif habit == "at the deadline":
            wait = self._world.seconds_to_deadline(message, beyond=random.uniform(-3, 3))
        if random.random() < 0.05:
            self._world.start(self._presses_what_is_not_theirs(who, message, random))
        if random.random() < 0.05:
            self._world.start(self._presses_when_it_is_old(who, message, random))
        if habit == "never":
            return
        await asyncio.sleep(wait)
        if habit == "form":
            await self._fills_the_form(who, random)
            return
        if habit == "snoozes":
            await self._snoozes(who, message, random)
            await asyncio.sleep(random.uniform(1, 20) * HOUR)
        if habit == "part":
            answers = answers[: random.randint(1, max(len(answers) - 1, 1))]
        for answer_id in answers:
            await self._answers(who, message, answer_id, random, twice=habit == "twice")
            await asyncio.sleep(random.uniform(3, 60))
        await self._talks.after_answers(who, message, random)
        if habit == "changes":
            await asyncio.sleep(random.choice((2.0, random.uniform(60, 50 * HOUR))))
            await self._changes(who, message, random.choice(answers), random)

    async def _answers(
        self, who: str, message: Message, answer_id: int, random: Random, *, twice: bool = False
    ) -> None:
        action = random.choice((ANSWER_YES, ANSWER_NO))

        async def press(value: str) -> Interaction | None:
            standing = self._world.workspace.message(message.channel, message.ts)
            if standing is None:
                return None
            return await self._person(who).press(standing, action_id=action, value=value)

        if twice and self._world.whereabouts.is_there(who):
            self._world.start(self._quietly(press(str(answer_id))))
            await asyncio.sleep(random.uniform(0.0, 0.3))
        await self._until_acked(who, random, press, str(answer_id))
        self._world.sometimes("an answer is pressed")
        await self._gives_number(who, NUMBER_MODAL, [answer_id], random)

    async def _changes(self, who: str, message: Message, answer_id: int, random: Random) -> None:
        async def press(value: str) -> Interaction | None:
            standing = self._world.workspace.message(message.channel, message.ts)
            if standing is None:
                return None
            return await self._person(who).press(standing, action_id=CHANGE, value=value)

        await self._until_acked(who, random, press, str(answer_id))
        await self._gives_number(who, NUMBER_MODAL, [answer_id], random)
        self._world.sometimes("an answer is changed")

    async def _fills_the_form(self, who: str, random: Random) -> None:
        await self._until_acked(
            who, random, lambda _: self._person(who).command("/checkin", ""), ""
        )
        await self._gives_number(who, FORM_MODAL, None, random)

    async def _gives_number(
        self, who: str, callback: str, answers: list[int] | None, random: Random
    ) -> None:
        """Fill the modal that just opened, if one did."""
        person = self._person(who)
        modal = person.modal
        if modal is None or modal["callback_id"] != callback:
            return
        metadata = json.loads(modal["private_metadata"])
        if answers is not None and metadata.get("answer") not in answers:
            return
        await asyncio.sleep(random.uniform(2, 40))
        fields = [
            block["block_id"]
            for block in modal["blocks"]
            if block["type"] == "input" and block["block_id"].startswith(FIELD)
        ]
        values = {field: str(random.choice((0, 1, 2, 3, 1000, 2500))) for field in fields}

        async def submit(_: str) -> Interaction | None:
            top = person.modal
            if top is None or top["callback_id"] != callback:
                return None
            return await person.submit(values)

        for _ in range(2):  # the second time where it closed meanwhile and says so
            await self._until_acked(who, random, submit, "")
            if person.modal is None:
                return
            await asyncio.sleep(random.uniform(2, 20))
        await person.close_all()

    async def _snoozes(self, who: str, message: Message, random: Random) -> None:
        async def choose(value: str) -> Interaction | None:
            standing = self._world.workspace.message(message.channel, message.ts)
            if standing is None:
                return None
            return await self._person(who).select(standing, action_id=SNOOZE, value=value)

        await self._until_acked(who, random, choose, random.choice(("1h", "3h", "tomorrow")))
        self._world.snoozed(message)

    async def _has_reminder(self, message: Message, random: Random) -> None:
        who = self._world.workspace.channels[message.channel].user or ""
        self._world.sometimes("a reminder arrives")
        if random.random() < 0.7:
            return
        await asyncio.sleep(random.uniform(60, 7200))

        async def press(_: str) -> Interaction | None:
            standing = self._world.workspace.message(message.channel, message.ts)
            if standing is None:
                return None
            return await self._person(who).press(standing, action_id=OPEN_FORM)

        await self._until_acked(who, random, press, "")
        await self._gives_number(who, FORM_MODAL, None, random)

    async def _presses_what_is_not_theirs(
        self, owner: str, message: Message, random: Random
    ) -> None:
        others = sorted(set(self._world.mix.people) - {owner} | {"U0ALEX"})
        answers = answer_ids(message)  # later it may show no questions any more
        await asyncio.sleep(random.uniform(60, 2 * DAY))
        who = random.choice(others)
        await self._person(who).forge_press(
            random.choice((ANSWER_YES, ANSWER_NO, CHANGE)),
            str(random.choice(answers)),
            message_ts=message.ts,
        )
        self._world.sometimes("somebody else presses")

    async def _presses_when_it_is_old(self, who: str, message: Message, random: Random) -> None:
        answers = answer_ids(message)
        await asyncio.sleep(random.uniform(17, 60) * DAY)
        await self._person(who).forge_press(
            random.choice((ANSWER_YES, ANSWER_NO)),
            str(random.choice(answers)),
            message_ts=message.ts,
        )
        self._world.sometimes("an old button is pressed")

    async def _undo(self, who: str) -> None:
        for message in reversed(self._person(who).messages()[-5:]):
            if UNDO in action_ids(message):
                await self._quietly(self._person(who).press(message, action_id=UNDO))
                self._world.sometimes("a conversation is undone")
                return

    async def forge(self, who: str, action_id: str, value: str) -> None:
        """Press a button that stands on no screen of theirs any more."""
        await self._person(who).forge_press(action_id, value)

    # How they go about it.

    def _person(self, who: str) -> Person:
        return Person(self._world.workspace, who)

    async def _until_acked(self, who: str, random: Random, do: Any, argument: str) -> Any:
        """Do it, and again where Slack shows an error; a person does one thing at a time."""
        lock = self._busy.setdefault(who, asyncio.Lock())
        for _ in range(TRIES):
            async with lock:
                if not self._world.whereabouts.is_there(who):
                    return None
                try:
                    outcome = await do(argument)
                except LookupError:
                    self._world.sometimes("it is not there any more")
                    return None
            if outcome is None or outcome.acked:
                return outcome
            self._world.sometimes("a person is shown an error")
            await asyncio.sleep(random.choice((3.0, 30.0, random.uniform(60, 3 * HOUR))))
        return None

    async def _quietly(self, doing: Any) -> None:
        try:
            await doing
        except LookupError:
            self._world.sometimes("it is not there any more")


def _elements(message: Message) -> list[dict[str, Any]]:
    found = []
    for block in message.blocks:
        found += block.get("elements", [])
        if "accessory" in block:
            found.append(block["accessory"])
    return [element for element in found if isinstance(element, dict)]


def action_ids(message: Message) -> set[str]:
    """The buttons and menus of a message."""
    return {str(element.get("action_id")) for element in _elements(message)}


def answer_ids(message: Message) -> list[int]:
    """Every question of a check-in message, answered or not."""
    return sorted(
        {
            int(element["value"])
            for element in _elements(message)
            if element.get("action_id") in {ANSWER_YES, ANSWER_NO, CHANGE}
        }
    )
