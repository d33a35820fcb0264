"""When what waits for its reader is read: at the first moment at which that person is at work."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.rules.absences import (
    Calendar,
    when_at_work,
)
from bot.rules.weeks import DEFAULT_SCHEDULE

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "monday"),
    [
        ("Europe/Berlin", date(2026, 10, 19)),
        ("America/New_York", date(2026, 10, 26)),
        ("Australia/Lord_Howe", date(2026, 9, 28)),  # by half an hour
        ("Asia/Kolkata", date(2026, 10, 19)),  # not at all
        ("Europe/London", date(2026, 3, 23)),
    ],
)
def test_what_waits_comes_at_the_first_quarter_of_an_hour_at_work_around_a_clock_change(
    zone: str, monday: date
) -> None:
    """The clock changes on the Sunday; Wednesday is off."""
    here_, off = ZoneInfo(zone), monday + 2 * DAY
    start = datetime.combine(monday, time(0), tzinfo=UTC)
    quarters = [start + n * timedelta(minutes=15) for n in range(12 * 96)]
    walls = [moment.astimezone(here_) for moment in quarters]
    is_at_work = [
        wall.weekday() < 5 and wall.date() != off and time(8) <= wall.time() < time(20)
        for wall in walls
    ]
    following = None
    for moment, works in reversed(list(zip(quarters, is_at_work, strict=True))):
        following = moment if works else following
        if following is not None and moment < start + 9 * DAY:
            found = when_at_work(
                moment,
                calendar=Calendar(away=((off, off),)),
                schedule=DEFAULT_SCHEDULE,
                zone=here_,
            )
            assert found == following
