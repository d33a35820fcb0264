"""Lives through the weeks of the team of twelve: who does what when, and the bot's own moments between."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.demo.people import LONDON, NEW_YORK
from bot.demo.weeks import plans
from bot.demo.weeks.coaches import Coaches
from bot.demo.weeks.keyboard import World, typed
from bot.demo.weeks.reps import LAST, SOON, TARDY, RepAtWork, working_days
from bot.demo.weeks.team import REPS, TRAVELLER
from bot.domain.tables import (
    Alert,
    CheckIn,
    CheckInState,
    Enrolment,
    OutboxItem,
    Plan,
    Reminder,
    Team,
)
from bot.rules.weeks import monday_of

FEWEST, MOST = 1, 26
"""How many weeks can be lived through."""

DANA_AWAY = 4
"""In every fourth of her weeks Dana takes no alerts, so that they come to Morgan."""

BRIEFS_APART = timedelta(hours=2)
"""So far apart are the looks whether a brief can go out."""

JUST_AFTER = timedelta(seconds=1)

Deed = Callable[[], Awaitable[None]]
"""What somebody does at a moment. What several people do at the same moment they do at the same time."""


def last_moment(now: datetime) -> datetime:
    """Return when the page opens: the latest Wednesday, 15:30 in London, that is not in the future."""
    local = now.astimezone(ZoneInfo(LONDON))
    wednesday = local.date() - timedelta(days=(local.weekday() - 2) % 7)
    moment = _london(wednesday, 15, 30)
    return moment if moment <= now else _london(wednesday - timedelta(weeks=1), 15, 30)


def first_moment(end: datetime, weeks: int) -> datetime:
    """Return when life begins: on a Monday at eight, so many weeks before the Monday before the end."""
    monday = monday_of(end.astimezone(ZoneInfo(LONDON)).date())
    return _london(monday - timedelta(weeks=weeks), 8, 0)


def days(weeks: int) -> int:
    """Return how many working days so many weeks have, with those before the end."""
    return weeks * 5 + 2


async def live(world: World, *, weeks: int, each_day: Callable[[], None]) -> None:
    """Live through so many weeks in an empty workspace, and up to Wednesday of the week after.

    The clock stands at `first_moment`. `each_day` is called after each working day. Every check-in of these weeks
    is asked and, as far as people do that, answered; the alerts about the last one wait for the coach.
    """
    await Life(world, weeks).live(each_day)


class Life:
    """All weeks: the deeds of people by their moments, and the bot's moments between them."""

    def __init__(self, world: World, weeks: int) -> None:
        self._world = world
        self._weeks = weeks
        self._first = world.now.astimezone(ZoneInfo(LONDON)).date()
        self._end = _london(self._monday(weeks) + timedelta(days=2), 15, 30)
        self._coaches = Coaches(world)
        self._reps = [RepAtWork(world, rep, place=place) for place, rep in enumerate(REPS)]
        self._deeds: list[tuple[datetime, int, Deed]] = []
        self._order = itertools.count()

    async def live(self, each_day: Callable[[], None]) -> None:
        """Live through it all."""
        await self._coaches.set_up(REPS)
        for rep in self._reps:
            if rep.rep.wants_midweek_line:
                await typed(rep.person, "/checkin", "midweek on")
        for number in range(self._weeks + 1):
            self._plan_week(number, each_day)
            until = min(_london(self._monday(number + 1), 0, 0), self._end)
            while self._deeds and self._deeds[0][0] <= until:
                await self._move_to(self._deeds[0][0])
                await self._do(self._deeds[0][0])
        await self._move_to(self._end)

    async def _do(self, moment: datetime) -> None:
        deeds = []
        while self._deeds and self._deeds[0][0] == moment:
            deeds.append(heapq.heappop(self._deeds)[-1])
        await asyncio.gather(*(deed() for deed in deeds))

    async def _move_to(self, moment: datetime) -> None:
        """Move the clock on, stopping wherever the bot has something to do."""
        while True:
            found = await self._world.read(partial(next_moment, now=self._world.now))
            if found is None or found + JUST_AFTER >= moment:
                break
            await self._world.move_to(found + JUST_AFTER)
        if moment > self._world.now:
            await self._world.move_to(moment)

    def _monday(self, number: int) -> date:
        return self._first + timedelta(weeks=number)

    # Who does what when.

    def _at(self, moment: datetime, deed: Deed) -> None:
        moment = moment.astimezone(UTC)
        if self._world.now <= moment <= self._end:
            heapq.heappush(self._deeds, (moment, next(self._order), deed))

    def _plan_week(self, number: int, each_day: Callable[[], None]) -> None:
        """Note the deeds of one week; the check-ins of the week before are answered in it."""
        monday = self._monday(number)
        if number == 0:
            self._write_plans(monday)
        self._travel(self._monday(number + 1), number + 1)
        for rep in self._reps:
            self._work(rep, number)
        if number:
            self._answer(monday, number)
            self._coach(monday, number)
        for day in working_days(monday):
            self._at(_london(day, 23, 0), self._after(each_day))

    def _work(self, rep: RepAtWork, number: int) -> None:
        monday = self._monday(number)
        by_day = rep.talks.week(monday, number)
        for day, lines in by_day.items():
            hour = 15 if rep.rep.timezone.startswith("America/") else 17
            self._at(rep.at(day, hour, 15), partial(rep.logs, lines))
        friday = monday + timedelta(days=4)
        self._at(rep.at(friday, 15, 45), partial(rep.says_away, number + 1))

    def _answer(self, monday: date, number: int) -> None:
        """Note who answers when: on Monday, after the deadline, or on Thursday, back from being away."""
        at: dict[datetime, list[RepAtWork]] = {}
        for rep in self._reps:
            if rep.answers(number - 1, SOON):
                at.setdefault(rep.answers_at(monday), []).append(rep)
            for when, day, clock in ((TARDY, 2, (9, 40)), (LAST, 3, (10, 10))):
                if rep.answers(number - 1, when):
                    moment = rep.at(monday + timedelta(days=day), *clock)
                    at.setdefault(moment, []).append(rep)
        for moment, reps in at.items():
            self._at(moment, partial(self._answers, reps, number - 1))

    async def _answers(self, reps: list[RepAtWork], number: int) -> None:
        asked = [rep for rep in reps if rep.is_asked()]
        for rep in asked:
            await rep.answers_check_in(number)
        await self._world.settle()
        for rep in asked:
            await rep.says_why(number)
        await self._world.settle()
        for rep in asked:
            await rep.says_whether_it_helped()
            await rep.decides_on_sights()
        await self._world.settle()

    def _coach(self, monday: date, number: int) -> None:
        coaches = self._coaches
        tuesday, wednesday, thursday, friday = working_days(monday)[1:]
        if number % DANA_AWAY == 0 and number < self._weeks:
            self._at(_london(friday, 16, 0), coaches.stand_in)
            self._at(_london(friday, 16, 30), partial(coaches.take_alerts, most=99))
        else:
            most = 2 if number == self._weeks else 99
            self._at(_london(tuesday, 10, 30), partial(coaches.take_alerts, most=most))
            if number < self._weeks:
                self._at(_london(wednesday, 14, 0), partial(coaches.take_alerts, most=99))
                self._at(_london(wednesday, 16, 0), partial(coaches.finish_alerts, most=3))
                self._at(_london(thursday, 14, 0), partial(coaches.finish_alerts, most=99))
        if number < self._weeks:
            self._at(_london(thursday, 14, 30), partial(coaches.praise, most=3))
            self._at(_london(friday, 9, 30), coaches.look_at_home)
            self._at(_london(friday, 11, 0), coaches.decide_on_sights)

    def _write_plans(self, monday: date) -> None:
        async def write() -> None:
            for rep in self._reps:
                if rep.rep.has_plan:
                    await plans.write(rep.person, first=self._monday(1))
            await self._world.settle()

        self._at(_london(monday + timedelta(days=1), 11, 0), write)
        self._at(_london(monday + timedelta(days=2), 11, 0), self._coaches.sign_plans)

    def _travel(self, monday: date, number: int) -> None:
        """Have the traveller fly on the Saturday before her weeks in New York, and back as well."""
        (traveller,) = (rep for rep in self._reps if rep.rep.slack_user_id == TRAVELLER)
        leg = {4: NEW_YORK, 6: LONDON}.get(number % 12)
        if leg is None:
            return

        async def fly() -> None:
            traveller.travels(leg)

        self._at(_london(monday - timedelta(days=2), 12, 0), fly)
        # Profiles are read again within a day; until then the bot believes that she is at home.
        self._at(_london(monday - timedelta(days=1), 20, 0), self._world.settle)

    def _after(self, each_day: Callable[[], None]) -> Deed:
        async def deed() -> None:
            each_day()

        return deed


def next_moment(session: Session, *, now: datetime) -> datetime | None:
    """Return when the bot has something to do next, as far as the clock decides.

    A brief that waits for answers is looked at every few minutes; here less often is enough.
    """
    *found, brief = session.exec(_NEXT, params={"now": now}).one()
    if brief is not None:
        found.append(max(brief, now + BRIEFS_APART))
    return min((moment for moment in found if moment is not None), default=None)


def is_busy(session: Session, *, now: datetime) -> bool:
    """Return whether a message is being sent, or is due."""
    item = select(OutboxItem.id).where(
        col(OutboxItem.claimed_by).is_not(None) | (col(OutboxItem.due_at) <= now)
    )
    return session.exec(item.limit(1)).first() is not None


def _first(moment: Any, *conditions: Any) -> Any:
    later = col(moment) > sa.bindparam("now")
    return select(sa.func.min(col(moment))).where(later, *conditions).scalar_subquery()


_NEXT: Any = sa.select(
    _first(Enrolment.next_due_at),
    _first(Enrolment.midweek_at),
    _first(CheckIn.due_at, CheckIn.state == CheckInState.SCHEDULED),
    _first(Reminder.due_at),
    _first(CheckIn.deadline_at, CheckIn.state == CheckInState.OPEN),
    _first(Alert.next_look_at),
    _first(Plan.sights_due_at),
    _first(Plan.account_due_at),
    _first(OutboxItem.due_at),
    _first(Team.brief_look_at),
)
"""Selects the bot's next moments of each kind, that of the briefs last."""


def _london(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo(LONDON)).astimezone(UTC)
