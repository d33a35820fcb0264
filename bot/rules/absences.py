"""Who is away when, what that leaves of a week's target, and when somebody who is away may be asked.

Days are those of the rep's own calendar: they have no zone, and keep their meaning when the rep's changes.
A day off is one that the rep is away on, or a public holiday where the team is. Absences of whatever kind
count alike, and days that several of them cover count once. In the week in which a rep joins the team, the days
before the first one are off, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.rules import weeks
from bot.rules.weeks import Schedule

Span: TypeAlias = tuple[date, date]
"""The first day and the last, both included."""

MONDAY_TO_FRIDAY = frozenset(range(5))
"""The days that a team works on unless it says otherwise; 0 is Monday."""

FURTHEST = timedelta(days=366)
"""How far ahead an absence may be recorded."""

FEWEST_DAYS = 2
"""With fewer working days left, the week in which a rep joined is not asked about."""

_DAY = timedelta(days=1)
_SEARCHED = 3 * 366
_PLACES = {"count": 0, "money": 2}
_OTHER_PLACES = 4


@dataclass(frozen=True)
class WorkWeek:
    """One week of one rep, counted in the team's working days."""

    days: int
    off: int = 0
    """How many of them the rep has off: away, a public holiday, or before the first day in the team."""
    holidays: int = 0
    """How many of those off are public holidays, from the first day in the team on."""
    joined_on: date | None = None
    """The rep's first day in the team, if working days of this week are before it."""

    @property
    def left(self) -> int:
        return self.days - self.off

    @property
    def is_asked(self) -> bool:
        """Whether anything is asked about this week: a day is left, or two in the week in which the rep joined."""
        return self.left >= (FEWEST_DAYS if self.joined_on else 1)


@dataclass(frozen=True)
class Calendar:
    """The days that one rep works on."""

    working_days: frozenset[int] = MONDAY_TO_FRIDAY
    holidays: frozenset[date] = frozenset()
    """Public holidays where the team is."""
    away: tuple[Span, ...] = ()
    """When the rep is away, as `merged` gives it."""
    begins: date | None = None
    """The rep's first day in the team; it only makes the week shorter in which it lies."""

    def is_away(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.away)

    def is_off(self, day: date) -> bool:
        """Whether nothing may be sent on this day: the rep is away, or it is a public holiday."""
        return day in self.holidays or self.is_away(day)

    def works(self, day: date) -> bool:
        """Whether the rep is at work on this day."""
        return day.weekday() in self.working_days and not self.is_off(day)

    def away_until(self, day: date) -> date | None:
        """The last day of the absence that `day` lies in; None for somebody who is there."""
        return next((last for first, last in self.away if first <= day <= last), None)

    def week(self, monday: date) -> WorkWeek:
        """The week that begins on `monday`."""
        days = [monday + n * _DAY for n in sorted(self.working_days)]
        begins = self.begins if self.begins in _days_of(monday) else None
        there = [day for day in days if begins is None or day >= begins]
        before = len(days) - len(there)
        return WorkWeek(
            len(days),
            off=before + sum(self.is_off(day) for day in there),
            holidays=sum(day in self.holidays for day in there),
            joined_on=begins if before else None,
        )

    def next_working_day(self, day: date) -> date:
        """The first day after `day` that the rep works on; the day after where there is none for years."""
        following = (day + n * _DAY for n in range(1, _SEARCHED))
        return next((found for found in following if self.works(found)), day + _DAY)


def _days_of(monday: date) -> list[date]:
    return [monday + n * _DAY for n in range(7)]


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same days in order, with spans that overlap or touch as one."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + _DAY:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def target_of(full: Decimal, unit: str, week: WorkWeek) -> Decimal:
    """What is left of a whole week's target: `full` times the working days left, over all of them.

    Exact, then rounded down so that nobody is asked for more than their share: counts to whole numbers,
    money to the cent, other units to four decimals; but never below the smallest such step while a working
    day is left. 2 of 5 days off turn 20 into 12. A week without days off keeps its target as it is, and one
    without a day left has 0.
    """
    if week.off == 0:
        return full
    if week.left <= 0:
        return Decimal(0)
    step = Decimal(1).scaleb(-_PLACES.get(unit, _OTHER_PLACES))
    share = (full * week.left / week.days).quantize(step, rounding=ROUND_DOWN)
    return min(max(share, step), full)


def after_days_off(moment: datetime, *, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """The moment itself, or the same wall-clock time on the first working day after the days off it lies in."""
    local = moment.astimezone(zone)
    if not calendar.is_off(local.date()):
        return moment
    return weeks.local_to_utc(calendar.next_working_day(local.date()), local.time(), zone)


def into_working_time(
    moment: datetime, *, calendar: Calendar, schedule: Schedule, zone: ZoneInfo
) -> datetime:
    """The first moment from here on in working hours, on no day off."""
    while True:
        inside = weeks.into_working_hours(moment, schedule, zone)
        moment = after_days_off(inside, calendar=calendar, zone=zone)
        if moment == inside:
            return moment


def into_working_day(
    moment: datetime, *, calendar: Calendar, schedule: Schedule, zone: ZoneInfo
) -> datetime:
    """The first moment from here on in working hours, on a day that the rep works on.

    For what can wait, like a reminder. A check-in must go out within two days, so it may go out on a weekend.
    """
    while True:
        inside = weeks.into_working_hours(moment, schedule, zone)
        local = inside.astimezone(zone)
        if calendar.works(local.date()) or not calendar.working_days:
            return inside
        day = calendar.next_working_day(local.date())
        moment = weeks.local_to_utc(day, local.time(), zone)


def when_at_work(
    moment: datetime, *, calendar: Calendar, schedule: Schedule, zone: ZoneInfo
) -> datetime:
    """The moment itself if it lies in working hours on a working day, else when the next working day begins.

    For what somebody reads as soon as they are back: it waits no longer than until then.
    """
    inside = into_working_day(moment, calendar=calendar, schedule=schedule, zone=zone)
    if inside == moment:
        return moment
    day = inside.astimezone(zone).date()
    return max(moment, weeks.local_to_utc(day, schedule.working_from, zone))


def after_working_hours(
    since: datetime, hours: int, *, calendar: Calendar, schedule: Schedule, zone: ZoneInfo
) -> datetime:
    """The moment by which so many hours have passed since then, counted in working hours on working days.

    A calendar without a working day counts every day.
    """
    left = timedelta(hours=hours)
    day = since.astimezone(zone).date()
    while True:
        if calendar.works(day) or not calendar.working_days:
            opens = weeks.local_to_utc(day, schedule.working_from, zone)
            closes = weeks.local_to_utc(day, schedule.working_until, zone)
            begins = max(opens, since)
            if begins + left <= closes:
                return begins + left
            left -= max(closes - begins, timedelta(0))
        day += _DAY


def send_at(due: datetime, *, calendar: Calendar, schedule: Schedule, zone: ZoneInfo) -> datetime:
    """When a check-in that is due goes out: then; on a day off, on the next working day in working hours."""
    later = after_days_off(due, calendar=calendar, zone=zone)
    if later == due:
        return due
    moment = into_working_time(later, calendar=calendar, schedule=schedule, zone=zone)
    day = moment.astimezone(zone).date()
    if calendar.works(day):
        return moment
    # It was too late in the evening, and the morning after is none that the rep works on.
    opening = weeks.local_to_utc(calendar.next_working_day(day), schedule.working_from, zone)
    return into_working_time(opening, calendar=calendar, schedule=schedule, zone=zone)


def deadline(
    *,
    delivered_at: datetime,
    week: date,
    calendar: Calendar,
    schedule: Schedule,
    zone: ZoneInfo,
    grace: timedelta = timedelta(minutes=15),
) -> datetime:
    """When the check-in about `week` closes: `weeks.deadline`, minding days off.

    A check-in that waited for its rep to be back keeps the schedule's distance to its deadline, in days. A
    deadline that such a wait, or a day off, has moved is never on a day that the rep doesn't work on.
    """
    closes = weeks.deadline(
        delivered_at=delivered_at, week=week, schedule=schedule, zone=zone, grace=grace
    )
    due = weeks.due_at(week, schedule, zone)
    sent = send_at(due, calendar=calendar, schedule=schedule, zone=zone)
    if sent != due:
        usual = weeks.deadline(delivered_at=due, week=week, schedule=schedule, zone=zone)
        waited = sent.astimezone(zone).date() - due.astimezone(zone).date()
        local = usual.astimezone(zone)
        kept = weeks.local_to_utc(local.date() + waited, local.time(), zone)
        closes = kept if delivered_at <= sent + grace else max(kept, closes)
        if not calendar.works(closes.astimezone(zone).date()):
            day = calendar.next_working_day(closes.astimezone(zone).date())
            closes = weeks.local_to_utc(day, closes.astimezone(zone).time(), zone)
    return after_days_off(closes, calendar=calendar, zone=zone)
