"""The time of a plan: years and quarters, the first Monday that counts, the working weeks left."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.rules.periods import (
    LONGEST,
    Period,
    Span,
    first_week,
    following_span,
    proposed,
    span_of,
    span_problem,
    working_days,
    working_weeks,
)

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31))


def _span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("period", "today", "first", "last"),
    [
        (Period.THIS_YEAR, "2026-11-25", "2026-01-01", "2026-12-31"),
        (Period.THIS_YEAR, "2026-12-31", "2026-01-01", "2026-12-31"),
        (Period.THIS_YEAR, "2027-01-01", "2027-01-01", "2027-12-31"),
        (Period.NEXT_YEAR, "2026-12-31", "2027-01-01", "2027-12-31"),
        (Period.THIS_QUARTER, "2028-02-29", "2028-01-01", "2028-03-31"),
        (Period.THIS_QUARTER, "2026-03-31", "2026-01-01", "2026-03-31"),
        (Period.THIS_QUARTER, "2026-04-01", "2026-04-01", "2026-06-30"),
        (Period.THIS_QUARTER, "2026-09-30", "2026-07-01", "2026-09-30"),
        (Period.THIS_QUARTER, "2026-12-31", "2026-10-01", "2026-12-31"),
        (Period.NEXT_QUARTER, "2026-01-31", "2026-04-01", "2026-06-30"),
        (Period.NEXT_QUARTER, "2026-09-30", "2026-10-01", "2026-12-31"),
        (Period.NEXT_QUARTER, "2026-10-01", "2027-01-01", "2027-03-31"),
        (Period.NEXT_QUARTER, "2027-12-31", "2028-01-01", "2028-03-31"),
    ],
)
def test_the_days_of_a_year_and_of_a_quarter(
    period: Period, today: str, first: str, last: str
) -> None:
    assert span_of(period, today=date.fromisoformat(today)) == _span(first, last)


def test_two_dates_name_their_own_days() -> None:
    with pytest.raises(ValueError, match=r"^two dates name their own days$"):
        span_of(Period.DATES, today=date(2026, 11, 25))


@given(today=days)
def test_this_and_next_follow_on_each_other_and_today_is_in_this(today: date) -> None:
    for this, following in (
        (Period.THIS_YEAR, Period.NEXT_YEAR),
        (Period.THIS_QUARTER, Period.NEXT_QUARTER),
    ):
        now, then = span_of(this, today=today), span_of(following, today=today)
        assert today in now
        assert then.first == now.last + timedelta(days=1)
        assert span_of(this, today=then.first) == then


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        ("2026-12-02", "2026-12-01", "The end is before the beginning: choose a later end."),
        (
            "2026-01-01",
            "2026-11-24",
            "This period is over: choose one that ends after today.",
        ),
        (
            "2026-01-01",
            "2026-11-25",  # today: it is not over, only too late to begin
            "No Monday is left in this period: choose a later end.",
        ),
        ("2026-11-25", "2029-11-27", None),  # three years, each of them with a leap day
        (
            "2026-11-25",
            "2029-11-28",
            "That is too long to plan: choose up to three years.",
        ),
        (
            "2026-11-25",
            "2030-11-25",
            "That is too long to plan: choose up to three years.",
        ),
        (
            "2026-01-01",
            "2026-11-29",
            "No Monday is left in this period: choose a later end.",
        ),
        ("2026-01-01", "2026-11-30", None),
        ("2026-01-01", "2028-12-31", None),
    ],
)
def test_what_no_plan_can_be_made_for(first: str, last: str, problem: str | None) -> None:
    assert span_problem(_span(first, last), today=date(2026, 11, 25)) == problem  # a Wednesday


@pytest.mark.parametrize(
    ("first", "today", "monday"),
    [
        ("2026-01-01", "2026-11-25", "2026-11-30"),  # a Wednesday
        ("2026-01-01", "2026-11-29", "2026-11-30"),  # a Sunday
        ("2026-01-01", "2026-11-30", "2026-12-07"),  # a Monday: this week has begun
        ("2027-01-01", "2026-11-25", "2027-01-04"),  # begins on a Friday
        ("2027-02-01", "2026-11-25", "2027-02-01"),  # begins on a Monday
        ("2026-12-01", "2026-12-28", "2027-01-04"),
    ],
)
def test_a_plan_counts_from_the_next_monday_inside_it(first: str, today: str, monday: str) -> None:
    span = Span(date.fromisoformat(first), date(2027, 12, 31))
    assert first_week(span, today=date.fromisoformat(today)) == date.fromisoformat(monday)


@given(today=days, first=days)
def test_the_first_week_is_a_coming_monday_and_the_earliest(today: date, first: date) -> None:
    monday = first_week(Span(first, first), today=today)
    assert monday.weekday() == 0
    assert monday > today
    assert monday >= first
    before = monday - timedelta(days=7)
    assert before <= today or before < first


@pytest.mark.parametrize(
    ("period", "first", "last", "today", "following", "begins", "ends"),
    [
        # At its end, and after it.
        ("this_year", "2026-01-01", "2026-12-31", "2026-12-31", "next_year", "2027", "2027"),
        ("this_year", "2026-01-01", "2026-12-31", "2027-01-05", "this_year", "2027", "2027"),
        ("next_year", "2026-01-01", "2026-12-31", "2026-06-01", "next_year", "2027", "2027"),
        # A plan of long ago.
        ("this_year", "2020-01-01", "2020-12-31", "2026-06-01", "this_year", "2026", "2026"),
        # A plan for a year that has not begun.
        ("next_year", "2027-01-01", "2027-12-31", "2026-12-01", "next_year", "2027", "2027"),
        # Too late in the year for a Monday.
        ("this_year", "2024-01-01", "2024-12-31", "2025-12-30", "next_year", "2026", "2026"),
    ],
)
def test_a_year_is_followed_by_the_year_that_is_left(
    period: str, first: str, last: str, today: str, following: str, begins: str, ends: str
) -> None:
    found = following_span(Period(period), _span(first, last), today=date.fromisoformat(today))
    assert found == (Period(following), _span(f"{begins}-01-01", f"{ends}-12-31"))


@pytest.mark.parametrize(
    ("today", "following", "first", "last"),
    [
        ("2026-12-20", Period.NEXT_QUARTER, "2027-01-01", "2027-03-31"),
        ("2027-01-01", Period.THIS_QUARTER, "2027-01-01", "2027-03-31"),
        ("2027-03-30", Period.NEXT_QUARTER, "2027-04-01", "2027-06-30"),
        ("2028-02-29", Period.THIS_QUARTER, "2028-01-01", "2028-03-31"),
    ],
)
def test_a_quarter_is_followed_by_the_quarter_that_is_left(
    today: str, following: Period, first: str, last: str
) -> None:
    quarter = _span("2026-10-01", "2026-12-31")
    found = following_span(Period.THIS_QUARTER, quarter, today=date.fromisoformat(today))
    assert found == (following, _span(first, last))


def test_a_period_that_is_farther_away_gives_way_to_the_next_one() -> None:
    today = date(2026, 11, 25)
    summer = _span("2027-07-01", "2027-09-30")
    assert following_span(Period.NEXT_QUARTER, summer, today=today) == (
        Period.NEXT_QUARTER,
        _span("2027-01-01", "2027-03-31"),
    )
    years_ahead = _span("2029-01-01", "2029-12-31")
    assert following_span(Period.NEXT_YEAR, years_ahead, today=today) == (
        Period.NEXT_YEAR,
        _span("2027-01-01", "2027-12-31"),
    )


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        ("2026-03-01", "2026-04-01", "2026-05-30"),
        ("2026-03-31", "2026-04-01", "2026-05-30"),
        ("2026-09-09", "2026-09-09", "2026-11-07"),
    ],
)
def test_two_dates_keep_their_length(today: str, first: str, last: str) -> None:
    dates = _span("2026-01-31", "2026-03-31")
    found = following_span(Period.DATES, dates, today=date.fromisoformat(today))
    assert found == (Period.DATES, _span(first, last))


@given(
    today=days,
    period=st.sampled_from([period for period in Period if period is not Period.DATES]),
    since=st.integers(0, 400),
)
def test_what_follows_a_period_that_has_begun_is_later_and_can_be_planned(
    today: date, period: Period, since: int
) -> None:
    span = span_of(period, today=today)
    today = span.first + timedelta(days=since)
    following, then = following_span(period, span, today=today)
    assert then.first > span.first
    assert then == span_of(following, today=today)
    assert span_problem(then, today=today) is None


@pytest.mark.parametrize(
    ("first", "last", "today", "away", "weeks"),
    [
        ("2027-01-01", "2027-12-31", "2026-11-25", (), "52.0"),
        ("2028-01-01", "2028-12-31", "2027-11-25", (), "52.0"),  # a leap year from Monday 3 January
        ("2024-01-01", "2024-03-31", "2023-12-20", (), "13.0"),  # with a 29 February
        ("2026-01-01", "2026-12-31", "2026-11-25", (), "4.8"),  # four weeks and four days
        ("2026-01-01", "2026-12-31", "2026-11-25", ("2026-12-24", "2026-12-25"), "4.4"),
        ("2026-01-01", "2026-12-31", "2026-11-25", ("2026-12-26", "2026-12-27"), "4.8"),  # weekend
        ("2026-01-01", "2026-12-31", "2026-11-25", ("2026-11-27", "2027-01-01"), "4.8"),  # outside
        ("2026-01-01", "2026-11-29", "2026-11-25", (), "0.0"),
    ],
)
def test_working_weeks(
    first: str, last: str, today: str, away: tuple[str, ...], weeks: str
) -> None:
    gone = [date.fromisoformat(day) for day in away]
    found = working_weeks(_span(first, last), today=date.fromisoformat(today), away=gone)
    assert found == Decimal(weeks)


@pytest.mark.parametrize(
    ("weekdays", "weeks"),
    [
        (range(4), "5.2"),  # 21 days of 4 a week: 5.25
        (range(6), "5.1"),  # 31 days of 6 a week: 5.17, rounded down
        ([0], "6.0"),
    ],
)
def test_a_week_is_as_long_as_the_team_works(weekdays: Collection[int], weeks: str) -> None:
    span = _span("2027-01-04", "2027-02-08")  # from a Monday to a Monday
    found = working_weeks(span, today=date(2026, 12, 1), away=(), weekdays=weekdays)
    assert found == Decimal(weeks)


@given(today=days, first=days, length=st.integers(0, LONGEST.days), data=st.data())
def test_each_working_day_away_takes_a_fifth_of_a_week(
    today: date, first: date, length: int, data: st.DataObject
) -> None:
    span = Span(first, first + timedelta(days=length))
    assume(span_problem(span, today=today) is None)
    whole = working_weeks(span, today=today, away=())
    offsets = data.draw(st.sets(st.integers(-10, length + 10), max_size=20))
    away = {first + timedelta(days=offset) for offset in offsets}
    counted = [
        day
        for day in away
        if day.weekday() < 5 and first_week(span, today=today) <= day <= span.last
    ]
    assert working_weeks(span, today=today, away=away) == whole - Decimal(len(counted)) / 5


@given(first=days, length=st.integers(-3, 40), other=days, other_length=st.integers(-3, 40))
def test_shared_days_are_those_that_are_in_both(
    first: date, length: int, other: date, other_length: int
) -> None:
    other = first + (other - first) % timedelta(days=50)  # near enough to meet
    one = Span(first, first + timedelta(days=length))
    two = Span(other, other + timedelta(days=other_length))
    in_both = [
        day for day in (first + timedelta(days=n) for n in range(60)) if day in one and day in two
    ]
    shared = one.shared(two)
    assert shared == two.shared(one)
    assert (shared.days if shared else 0) == len(in_both)
    assert shared is None or (shared.first, shared.last) == (in_both[0], in_both[-1])


def test_working_days_are_monday_to_friday() -> None:
    found = working_days(_span("2026-11-27", "2026-12-01"))  # Friday to Tuesday
    assert found == {date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1)}


@pytest.mark.parametrize(
    ("today", "period"),
    [
        ("2026-01-01", Period.THIS_YEAR),
        ("2026-11-25", Period.THIS_YEAR),
        ("2026-11-26", Period.NEXT_YEAR),
        ("2026-12-01", Period.NEXT_YEAR),
        ("2026-12-31", Period.NEXT_YEAR),
    ],
)
def test_a_first_plan_is_proposed_for_a_year_with_time_left(today: str, period: Period) -> None:
    day = date.fromisoformat(today)
    offered = {each: span_of(each, today=day) for each in Period if each is not Period.DATES}
    assert proposed(offered, today=day) is period
    without = {each: span for each, span in offered.items() if each is not Period.THIS_YEAR}
    assert proposed(without, today=day) is Period.NEXT_YEAR
    assert proposed({}, today=day) is Period.DATES


def test_a_fresh_start_skips_what_is_nearly_over() -> None:
    old = _span("2025-01-01", "2025-12-31")
    for today, following in ((date(2026, 11, 25), "this_year"), (date(2026, 12, 1), "next_year")):
        assert following_span(Period.THIS_YEAR, old, today=today)[0] == following
