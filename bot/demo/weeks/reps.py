"""A rep of the demo at the keyboard: logs conversations, says when away, answers check-ins and what was agreed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo.weeks.keyboard import (
    Person,
    Stuck,
    World,
    elements,
    fields,
    modal_of,
    pressed,
    selected,
    standing,
    submitted,
    typed,
    values,
)
from bot.demo.weeks.talks import Talks
from bot.demo.weeks.team import Rep
from bot.rules.acts import Cause
from bot.slack.views.checkins.forms import FIELD, NUMBER_MODAL
from bot.slack.views.checkins.messages import ANSWER_NO, ANSWER_YES, AS_LOGGED, CHANGE
from bot.slack.views.coaching.agreements import ANSWER
from bot.slack.views.coaching.words import ADVICE, ADVICE_FIELD, CAUSE
from bot.slack.views.conversations.messages import WHICH
from bot.slack.views.plans.buttons import AGREE, NOT_NOW

SOON, TARDY, LAST = "soon", "tardy", "last"
"""When somebody sits down to answer: on Monday, after the deadline, and on Thursday, for who was away."""

MOST_MORE = 25
"""By so many percent at most the bot raises what a week asks for."""

_CAUSES = (Cause.NO_TIME, Cause.EMPTY_PIPELINE, Cause.DID_NOT_WORK, Cause.NOT_MY_WEEK)


class RepAtWork:
    """One rep through all weeks."""

    def __init__(self, world: World, rep: Rep, *, place: int) -> None:
        """`place` is the rep's place in the team, from 0; not everybody answers at the same moment."""
        self.rep = rep
        self.talks = Talks(rep)
        self.zone = ZoneInfo(rep.timezone)
        self._world = world
        self._place = place
        self._chance = Random(f"answers of {rep.slack_user_id}")  # noqa: S311 - a made-up life
        self._stubborn = rep.slack_user_id.endswith("BEN")

    @property
    def person(self) -> Person:
        return self._world.person(self.rep.slack_user_id)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Return a moment by the rep's own clock."""
        return datetime.combine(day, time(hour, minute), tzinfo=self.zone)

    def answers_at(self, monday: date) -> datetime:
        """Return when the rep usually answers: on Monday, some early and some late in the day."""
        hour, minute = ((9, 25), (11, 40), (15, 10))[self._place % 3]
        return self.at(monday, hour, minute)

    # During the week.

    async def says_away(self, number: int) -> None:
        """Before a week that is off as a whole or in part: say so."""
        sort, _ = self.rep.week(number)
        if sort == "A":
            await typed(self.person, "/checkin", "away vacation next monday to next friday")
        elif sort == "H":
            await typed(self.person, "/checkin", "away next thursday to next friday")

    async def logs(self, lines: list[str]) -> None:
        """Type each line after /log-conversation; a company with a similar name is another one."""
        for line in lines:
            before = len(self.person.messages())
            await typed(self.person, "/log-conversation", line)
            said = self.person.messages()[before:]
            asked = [m for m in said if any(e["action_id"].startswith(WHICH) for e in elements(m))]
            if asked:
                last = [e for e in elements(asked[-1]) if e["action_id"].startswith(WHICH)][-1]
                await pressed(self.person, asked[-1], last["action_id"], last.get("value"))
            elif self.person.modal is not None:
                raise Stuck(f"{self.rep.name}: “{line}” opened a form")

    # On Monday.

    def answers(self, number: int, when: str) -> bool:
        """Return whether the rep answers then the check-in about this week."""
        _, manner = self.rep.week(number)
        return manner != "-" and (when != SOON or manner != "t")

    def is_asked(self) -> bool:
        """Whether a check-in with an open question is the newest."""
        message = self._check_in()
        return message is not None and bool(values(message, ANSWER_YES))

    async def answers_check_in(self, number: int) -> None:
        """Answer every question: as the log has it, or with more than that."""
        _, manner = self.rep.week(number)
        if manner == "+":
            await typed(self.person, "/checkin")
            asked = fields(modal_of(self.person), FIELD)
            amounts = [
                str(goal + more) for goal, more in zip(self.talks.goals, (1, 0, 0), strict=True)
            ]
            await submitted(self.person, dict(zip(asked, amounts, strict=True)))
            await self.person.close_all()
            return
        message = self._check_in()
        if self._place % 2 and values(message, AS_LOGGED):
            await pressed(self.person, message, AS_LOGGED)
            return
        for answer_id in values(message, ANSWER_YES):
            await self._agrees_with_the_log(answer_id)

    async def _agrees_with_the_log(self, answer_id: str) -> None:
        """Press the button that agrees with the log, which is the one that is marked."""
        message = self._check_in()
        supported = next(
            one["action_id"]
            for one in elements(message)
            if one.get("value") == answer_id
            and one["action_id"] in {ANSWER_YES, ANSWER_NO}
            and one.get("style") == "primary"
        )
        await pressed(self.person, message, supported, answer_id)
        if self.person.modal is not None and modal_of(self.person)["callback_id"] == NUMBER_MODAL:
            await submitted(self.person)

    async def says_why(self, number: int) -> None:
        """After a miss: say what was in the way, or ask for advice; and answer what was asked about a talk."""
        _, manner = self.rep.week(number)
        message = self._check_in()
        if message is None:
            return
        actions = {one["action_id"] for one in elements(message)}
        if CAUSE in actions and manner not in "q?":
            await selected(self.person, message, CAUSE, self._chance.choice(_CAUSES).value)
        elif manner == "?" and ADVICE in actions:
            await pressed(self.person, message, ADVICE)
            words = "How to open the second conversation"
            await submitted(self.person, {ADVICE_FIELD: words})
            await self.person.close_all()
        for about, share in (("kept", 0.7), ("talked", 0.85)):
            await self._says(about, share)

    async def says_whether_it_helped(self) -> None:
        """Answer *Did it help?*, which is asked where they talked."""
        await self._says("helped", 0.75)

    async def _says(self, about: str, share: float) -> None:
        yes, no = (f"{ANSWER}{about}.{answer}" for answer in ("yes", "no"))
        message = self._check_in()
        for agreement in values(message, yes) if message is not None else ():
            if agreement not in values(message, no):
                continue  # it is answered, and this button would change the answer
            does = yes if self._chance.random() < share else no
            await pressed(self.person, message, does, agreement)

    def _check_in(self) -> Any:
        """The newest check-in; None before the first."""
        found = standing(self.person, ANSWER_YES, CHANGE, AS_LOGGED)
        return found[-1] if found else None

    # Higher sights.

    async def decides_on_sights(self) -> None:
        """Agree to what is offered; one of them is content as it is."""
        for offer in standing(self.person, AGREE):
            if self._stubborn:
                await pressed(self.person, offer, NOT_NOW)
            else:
                await pressed(self.person, offer, AGREE)
                self.talks.raise_goals(MOST_MORE)

    def travels(self, timezone: str) -> None:
        """Work in another zone from now on."""
        self.zone = ZoneInfo(timezone)
        self._world.travels(self.rep.slack_user_id, timezone)


def working_days(monday: date) -> list[date]:
    """Return Monday to Friday."""
    return [monday + timedelta(days=day) for day in range(5)]
