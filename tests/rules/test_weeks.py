"""Weeks, due moments, deadlines and reminders, against oracles that scan the clock."""

from __future__ import annotations

import io
import struct
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.rules import weeks
from bot.rules.weeks import DEFAULT_SCHEDULE, WEEK, Schedule

LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
APIA = ZoneInfo("Pacific/Apia")
TEHRAN = ZoneInfo("Asia/Tehran")
MINUTE = timedelta(minutes=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def hand_made_zone(*, before: int, after: int, at: datetime) -> ZoneInfo:
    """A zone that changes once, at a UTC moment, from one offset in seconds to another."""
    header = b"TZif2" + bytes(15)
    first = (
        header + struct.pack(">6l", 0, 0, 0, 0, 1, 1) + struct.pack(">lbb", before, 0, 0) + b"\0"
    )
    names = b"OLD\0NEW\0"
    second = header + struct.pack(">6l", 0, 0, 0, 1, 2, len(names))
    second += struct.pack(">q", int(at.timestamp())) + b"\1"
    second += struct.pack(">lbb", before, 0, 0) + struct.pack(">lbb", after, 0, 4) + names
    sign, hours, minutes = "-" if after > 0 else "+", *divmod(abs(after) // 60, 60)
    footer = f"\n<NEW>{sign}{hours}:{minutes:02}\n".encode()
    return ZoneInfo.from_file(io.BytesIO(first + second + footer), key="Test/Handmade")


# Monday 2 March 2026 does not exist here: Sunday's midnight is followed by Tuesday's.
NO_MONDAY = hand_made_zone(before=-43200, after=43200, at=utc(2026, 3, 2, 12))
# Here Monday 2 March 2026 comes twice.
TWO_MONDAYS = hand_made_zone(before=43200, after=-43200, at=utc(2026, 3, 2, 12))
# 23:30 on Sunday is followed by 00:30 on Monday, and the other way round.
GAP_OVER_MIDNIGHT = hand_made_zone(before=0, after=3600, at=utc(2026, 3, 1, 23, 30))
BACK_OVER_MIDNIGHT = hand_made_zone(before=3600, after=0, at=utc(2026, 3, 1, 23, 30))
HAND_MADE = [NO_MONDAY, TWO_MONDAYS, GAP_OVER_MIDNIGHT, BACK_OVER_MIDNIGHT]

zones = st.one_of(
    st.timezones(),
    st.sampled_from([LONDON, NEW_YORK, APIA, TEHRAN, *HAND_MADE]),
)
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


def first_wall_at_or_after(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Scans the minutes for the first one whose wall clock shows the time or, in a gap, has passed it."""
    wanted = datetime.combine(day, at)
    moment = datetime.combine(day, at, tzinfo=UTC) - timedelta(hours=38)
    while wall(moment, zone) < wanted:
        step = (wanted - wall(moment, zone)) // 2 // MINUTE * MINUTE
        step = min(step, timedelta(hours=1))
        moment += max(step, MINUTE)
    return moment


# --- naming a week -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 29), date(2026, 11, 23)),
        (date(2027, 1, 3), date(2026, 12, 28)),  # the end of week 53
        (date(2024, 12, 30), date(2024, 12, 30)),  # week 1 of 2025
    ],
)
def test_a_week_is_named_by_its_monday(day: date, monday: date) -> None:
    assert weeks.monday_of(day) == monday
    assert weeks.monday_of(day).isocalendar()[:2] == day.isocalendar()[:2]


def test_the_week_is_the_local_one() -> None:
    moment = utc(2026, 11, 23, 3)  # still Sunday evening in New York
    assert weeks.week_of(moment, LONDON) == date(2026, 11, 23)
    assert weeks.week_of(moment, NEW_YORK) == date(2026, 11, 16)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        weeks.week_of(datetime(2026, 11, 23), LONDON)  # noqa: DTZ001


@given(moment=moments, zone=zones)
def test_every_moment_lies_within_the_bounds_of_its_week(moment: datetime, zone: ZoneInfo) -> None:
    week = weeks.week_of(moment, zone)
    start, end = weeks.bounds(week, zone)
    assert week.weekday() == 0
    assert start <= moment < end
    assert start.tzinfo is UTC
    assert weeks.bounds(week + WEEK, zone)[0] == end


@given(moment=moments, later=st.timedeltas(timedelta(0), timedelta(days=15)), zone=zones)
def test_weeks_never_go_back(moment: datetime, later: timedelta, zone: ZoneInfo) -> None:
    assert weeks.week_of(moment + later, zone) >= weeks.week_of(moment, zone)


@pytest.mark.parametrize("zone", HAND_MADE)
def test_every_minute_round_a_strange_monday_has_its_week(zone: ZoneInfo) -> None:
    moment = utc(2026, 2, 28)
    seen = []
    while moment < utc(2026, 3, 5):
        week = weeks.week_of(moment, zone)
        start, end = weeks.bounds(week, zone)
        assert start <= moment < end
        if week not in seen:
            assert moment == start or not seen  # a week begins in the very minute it is named
            seen.append(week)
        moment += MINUTE
    assert seen == [date(2026, 2, 23), date(2026, 3, 2)]


# --- the wall clock ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "at", "moment"),
    [
        (LONDON, date(2026, 7, 6), time(9), utc(2026, 7, 6, 8)),
        (LONDON, date(2026, 11, 23), time(9), utc(2026, 11, 23, 9)),
        # gaps move forward by their length
        (LONDON, date(2026, 3, 29), time(1, 30), utc(2026, 3, 29, 1, 30)),
        (NEW_YORK, date(2026, 3, 8), time(2, 30), utc(2026, 3, 8, 7, 30)),
        (TEHRAN, date(2021, 3, 22), time(0), utc(2021, 3, 21, 20, 30)),
        (
            ZoneInfo("Australia/Lord_Howe"),
            date(2026, 10, 4),
            time(2),
            utc(2026, 10, 3, 15, 30),
        ),
        # overlaps take the first
        (LONDON, date(2026, 10, 25), time(1, 30), utc(2026, 10, 25, 0, 30)),
        (NEW_YORK, date(2026, 11, 1), time(1, 30), utc(2026, 11, 1, 5, 30)),
        # days that do not exist give the first moment after them
        (APIA, date(2011, 12, 30), time(9), utc(2011, 12, 30, 10)),
        (APIA, date(2011, 12, 30), time(23, 59), utc(2011, 12, 30, 10)),
        (ZoneInfo("Pacific/Kwajalein"), date(1993, 8, 21), time(9), utc(1993, 8, 21, 12)),
        (NO_MONDAY, date(2026, 3, 2), time(9), utc(2026, 3, 2, 12)),
        # a day that comes twice gives its first
        (TWO_MONDAYS, date(2026, 3, 2), time(9), utc(2026, 3, 1, 21)),
        (GAP_OVER_MIDNIGHT, date(2026, 3, 1), time(23, 45), utc(2026, 3, 1, 23, 45)),
    ],
)
def test_local_times_in_utc(zone: ZoneInfo, day: date, at: time, moment: datetime) -> None:
    assert weeks.local_to_utc(day, at, zone) == moment


@given(local=walls, zone=zones)
def test_local_times_survive_the_round_trip(local: datetime, zone: ZoneInfo) -> None:
    local = local.replace(second=0, microsecond=0)
    moment = weeks.local_to_utc(local.date(), local.time(), zone)
    earlier = [moment - timedelta(minutes=15 * n) for n in range(1, 4 * 25)]
    assert all(wall(before, zone) != local for before in earlier)  # it is the first occurrence
    back = wall(moment, zone)
    if back != local:  # a gap: nothing shows this time
        assert back > local
        assert all(wall(moment + timedelta(minutes=15 * n), zone) != local for n in range(4 * 25))


@given(
    moment=moments,
    zone=zones,
)
def test_utc_survives_the_round_trip_outside_overlaps(moment: datetime, zone: ZoneInfo) -> None:
    moment = moment.replace(second=0, microsecond=0)
    local = moment.astimezone(zone)
    assume(local.fold == 0 and local.second == 0)
    assert weeks.local_to_utc(local.date(), local.time(), zone) == moment


# --- due and asked -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent_on", "asks_about"),
    [
        (date(2026, 11, 23), date(2026, 11, 16)),
        (date(2026, 11, 25), date(2026, 11, 16)),
        (date(2026, 11, 29), date(2026, 11, 16)),
        (date(2027, 1, 4), date(2026, 12, 28)),
    ],
)
def test_a_check_in_asks_about_the_week_that_ended(sent_on: date, asks_about: date) -> None:
    assert weeks.asked_week(sent_on) == asks_about


@pytest.mark.parametrize(
    ("week", "moment"),
    [
        (date(2026, 3, 16), utc(2026, 3, 23, 9)),
        (date(2026, 3, 23), utc(2026, 3, 30, 8)),  # summer time begins on the 29th
        (date(2026, 10, 19), utc(2026, 10, 26, 9)),
        (date(2026, 12, 28), utc(2027, 1, 4, 9)),  # week 53
    ],
)
def test_monday_nine_stays_nine_on_both_sides_of_a_clock_change(
    week: date, moment: datetime
) -> None:
    assert weeks.due_at(week, DEFAULT_SCHEDULE, LONDON) == moment


@given(week=mondays, schedule=schedules, zone=zones)
def test_due_is_what_the_wall_clock_shows_first(
    week: date, schedule: Schedule, zone: ZoneInfo
) -> None:
    day = week + WEEK + timedelta(days=schedule.day)
    due = weeks.due_at(week, schedule, zone)
    scanned = first_wall_at_or_after(day, schedule.at, zone)
    if wall(scanned, zone) == datetime.combine(day, schedule.at):
        assert due == scanned
    else:  # in a gap the scan stops at its end, the rule moves on by its length
        assert scanned <= due < scanned + timedelta(hours=2)


@given(week=mondays, schedule=schedules, zone=st.timezones())
def test_neighbours_are_a_week_apart(week: date, schedule: Schedule, zone: ZoneInfo) -> None:
    first = weeks.due_at(week, schedule, zone)
    second = weeks.due_at(week + WEEK, schedule, zone)
    whole_day_moved = timedelta(hours=25)
    shift = abs(second - first - WEEK)
    offsets = {moment.astimezone(zone).utcoffset() for moment in (first, second)}
    if len(offsets) == 1:
        assert shift <= timedelta(hours=2)  # a gap or an overlap at one of the two
    else:
        assert shift <= whole_day_moved


@given(week=st.integers(0, 1500), zone=st.timezones())
def test_neighbouring_mondays_at_nine_are_a_week_apart_but_for_the_clock_change(
    week: int, zone: ZoneInfo
) -> None:
    monday = date(2012, 1, 2) + week * WEEK
    first = weeks.due_at(monday, DEFAULT_SCHEDULE, zone)
    second = weeks.due_at(monday + WEEK, DEFAULT_SCHEDULE, zone)
    assert timedelta(days=6, hours=22) <= second - first <= timedelta(days=7, hours=2)


# --- which week is next --------------------------------------------------------------------------


def next_week(now: datetime, **changes: object) -> date:
    arguments: dict[str, object] = {
        "now": now,
        "schedule": DEFAULT_SCHEDULE,
        "zone": LONDON,
        "enrolled_on": date(2026, 1, 1),
        "last_asked": None,
    }
    return weeks.next_week_to_ask(**(arguments | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "changes", "week"),
    [
        (utc(2026, 11, 23, 8, 59), {}, date(2026, 11, 16)),
        (utc(2026, 11, 23, 9), {}, date(2026, 11, 16)),
        (utc(2026, 11, 23, 9, 1), {}, date(2026, 11, 23)),
        (utc(2026, 11, 23, 8), {"last_asked": date(2026, 11, 16)}, date(2026, 11, 23)),
        (utc(2026, 11, 23, 8), {"last_asked": date(2026, 11, 30)}, date(2026, 12, 7)),
        # nobody is asked about a week before the enrolment
        (utc(2026, 11, 23, 8), {"enrolled_on": date(2026, 11, 23)}, date(2026, 11, 23)),
        (utc(2026, 11, 23, 8), {"enrolled_on": date(2026, 11, 22)}, date(2026, 11, 16)),
        (utc(2026, 11, 23, 8), {"enrolled_on": date(2026, 12, 24)}, date(2026, 12, 21)),
    ],
)
def test_the_next_week_to_ask(now: datetime, changes: dict[str, object], week: date) -> None:
    assert next_week(now, **changes) == week


@given(
    now=moments,
    schedule=schedules,
    zone=zones,
    enrolled=st.integers(-400, 400),
    asked=st.none() | st.integers(-20, 5),
)
def test_the_next_week_equals_the_first_of_a_long_list_that_may_be_asked(
    now: datetime, schedule: Schedule, zone: ZoneInfo, enrolled: int, asked: int | None
) -> None:
    enrolled_on = now.date() + timedelta(days=enrolled)
    this_week = now.date() - timedelta(days=now.weekday())
    last_asked = None if asked is None else this_week + asked * WEEK
    week = weeks.next_week_to_ask(
        now=now, schedule=schedule, zone=zone, enrolled_on=enrolled_on, last_asked=last_asked
    )
    oracle = next(
        candidate
        for candidate in (this_week + n * WEEK for n in range(-70, 70))
        if weeks.due_at(candidate, schedule, zone) >= now
        and candidate + timedelta(days=6) >= enrolled_on
        and (last_asked is None or candidate > last_asked)
    )
    assert week == oracle


@given(now=moments, schedule=schedules, zone=zones)
def test_going_on_from_due_to_due_asks_each_week_once(
    now: datetime, schedule: Schedule, zone: ZoneInfo
) -> None:
    last_asked: date | None = None
    due_moments = []
    asked = []
    moment = now
    for _ in range(6):
        week = weeks.next_week_to_ask(
            now=moment,
            schedule=schedule,
            zone=zone,
            enrolled_on=date(1990, 1, 1),
            last_asked=last_asked,
        )
        moment = weeks.due_at(week, schedule, zone)
        last_asked = week
        asked.append(week)
        due_moments.append(moment)
    assert asked == [asked[0] + n * WEEK for n in range(6)]
    assert due_moments == sorted(set(due_moments))
    assert due_moments[0] >= now


@given(now=moments, zones=st.lists(zones, min_size=2, max_size=6), hours=st.integers(1, 300))
def test_a_traveller_is_asked_about_a_week_once_at_most(
    now: datetime, zones: list[ZoneInfo], hours: int
) -> None:
    asked: list[date] = []
    for zone in zones:
        week = weeks.next_week_to_ask(
            now=now,
            schedule=DEFAULT_SCHEDULE,
            zone=zone,
            enrolled_on=date(1990, 1, 1),
            last_asked=asked[-1] if asked else None,
        )
        asked.append(week)
        now += timedelta(hours=hours)
    assert asked == sorted(set(asked))
