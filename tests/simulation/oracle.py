"""What the product owes whom and when, worked out a second time and in another way than `bot.rules.weeks`.

Moments are found by walking over UTC minute by minute and looking at the clock on the wall, never by converting
a local time.
"""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)


@functools.cache
def moment_of(day: date, at: time, zone_name: str) -> datetime:
    """When the wall clock first shows this; in a gap, as long after the gap as the time lies in it."""
    zone = ZoneInfo(zone_name)
    wanted = datetime.combine(day, at)
    moment = datetime.combine(day, at, tzinfo=UTC) - timedelta(hours=16)
    shown = _wall(moment, zone)
    while True:
        # Far off, walk in larger steps; a clock change is never near a step of its size.
        step = timedelta(hours=1) if wanted - shown > timedelta(hours=6) else MINUTE
        following = moment + step
        shown_then = _wall(following, zone)
        if shown == wanted:
            return moment
        if shown < wanted < shown_then and shown_then - shown > step:
            offset_before = shown - moment.replace(tzinfo=None)
            return (wanted - offset_before).replace(tzinfo=UTC)
        moment, shown = following, shown_then


def due(week: date, *, day: int, at: time, zone: str) -> datetime:
    """When the check-in about the week that begins on Monday `week` is due."""
    return moment_of(week + timedelta(days=7 + day), at, zone)


def closes(week: date, *, day: int, at: time, until_day: int, until: time, zone: str) -> datetime:
    """When it closes if it was delivered in time: at the schedule's deadline that comes next."""
    asked = due(week, day=day, at=at, zone=zone)
    for days in range(7, 22):
        this = week + timedelta(days=days)
        if this.weekday() == until_day and (moment := moment_of(this, until, zone)) > asked:
            return moment
    raise AssertionError("a week has every weekday")


def is_working_time(
    moment: datetime, zone: str, begin: time = time(8), end: time = time(20)
) -> bool:
    """Whether the wall clock shows working hours."""
    return begin <= _wall(moment, ZoneInfo(zone)).time() < end


def is_at_work(moment: datetime, zone: str) -> bool:
    """Whether the wall clock shows working hours, from Monday to Friday."""
    return is_working_time(moment, zone) and _wall(moment, ZoneInfo(zone)).weekday() < 5


def working_time_ago(now: datetime, amount: timedelta, zone: str) -> datetime:
    """Since when so much working time has passed there, to a quarter of an hour, walking back over the clock."""
    moment, left = now, amount
    while left > timedelta(0):
        moment -= QUARTER
        if is_at_work(moment, zone):
            left -= QUARTER
    return moment


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
