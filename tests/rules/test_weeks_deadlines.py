"""The deadline, the reminders before it, and working hours."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.rules import weeks
from bot.rules.weeks import DEFAULT_SCHEDULE, Schedule

LONDON = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


walls = st.datetimes(datetime(1995, 1, 1), datetime(2037, 1, 1))  # noqa: DTZ001
moments = walls.map(lambda wall: wall.replace(tzinfo=UTC))
minutes_of_day = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 45, 59]))
schedules = st.builds(
    Schedule,
    day=st.integers(0, 6),
    at=minutes_of_day,
    deadline_day=st.integers(0, 6),
    deadline_at=minutes_of_day,
)
mondays = st.dates(date(1995, 1, 2), date(2036, 12, 1)).map(
    lambda day: day - timedelta(days=day.weekday())
)


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


WEEK_46 = date(2026, 11, 9)  # asked on Monday 16 November


def closes(delivered: datetime, schedule: Schedule = DEFAULT_SCHEDULE, **more: object) -> datetime:
    return weeks.deadline(
        delivered_at=delivered,
        week=WEEK_46,
        schedule=schedule,
        zone=LONDON,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("delivered", "deadline"),
    [
        (utc(2026, 11, 16, 8), utc(2026, 11, 17, 17)),  # early: not before the nominal
        (utc(2026, 11, 16, 9), utc(2026, 11, 17, 17)),
        (utc(2026, 11, 16, 9, 15), utc(2026, 11, 17, 17)),
        (utc(2026, 11, 16, 9, 15, 1), utc(2026, 11, 17, 17, 30)),
        (utc(2026, 11, 16, 10), utc(2026, 11, 17, 18)),
        (utc(2026, 11, 16, 10, 1), utc(2026, 11, 17, 18, 15)),
        (utc(2026, 11, 18, 8), utc(2026, 11, 19, 16)),
    ],
)
def test_the_deadline_counts_from_the_delivery(delivered: datetime, deadline: datetime) -> None:
    assert closes(delivered) == deadline


def test_the_grace_can_be_chosen() -> None:
    late = utc(2026, 11, 16, 9, 50)
    assert closes(late, grace=timedelta(hours=1)) == utc(2026, 11, 17, 17)


@pytest.mark.parametrize(
    ("schedule", "deadline"),
    [
        (Schedule(0, time(9), 0, time(17)), utc(2026, 11, 16, 17)),
        (Schedule(0, time(9), 4, time(12)), utc(2026, 11, 20, 12)),
        (Schedule(4, time(15), 1, time(17)), utc(2026, 11, 24, 17)),  # Friday to Tuesday
        (Schedule(0, time(9), 0, time(9)), utc(2026, 11, 23, 9)),  # a whole week
        (Schedule(0, time(9), 0, time(8)), utc(2026, 11, 23, 8)),
    ],
)
def test_the_deadline_follows_the_due_moment(schedule: Schedule, deadline: datetime) -> None:
    due = weeks.due_at(WEEK_46, schedule, LONDON)
    assert closes(due, schedule) == deadline


@given(
    week=mondays,
    schedule=schedules,
    zone=st.timezones(),
    late=st.timedeltas(-timedelta(hours=1), timedelta(days=10)),
)
def test_everybody_has_the_full_window(
    week: date, schedule: Schedule, zone: ZoneInfo, late: timedelta
) -> None:
    due = weeks.due_at(week, schedule, zone)
    nominal = weeks.deadline(delivered_at=due, week=week, schedule=schedule, zone=zone)
    closing = weeks.deadline(delivered_at=due + late, week=week, schedule=schedule, zone=zone)
    assert due < nominal <= due + timedelta(days=8, hours=3)
    assert closing >= nominal
    assert closing - (due + late) >= nominal - due - timedelta(minutes=15)
    if late > timedelta(minutes=15):
        assert closing - (due + late) < nominal - due + timedelta(minutes=15)
        assert closing == nominal or (closing.minute % 15, closing.second) == (0, 0)


# --- reminders and working hours -----------------------------------------------------------------


def reminders(
    delivered: datetime, deadline: datetime, schedule: Schedule = DEFAULT_SCHEDULE
) -> list[datetime]:
    return weeks.reminder_times(
        delivered_at=delivered, deadline=deadline, zone=LONDON, schedule=schedule
    )


@pytest.mark.parametrize(
    ("delivered", "deadline", "expected"),
    [
        # Monday 09:00 to Tuesday 17:00
        ((16, 9, 0), (17, 17, 0), [(16, 13, 0), (17, 15, 0)]),
        # delivered in the evening: the first waits for the morning
        ((16, 18, 0), (18, 2, 0), [(17, 8, 0), (17, 19, 30)]),
        # a deadline before work begins: the evening before
        ((16, 9, 0), (17, 8, 15), [(16, 13, 0), (16, 19, 30)]),
        # a deadline soon after work begins: at the opening
        ((16, 9, 0), (17, 9, 0), [(16, 13, 0), (17, 8, 0)]),
        # they would fall together: the last one stays
        ((16, 9, 0), (16, 15, 15), [(16, 13, 15)]),
        ((16, 9, 0), (16, 15, 30), [(16, 13, 0), (16, 13, 30)]),
        # short windows
        ((16, 9, 0), (16, 12, 0), [(16, 10, 0)]),
        ((16, 9, 0), (16, 11, 0), []),
        ((16, 9, 0), (16, 9, 30), []),
        # the whole window in the night
        ((16, 21, 0), (17, 7, 0), []),
    ],
)
def test_reminders(
    delivered: tuple[int, int, int],
    deadline: tuple[int, int, int],
    expected: list[tuple[int, int, int]],
) -> None:
    found = reminders(utc(2026, 11, *delivered), utc(2026, 11, *deadline))
    assert found == [utc(2026, 11, *moment) for moment in expected]


@given(
    delivered=moments,
    window=st.timedeltas(timedelta(minutes=1), timedelta(days=8)),
    zone=st.timezones(),
)
def test_reminders_keep_their_promises(
    delivered: datetime, window: timedelta, zone: ZoneInfo
) -> None:
    deadline = delivered + window
    found = weeks.reminder_times(
        delivered_at=delivered, deadline=deadline, zone=zone, schedule=DEFAULT_SCHEDULE
    )
    assert len(found) <= 2
    edges = [delivered, *found, deadline]
    for one, other in itertools.pairwise(edges):
        assert other - one >= timedelta(minutes=30) or not found
    for moment in found:
        assert time(8) <= wall(moment, zone).time() < time(20)
    if window >= timedelta(days=2):
        assert len(found) == 2


@given(
    moment=moments, zone=st.timezones(), hours=st.tuples(st.integers(4, 12), st.integers(13, 22))
)
def test_the_next_opening_is_the_first_minute_that_a_scan_finds(
    moment: datetime, zone: ZoneInfo, hours: tuple[int, int]
) -> None:
    schedule = replace(DEFAULT_SCHEDULE, working_from=time(hours[0]), working_until=time(hours[1]))
    moment = moment.replace(second=0, microsecond=0)
    assume(wall(moment, zone).second == 0)
    found = weeks.into_working_hours(moment, schedule, zone)
    scan = moment
    while not time(hours[0]) <= wall(scan, zone).time() < time(hours[1]):
        scan += timedelta(minutes=15) if wall(scan, zone).minute % 15 == 0 else MINUTE
    assert found == scan


def test_working_hours_that_the_clock_skips_wait_for_the_next_day() -> None:
    apia = ZoneInfo("Pacific/Apia")  # Thursday evening there; Friday 30 December never came
    found = weeks.into_working_hours(utc(2011, 12, 30, 9), DEFAULT_SCHEDULE, apia)
    assert found == weeks.local_to_utc(date(2011, 12, 31), time(8), apia)


@pytest.mark.parametrize(
    ("choice", "now", "expected"),
    [
        ("1h", (23, 9, 10), (23, 10, 10)),
        ("3h", (23, 9, 10), (23, 12, 10)),
        ("tomorrow", (23, 9, 10), (24, 8, 0)),
        ("1h", (23, 19, 30), (24, 8, 0)),
        ("3h", (23, 23, 0), (24, 8, 0)),
        ("1h", (23, 6, 30), (23, 8, 0)),
        ("tomorrow", (27, 21, 0), (28, 8, 0)),  # no weekday is skipped
    ],
)
def test_snooze(
    choice: weeks.Snooze, now: tuple[int, int, int], expected: tuple[int, int, int]
) -> None:
    found = weeks.snooze(
        choice,
        now=utc(2026, 11, *now),
        schedule=DEFAULT_SCHEDULE,
        zone=LONDON,
    )
    assert found == utc(2026, 11, *expected)


def test_at_closing_time_the_working_day_is_over() -> None:
    closing = utc(2026, 11, 23, 20)
    assert weeks.into_working_hours(closing, DEFAULT_SCHEDULE, LONDON) == utc(2026, 11, 24, 8)
    last = closing - timedelta(seconds=1)
    assert weeks.into_working_hours(last, DEFAULT_SCHEDULE, LONDON) == last
    opening = utc(2026, 11, 23, 8)
    assert weeks.into_working_hours(opening, DEFAULT_SCHEDULE, LONDON) == opening


def test_moments_go_out_in_utc() -> None:
    here = datetime(2026, 11, 23, 18, tzinfo=ZoneInfo("Asia/Tokyo"))  # nine in London
    assert weeks.into_working_hours(here, DEFAULT_SCHEDULE, LONDON).tzinfo is UTC


def test_a_reminder_may_come_half_an_hour_before_the_deadline_and_no_later() -> None:
    schedule = replace(DEFAULT_SCHEDULE, working_from=time(16, 30))
    found = weeks.reminder_times(
        delivered_at=utc(2026, 11, 23, 19, 30),
        deadline=utc(2026, 11, 24, 17),
        zone=LONDON,
        schedule=schedule,
    )
    assert found == [utc(2026, 11, 24, 16, 30)]
    found = weeks.reminder_times(
        delivered_at=utc(2026, 11, 23, 19, 30),
        deadline=utc(2026, 11, 24, 16, 59),
        zone=LONDON,
        schedule=schedule,
    )
    assert utc(2026, 11, 24, 16, 30) not in found
