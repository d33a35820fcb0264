"""The period of a plan: which days it spans, and how many working weeks are left in it."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from bot.rules.absences import MONDAY_TO_FRIDAY

LONGEST = timedelta(days=3 * 366)


class Period(enum.StrEnum):
    """How a rep may say which time a plan is for."""

    THIS_YEAR = "this_year"
    THIS_QUARTER = "this_quarter"
    NEXT_YEAR = "next_year"
    NEXT_QUARTER = "next_quarter"
    DATES = "dates"


@dataclass(frozen=True)
class Span:
    """First and last day, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """How many days it has; 0 where the last one comes before the first."""
        return max((self.last - self.first).days + 1, 0)

    def shared(self, other: Span) -> Span | None:
        """The days that both have; None where there are none."""
        both = Span(max(self.first, other.first), min(self.last, other.last))
        return both if both.days else None


def span_of(period: Period, *, today: date) -> Span:
    """The days of a year or quarter around `today`; ValueError for `Period.DATES`, which names none."""
    quarter = (today.month - 1) // 3
    if period is Period.THIS_YEAR:
        return _months(today.year, 0, 12)
    if period is Period.NEXT_YEAR:
        return _months(today.year + 1, 0, 12)
    if period is Period.THIS_QUARTER:
        return _months(today.year, 3 * quarter, 3)
    if period is Period.NEXT_QUARTER:
        return _months(today.year, 3 * quarter + 3, 3)
    raise ValueError("two dates name their own days")


def _months(year: int, skipped: int, count: int) -> Span:
    """`count` months, the first of which comes `skipped` months after January of `year`."""
    year, first = year + skipped // 12, skipped % 12
    last, month = year + (first + count) // 12, (first + count) % 12
    return Span(date(year, first + 1, 1), date(last, month + 1, 1) - timedelta(days=1))


def span_problem(span: Span, *, today: date) -> str | None:
    """Why no plan can be made for these days, in a sentence; None where one can."""
    if span.last < span.first:
        return "The end is before the beginning: choose a later end."
    if span.last < today:
        return "This period is over: choose one that ends after today."
    if span.last - span.first > LONGEST:
        return "That is too long to plan: choose up to three years."
    if first_week(span, today=today) > span.last:
        return "No Monday is left in this period: choose a later end."
    return None


def first_week(span: Span, *, today: date) -> date:
    """The Monday from which on a plan that is written today can count: the next one, inside the period."""
    earliest = max(span.first, today + timedelta(days=1))
    return earliest + timedelta(days=-earliest.weekday() % 7)


def is_nearly_over(span: Span, *, today: date) -> bool:
    """Whether less than a tenth of it is left: five weeks of a year, nine days of a quarter."""
    return Span(today, span.last).days * 10 < span.days


def proposed(offered: Mapping[Period, Span], *, today: date) -> Period:
    """What a first plan is proposed for: this year, or the next one where this one is nearly over."""
    this_year = offered.get(Period.THIS_YEAR)
    if this_year is not None and not is_nearly_over(this_year, today=today):
        return Period.THIS_YEAR
    return Period.NEXT_YEAR if Period.NEXT_YEAR in offered else Period.DATES


def following_span(period: Period, span: Span, *, today: date) -> tuple[Period, Span]:
    """The period that a plan for `span` is followed by.

    The same kind of year or quarter as long as that is not nearly over, then the next; one that has not begun
    stays what it is. Two dates keep their length and begin after the last ones, or today where that is later.
    """
    if period is Period.DATES:
        first = max(span.last + timedelta(days=1), today)
        return period, Span(first, first + (span.last - span.first))
    yearly = period in {Period.THIS_YEAR, Period.NEXT_YEAR}
    for found in (
        (Period.THIS_YEAR, Period.NEXT_YEAR)
        if yearly
        else (Period.THIS_QUARTER, Period.NEXT_QUARTER)
    ):
        following = span_of(found, today=today)
        is_ahead = following.first > span.first and span_problem(following, today=today) is None
        if is_ahead and not is_nearly_over(following, today=today):
            return found, following
    last = Period.NEXT_YEAR if yearly else Period.NEXT_QUARTER
    return last, span_of(last, today=today)


def working_weeks(
    span: Span,
    *,
    today: date,
    away: Collection[date],
    weekdays: Collection[int] = MONDAY_TO_FRIDAY,
) -> Decimal:
    """The working weeks from the first Monday that counts to the end, rounded down to a tenth.

    A day of `weekdays` counts for its share of a week unless it is in `away` (leave and public holidays).
    """
    time = Span(first_week(span, today=today), span.last)
    days = working_days(time, weekdays).difference(away)
    return (Decimal(len(days)) / len(weekdays)).quantize(Decimal("0.1"), ROUND_DOWN)


def working_days(span: Span, weekdays: Collection[int] = MONDAY_TO_FRIDAY) -> set[date]:
    """Its days that are worked on, whether somebody is away or not."""
    days = (span.first + timedelta(days=number) for number in range(span.days))
    return {day for day in days if day.weekday() in weekdays}
