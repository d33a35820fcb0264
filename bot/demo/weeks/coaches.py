"""The coaches of the demo at the keyboard: they set the team up, take alerts, agree on steps, and praise."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from bot.demo.weeks.keyboard import (
    Person,
    World,
    elements,
    modal_of,
    pressed,
    selected,
    standing,
    submitted,
    typed,
    values,
)
from bot.demo.weeks.team import ALEX, DANA, MORGAN, Rep
from bot.rules.acts import Act
from bot.slack.views.alerts import DONE, TAKE
from bot.slack.views.coaching.acts import (
    ACT_FIELD,
    CHOOSE,
    DUE_FIELD,
    NOTE_FIELD,
    STEP_FIELD,
)
from bot.slack.views.coaching.briefs import PRAISE
from bot.slack.views.coaching.on_home import NOD
from bot.slack.views.coaching.words import ADVICE_DONE
from bot.slack.views.plans.buttons import AGREE, APPROVE

CHANNEL = "C0COACH"

_SAID = {
    Act.HOLD_ACCOUNTABLE: (
        "We said what the week needs, and that a word on Monday is part of it.",
        ("Log each conversation on the day", "Block nine to eleven for calls"),
    ),
    Act.MOTIVATE: (
        "Went through the good weeks and what was different then.",
        ("Call three customers who said yes", "Two first meetings a day"),
    ),
    Act.COACH: (
        "Listened to two conversations, then did the opening together.",
        ("Three pre-call plans", "Ask for the business in every third meeting"),
    ),
    Act.MENTOR: (
        "Talked about how others fill their calendar.",
        ("An hour with Maya on her pipeline", "List twenty names to call"),
    ),
}


class Coaches:
    """Dana, who coaches the team, and Morgan, who stands in."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = Random("the coaches of twelve")  # noqa: S311 - a made-up life

    @property
    def dana(self) -> Person:
        return self._world.person(DANA)

    @property
    def morgan(self) -> Person:
        return self._world.person(MORGAN)

    # Before the first week.

    async def set_up(self, reps: tuple[Rep, ...]) -> None:
        """Have the admin create the team and enrol its reps; have the coach set their targets."""
        alex = self._world.person(ALEX)
        await typed(alex, "/coach", "team")
        await submitted(
            alex,
            {"name": "Harbor Sales", "coach": DANA, "second_coach": MORGAN, "channel": CHANNEL},
        )
        await alex.close_all()
        await typed(alex, "/coach", "enrol")
        await submitted(alex, {"reps": [rep.slack_user_id for rep in reps]}, tries=5)
        await alex.close_all()
        for rep in reps:
            await typed(self.dana, "/coach", f"targets @{rep.handle}")
            amounts = [b for b in modal_of(self.dana)["blocks"] if "amount." in str(b["block_id"])]
            keys = ("Conversations", "Base moves", "Sales")
            by_label = {str(block["label"]["text"]): block["block_id"] for block in amounts}
            await submitted(
                self.dana,
                {
                    next(field for label, field in by_label.items() if label.startswith(key)): str(
                        goal
                    )
                    for key, goal in zip(keys, rep.goals, strict=True)
                },
            )
            await self.dana.close_all()
        await self._world.settle()

    async def sign_plans(self) -> None:
        """Approve every plan that waits."""
        for message in standing(self.dana, APPROVE, channel=CHANNEL):
            await pressed(self.dana, message, APPROVE)
            if self.dana.modal is not None:
                await submitted(self.dana)
                await self.dana.close_all()
        await self._world.settle()

    # Week by week.

    async def take_alerts(self, *, most: int) -> None:
        """Take alerts, the oldest first; about one in three gets another act than the suggested one."""
        for message in _by_alert(standing(self.dana, TAKE, channel=CHANNEL))[:most]:
            menus = [one for one in elements(message) if one["action_id"] == CHOOSE]
            if menus and self._chance.random() < 0.3:
                other = self._chance.choice(menus[0]["options"])["value"]
                await selected(self.dana, message, CHOOSE, other)
                await self._world.settle()
            if values(message, TAKE):
                await pressed(self.dana, message, TAKE)
        await self._world.settle()

    async def finish_alerts(self, *, most: int) -> None:
        """Say what was done about the alerts that were taken, usually with a step for the next days."""
        taken = [
            message
            for message in standing(self.dana, DONE, channel=CHANNEL)
            if not values(message, TAKE)
        ]
        for message in _by_alert(taken)[:most]:
            await self._done(self.dana, message)
        await self._world.settle()

    async def stand_in(self) -> None:
        """Have Morgan take care of what nobody took."""
        for message in _by_alert(standing(self.morgan, TAKE)):
            await self._done(self.morgan, message)
        await self._world.settle()

    async def _done(self, coach: Person, message: Any) -> None:
        await pressed(coach, message, DONE)
        modal = modal_of(coach)
        menu = next(b["element"] for b in modal["blocks"] if b["block_id"] == ACT_FIELD)
        act = Act(menu.get("initial_option", {}).get("value", Act.COACH.value))
        note, steps = _SAID[act]
        said = {ACT_FIELD: act.value, NOTE_FIELD: note}
        if self._chance.random() < 0.7:
            day = self._world.now.date() + timedelta(days=self._chance.choice((2, 7)))
            said |= {STEP_FIELD: self._chance.choice(steps), DUE_FIELD: day.isoformat()}
        await submitted(coach, said)
        await coach.close_all()

    async def praise(self, *, most: int) -> None:
        """Say *Well done* to those whom the newest brief names first."""
        briefs = standing(self.dana, PRAISE)
        for value in values(briefs[-1], PRAISE)[:most] if briefs else ():
            await pressed(self.dana, briefs[-1], PRAISE, value)
        await self._world.settle()

    async def look_at_home(self) -> None:
        """Accept the first of the numbers that the log does not carry, and answer who wants advice."""
        await self.dana.open_home()
        await self._world.settle()
        home = self.dana.home or {"blocks": []}
        for value in values(home, NOD)[:1]:
            await pressed(self.dana, home, NOD, value)
        for message in standing(self.dana, ADVICE_DONE, channel=CHANNEL):
            await pressed(self.dana, message, ADVICE_DONE)
        await self._world.settle()

    async def decide_on_sights(self) -> None:
        """Agree to the higher goals to which the rep has agreed already."""
        for message in standing(self.dana, AGREE, channel=CHANNEL):
            await pressed(self.dana, message, AGREE)
        await self._world.settle()


def _by_alert(messages: list[Any]) -> list[Any]:
    """Sort messages about alerts by the alert: those of one moment are posted in any order."""
    return sorted(messages, key=lambda message: int(values(message, DONE)[0]))
