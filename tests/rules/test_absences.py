"""Days off, and what they leave of a week."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import weeks
from bot.rules.absences import (
    FURTHEST,
    Calendar,
    Span,
    WorkWeek,
    after_days_off,
    deadline,
    into_working_day,
    into_working_time,
    merged,
    send_at,
    target_of,
)
from bot.rules.weeks import DEFAULT_SCHEDULE, Schedule, bounds, due_at, local_to_utc

LONDON = ZoneInfo("Europe/London")
EVERYWHERE = [LONDON, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland")]
"""None of them changes its clocks in December."""
MONDAY = date(2026, 11, 30)
"""A Monday; the check-in about this week is due on 7 December."""
DAY = timedelta(days=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in December 2026 in London, which keeps UTC in winter."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def here(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which clocks in `zone` show what those in London show at `moment`."""
    return moment.replace(tzinfo=zone)


def away(*spans: tuple[int, int]) -> Calendar:
    """Away on these days of December 2026."""
    return Calendar(away=merged((date(2026, 12, a), date(2026, 12, b)) for a, b in spans))


# Days


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        ([], []),
        ([(3, 5)], [(3, 5)]),
        ([(6, 9), (3, 5)], [(3, 9)]),  # they touch
        ([(7, 9), (3, 5)], [(3, 5), (7, 9)]),
        ([(3, 9), (4, 5)], [(3, 9)]),
        ([(3, 5), (5, 7), (3, 5)], [(3, 7)]),
    ],
)
def test_overlapping_absences_are_counted_once(
    spans: list[tuple[int, int]], found: list[tuple[int, int]]
) -> None:
    def days(pairs: list[tuple[int, int]]) -> list[Span]:
        return [(date(2026, 12, a), date(2026, 12, b)) for a, b in pairs]

    assert list(merged(days(spans))) == days(found)


A_DAY = st.dates(date(2026, 11, 1), date(2027, 2, 28))
SPANS = st.lists(st.tuples(A_DAY, st.integers(0, 20)).map(lambda p: (p[0], p[0] + p[1] * DAY)))


@given(SPANS, A_DAY)
def test_merging_keeps_every_day_and_adds_none(spans: list[Span], day: date) -> None:
    calendar = Calendar(away=merged(spans))
    assert calendar.is_away(day) == any(first <= day <= last for first, last in spans)
    ends = [d for span in calendar.away for d in span]
    assert ends == sorted(ends)


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        (Calendar(), WorkWeek(5)),
        (away((2, 3)), WorkWeek(5, off=2)),
        (away((4, 6)), WorkWeek(5, off=1)),  # Friday and the weekend
        (away((5, 6)), WorkWeek(5)),  # the weekend alone
        (Calendar(away=((MONDAY, MONDAY + 6 * DAY),)), WorkWeek(5, off=5)),
        (Calendar(holidays=frozenset({MONDAY})), WorkWeek(5, off=1, holidays=1)),
        (
            Calendar(holidays=frozenset({MONDAY}), away=((MONDAY, MONDAY + DAY),)),
            WorkWeek(5, off=2, holidays=1),
        ),
        (Calendar(holidays=frozenset({MONDAY + 5 * DAY})), WorkWeek(5)),
        (Calendar(working_days=frozenset({6, 0, 1, 2, 3})), WorkWeek(5)),
        (
            Calendar(working_days=frozenset({2}), away=((MONDAY + 2 * DAY, MONDAY + 2 * DAY),)),
            WorkWeek(1, off=1),
        ),
    ],
)
def test_a_week_is_counted_in_working_days(calendar: Calendar, expected: WorkWeek) -> None:
    assert calendar.week(MONDAY) == expected


def test_the_next_working_day_is_neither_off_nor_a_weekend() -> None:
    calendar = Calendar(
        away=((date(2026, 12, 21), date(2026, 12, 24)),),
        holidays=frozenset({date(2026, 12, 25), date(2026, 12, 28)}),
    )
    assert calendar.next_working_day(date(2026, 12, 21)) == date(2026, 12, 29)
    assert calendar.next_working_day(date(2026, 12, 18)) == date(2026, 12, 29)
    assert calendar.away_until(date(2026, 12, 22)) == date(2026, 12, 24)
    assert calendar.away_until(date(2026, 12, 25)) is None


def test_an_absence_lasts_from_its_first_day_to_its_last() -> None:
    found = [away((8, 10)).away_until(date(2026, 12, day)) for day in (7, 8, 9, 10, 11)]
    assert found == [None, *[date(2026, 12, 10)] * 3, None]


def test_a_working_day_is_looked_for_over_three_years() -> None:
    today = date(2026, 12, 7)
    tomorrow, years = today + DAY, today + 3 * 366 * DAY
    every_day = frozenset(range(7))
    almost = Calendar(working_days=every_day, away=((tomorrow, years - 2 * DAY),))
    assert almost.next_working_day(today) == years - DAY
    longer = Calendar(working_days=every_day, away=((tomorrow, years - DAY),))
    assert longer.next_working_day(today) == tomorrow
    assert Calendar(working_days=frozenset()).next_working_day(today) == tomorrow


def test_an_absence_may_be_recorded_a_year_ahead() -> None:
    assert timedelta(days=366) == FURTHEST


# Targets


@pytest.mark.parametrize(
    ("full", "unit", "week", "expected"),
    [
        ("20", "count", WorkWeek(5, off=2), "12"),
        ("20", "count", WorkWeek(5), "20"),
        ("9", "count", WorkWeek(5, off=2), "5"),  # 5.4
        ("9", "count", WorkWeek(5, off=4), "1"),  # 1.8
        ("2", "count", WorkWeek(5, off=4), "1"),  # 0.4, but a day is left
        ("1", "count", WorkWeek(5, off=4), "1"),
        ("20", "count", WorkWeek(5, off=5), "0"),
        ("20", "count", WorkWeek(0, off=0), "20"),
        ("10000", "money", WorkWeek(5, off=1), "8000"),
        ("1000", "money", WorkWeek(3, off=1), "666.66"),
        ("0.01", "money", WorkWeek(5, off=4), "0.01"),
        ("999999999999.99", "money", WorkWeek(7, off=1), "857142857142.84"),
        ("3.5", "hours", WorkWeek(5, off=2), "2.1"),
        ("1", "hours", WorkWeek(3, off=1), "0.6666"),
    ],
)
def test_the_target_shrinks_in_proportion(
    full: str, unit: str, week: WorkWeek, expected: str
) -> None:
    assert target_of(Decimal(full), unit, week) == Decimal(expected)


UNITS = st.sampled_from(["count", "money", "hours"])


@st.composite
def fulls(draw: st.DrawFn) -> tuple[Decimal, str]:
    unit = draw(UNITS)
    places = {"count": 0, "money": 2, "hours": 4}[unit]
    return Decimal(draw(st.integers(1, 10**16 - 1))).scaleb(-places), unit


@given(fulls(), st.integers(1, 7), st.data())
def test_the_target_is_never_above_the_share_and_falls_with_every_day_off(
    full_and_unit: tuple[Decimal, str], days: int, data: st.DataObject
) -> None:
    full, unit = full_and_unit
    targets = [target_of(full, unit, WorkWeek(days, off=off)) for off in range(days + 1)]
    assert targets[0] == full
    assert targets[-1] == 0
    assert targets == sorted(targets, reverse=True)
    step = {"count": Decimal(1), "money": Decimal("0.01")}.get(unit, Decimal("0.0001"))
    for off, target in enumerate(targets[:-1]):
        share = full * (days - off)  # times `days`: no division, so nothing is rounded here
        assert target > 0
        assert target % step == 0
        assert target * days <= share or target == step
        assert (target + step) * days > share


# Moments


@pytest.mark.parametrize(
    ("moment", "calendar", "expected"),
    [
        (at(7, 9), Calendar(), at(7, 9)),
        (at(7, 9), away((7, 7)), at(8, 9)),
        (at(7, 9), away((7, 10)), at(11, 9)),
        (at(7, 9), away((7, 11)), at(14, 9)),  # a Friday: the next working day is Monday
        (at(5, 9), Calendar(), at(5, 9)),  # a Saturday is no day off, only no working day
        (at(7, 9), Calendar(holidays=frozenset({date(2026, 12, 7)})), at(8, 9)),
    ],
)
@pytest.mark.parametrize("zone", EVERYWHERE, ids=str)
def test_a_moment_waits_for_the_first_working_day(
    zone: ZoneInfo, moment: datetime, calendar: Calendar, expected: datetime
) -> None:
    moment, expected = here(moment, zone), here(expected, zone)
    assert after_days_off(moment, calendar=calendar, zone=zone) == expected
    assert send_at(moment, calendar=calendar, schedule=DEFAULT_SCHEDULE, zone=zone) == expected


def test_a_check_in_at_six_waits_for_working_hours_only_after_days_off() -> None:
    early = Schedule(day=0, at=time(6), deadline_day=1, deadline_at=time(17))
    assert send_at(at(7, 6), calendar=Calendar(), schedule=early, zone=LONDON) == at(7, 6)
    assert send_at(at(7, 6), calendar=away((7, 8)), schedule=early, zone=LONDON) == at(9, 8)


@pytest.mark.parametrize(
    ("day", "off", "expected"),
    [
        (10, (10, 10), at(14, 8)),  # Friday evening is too late, and nobody works on Saturday
        (9, (9, 9), at(11, 8)),
        (4, (4, 4), at(8, 8)),
    ],
)
@pytest.mark.parametrize("zone", EVERYWHERE, ids=str)
def test_a_check_in_of_the_evening_that_waited_goes_out_on_a_working_morning(
    zone: ZoneInfo, day: int, off: tuple[int, int], expected: datetime
) -> None:
    evening = Schedule(day=3, at=time(22), deadline_day=4, deadline_at=time(17))
    found = send_at(here(at(day, 22), zone), calendar=away(off), schedule=evening, zone=zone)
    assert found == here(expected, zone)


@pytest.mark.parametrize("zone", EVERYWHERE, ids=str)
def test_an_evening_before_a_day_off_is_followed_by_the_day_after_it(zone: ZoneInfo) -> None:
    moment = into_working_time(
        here(at(7, 21), zone), calendar=away((8, 9)), schedule=DEFAULT_SCHEDULE, zone=zone
    )
    assert moment == here(at(10, 8), zone)


@pytest.mark.parametrize(
    ("moment", "calendar", "expected"),
    [
        (at(7, 9), Calendar(), at(7, 9)),
        (at(5, 9), Calendar(), at(7, 9)),  # Saturday
        (at(4, 21), Calendar(), at(7, 8)),  # too late on Friday
        (at(4, 21), away((7, 8)), at(9, 8)),
        (at(4, 12), away((4, 4)), at(7, 12)),
        (at(5, 9), Calendar(working_days=frozenset({5})), at(5, 9)),
        (at(5, 9), Calendar(working_days=frozenset()), at(5, 9)),
    ],
)
@pytest.mark.parametrize("zone", EVERYWHERE, ids=str)
def test_what_can_wait_comes_on_a_day_that_the_rep_works_on(
    zone: ZoneInfo, moment: datetime, calendar: Calendar, expected: datetime
) -> None:
    found = into_working_day(
        here(moment, zone), calendar=calendar, schedule=DEFAULT_SCHEDULE, zone=zone
    )
    assert found == here(expected, zone)


def test_the_day_is_the_reps_own() -> None:
    auckland = ZoneInfo("Pacific/Auckland")
    moment = datetime(2026, 12, 6, 20, 0, tzinfo=UTC)  # Monday 09:00 there, Sunday in London
    assert after_days_off(moment, calendar=away((7, 7)), zone=auckland) == moment + DAY
    assert after_days_off(moment, calendar=away((7, 7)), zone=LONDON) == moment


@pytest.mark.parametrize(
    ("delivered", "calendar", "expected"),
    [
        (at(7, 9), Calendar(), at(8, 17)),
        (at(7, 9), away((8, 8)), at(9, 17)),  # away on the deadline's day
        (at(7, 9), away((8, 11)), at(14, 17)),
        (at(8, 9), away((7, 7)), at(9, 17)),  # it waited a day, and so does its deadline
        (at(10, 9), away((7, 9)), at(11, 17)),
        (at(11, 9), away((7, 10)), at(14, 17)),  # not on a Saturday
        (at(10, 9), away((7, 9), (11, 11)), at(14, 17)),
        (at(10, 15), away((7, 9)), at(11, 23)),  # late besides: the whole window
        (at(7, 12), Calendar(), at(8, 20)),
    ],
)
@pytest.mark.parametrize("zone", EVERYWHERE, ids=str)
def test_the_deadline_minds_days_off(
    zone: ZoneInfo, delivered: datetime, calendar: Calendar, expected: datetime
) -> None:
    found = deadline(
        delivered_at=here(delivered, zone),
        week=MONDAY,
        calendar=calendar,
        schedule=DEFAULT_SCHEDULE,
        zone=zone,
    )
    assert found == here(expected, zone)


@pytest.mark.parametrize(
    ("delivered", "grace", "expected"),
    [
        (at(8, 8), 15, at(9, 17)),  # sent two hours later in the day than it was due
        (at(8, 8, 15), 15, at(9, 17)),
        (at(8, 8, 16), 15, at(9, 19, 30)),  # late besides: the whole 35 hours
        (at(8, 9), 60, at(9, 17)),
    ],
)
def test_what_waited_in_time_keeps_the_hour_of_its_deadline(
    delivered: datetime, grace: int, expected: datetime
) -> None:
    found = deadline(
        delivered_at=delivered,
        week=MONDAY,
        calendar=away((7, 7)),
        schedule=Schedule(day=0, at=time(6), deadline_day=1, deadline_at=time(17)),
        zone=LONDON,
        grace=timedelta(minutes=grace),
    )
    assert found == expected


def test_a_longer_grace_is_given_without_a_day_off_as_well() -> None:
    found = deadline(
        delivered_at=at(7, 10),
        week=MONDAY,
        calendar=Calendar(),
        schedule=DEFAULT_SCHEDULE,
        zone=LONDON,
        grace=timedelta(hours=1),
    )
    assert found == at(8, 17)


ZONES = st.sampled_from(
    ["Europe/London", "America/New_York", "Pacific/Auckland", "America/Santiago", "Asia/Tehran"]
).map(ZoneInfo)
SCHEDULES = st.builds(
    Schedule,
    day=st.integers(0, 6),
    at=st.times(),
    deadline_day=st.integers(0, 6),
    deadline_at=st.times(),
)
CALENDARS = st.builds(
    Calendar,
    working_days=st.frozensets(st.integers(0, 6), min_size=1),
    holidays=st.frozensets(A_DAY, max_size=10),
    away=SPANS.map(merged),
)


@given(st.integers(0, 12), SCHEDULES, ZONES, CALENDARS)
def test_nothing_is_due_or_closes_on_a_day_off(
    number: int, schedule: Schedule, zone: ZoneInfo, calendar: Calendar
) -> None:
    week = MONDAY + number * timedelta(days=7)
    due = due_at(week, schedule, zone)
    sent = send_at(due, calendar=calendar, schedule=schedule, zone=zone)
    closes = deadline(delivered_at=sent, week=week, calendar=calendar, schedule=schedule, zone=zone)
    assert sent >= due
    assert closes > sent
    for moment in (sent, closes):
        day = moment.astimezone(zone).date()
        assert not calendar.is_off(day)
        if moment not in (
            due,
            weeks.deadline(delivered_at=due, week=week, schedule=schedule, zone=zone),
        ):
            assert calendar.works(day)
    start, _ = bounds(week, zone)
    assert sent >= start
    assert local_to_utc(week, time(12), zone) < sent
