"""Numbers, days and times as the reader writes them.

A number may have a unit that a person typed, so it is plain text, to be escaped. Days, times and counts consist
of the locale's words, in which Slack has nothing to read: they are good as mrkdwn and as plain text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date

from bot.domain.shown.checkins import QuestionShown
from bot.domain.shown.reader import Reader
from bot.rules.absences import WorkWeek
from bot.rules.days import show_time
from bot.rules.numbers import show_number
from bot.slack.views.mrkdwn import Mrkdwn, escape, fill, join, literal


def number(value: Decimal, unit: str, reader: Reader) -> str:
    """`17`, `$12,500`, `3.5 hours`."""
    return show_number(value, unit=unit, currency=reader.currency, locale=reader.locale)


def bare_number(value: Decimal, unit: str, reader: Reader) -> str:
    """The number as it stands before "of": without the unit's own word."""
    if unit in {"count", "money"}:
        return number(value, unit, reader)
    return number(value, "count" if value == value.to_integral_value() else unit, reader)


def known_of(logged: Decimal | None, target: Decimal, unit: str, reader: Reader) -> Mrkdwn:
    """What is known of a goal without an answer: `11 of 15 logged`, or the goal where nobody logs it."""
    shown = escape(number(target, unit, reader))
    if logged is None:
        return fill("the goal was {target}", target=shown)
    so_far = escape(bare_number(logged, unit, reader))
    return fill("{so_far} of {target} logged", so_far=so_far, target=shown)


def week(monday: date, reader: Reader) -> Mrkdwn:
    """`16–22 November`, `28 December – 3 January`."""
    sunday = monday + timedelta(days=6)
    if monday.month == sunday.month:
        return escape(f"{monday.day}–{_day(sunday, 'd MMMM', reader.locale)}")
    first, last = (_day(end, "d MMMM", reader.locale) for end in (monday, sunday))
    return escape(f"{first} – {last}")


def short_week(monday: date, reader: Reader) -> Mrkdwn:
    """`16 Nov`: the week by its Monday."""
    return escape(_day(monday, "d MMM", reader.locale))


def days(first: date, last: date, reader: Reader) -> Mrkdwn:
    """`Thursday 3 December`, `3–10 December`, `28 December – 3 January`: both ends included."""
    if first == last:
        return escape(format_date(first, "EEEE d MMMM", locale=reader.locale))
    if (first.year, first.month) == (last.year, last.month):
        return escape(f"{first.day}–{format_date(last, 'd MMMM', locale=reader.locale)}")
    ends = [format_date(day, "d MMMM", locale=reader.locale) for day in (first, last)]
    return escape(" – ".join(ends))


def day(when: date, reader: Reader) -> Mrkdwn:
    """`Thursday 3 December`."""
    return days(when, when, reader)


def days_off(work: WorkWeek, reader: Reader, *, own: bool = False) -> Mrkdwn:
    """`2 of 5 days away`, `1 of 5 days a public holiday`, `2 of 5 days off, 1 of them a public holiday`.

    Of the week in which the rep joined the team it says how many days are left, `joined on Friday: 1 of 5 days`,
    and with `own` it is said to the rep.
    """
    if work.joined_on is not None:
        joined = _joined(work, reader)
        return fill("you {joined}", joined=joined) if own else joined
    of = f"{work.off} of {count(work.days, 'day')}"
    holidays = "a public holiday" if work.holidays == 1 else "public holidays"
    if work.holidays == 0:
        return escape(f"{of} away")
    if work.holidays == work.off:
        return escape(f"{of} {holidays}")
    return escape(f"{of} off, {work.holidays} of them {holidays}")


def _joined(work: WorkWeek, reader: Reader) -> Mrkdwn:
    assert work.joined_on is not None  # noqa: S101 - asked only of such a week
    day = _day(work.joined_on, "EEEE", reader.locale)
    had_days_off = " and had days off" if work.off > work.joined_on.weekday() else ""
    return escape(f"joined on {day}{had_days_off}: {work.left} of {count(work.days, 'day')}")


def mark_of(work: WorkWeek) -> Mrkdwn:
    """The emoji beside `days_off`."""
    return literal(":palm_tree:") if work.joined_on is None else literal(":seedling:")


def clock_time(moment: datetime, reader: Reader) -> Mrkdwn:
    """`17:00`, or `5:00 PM` where that is how the reader writes it."""
    return escape(show_time(moment.astimezone(reader.zone).time(), reader.locale))


def time_of_day(at: time, reader: Reader) -> Mrkdwn:
    """`17:00`, or `5:00 PM` where that is how the reader writes it; a time without a zone."""
    return escape(show_time(at, reader.locale))


def day_and_time(moment: datetime, reader: Reader) -> Mrkdwn:
    """`Tuesday 24 November at 17:00`."""
    day = _day(moment.astimezone(reader.zone).date(), "EEEE d MMMM", reader.locale)
    return escape(f"{day} at {clock_time(moment, reader)}")


def weekday_and_time(moment: datetime, reader: Reader) -> Mrkdwn:
    """`Tuesday 17:00`, for moments in the days around now."""
    day = _day(moment.astimezone(reader.zone).date(), "EEEE", reader.locale)
    return escape(f"{day} {clock_time(moment, reader)}")


def count(number: int, one: str, many: str | None = None) -> Mrkdwn:
    """`1 question`, `2 questions`."""
    return escape(f"{number} {one if number == 1 else many or one + 's'}")


def coach_channel(name: str | None) -> Mrkdwn:
    """`#coach-dana`; a link would read “private channel” to everybody who is not in the channel."""
    return escape(f"#{name}") if name else literal("your coach’s channel")


def miss_shown_in(name: str | None, members: int | None) -> Mrkdwn:
    """`, and a miss is shown in #coach-dana to the 5 people there. Nobody else`: the end of who sees numbers.

    Where it is not known how many read the channel, it is not said that nobody else does.
    """
    if members is None:
        return fill(
            ", and a miss is shown in {channel} to everybody who is there",
            channel=coach_channel(name),
        )
    return fill(
        ", and a miss is shown in {channel} to the {members} there. Nobody else",
        channel=coach_channel(name),
        members=count(members, "person", "people"),
    )


def late(questions: Sequence[QuestionShown]) -> Mrkdwn:
    """`answered late`, or what came late where only some answers did: `Sales changed late`; escaped."""
    of_those = [question for question in questions if question.late]
    answered = literal("answered late")
    what = literal("changed late") if all(q.edited for q in of_those) else answered
    if len(of_those) in {0, len(questions)}:
        return answered
    if len(of_those) > 3:
        of_all = count(len(questions), "answer")
        return fill("{some} of {all} late", some=escape(str(len(of_those))), all=of_all)
    names = listed([escape(question.name) for question in of_those])
    return fill("{names} {what}", names=names, what=what)


def first_name(name: str) -> str | None:
    """The first word of somebody's name, as it is; None where the name shows nothing."""
    return next(iter(name.split()), None)


def listed(texts: Sequence[Mrkdwn]) -> Mrkdwn:
    """`a`, `a and b`, `a, b and c`."""
    if len(texts) == 1:
        return texts[0]
    return fill("{first} and {last}", first=join(texts[:-1], ", "), last=texts[-1])


# The same few days and times stand in a whole company's messages, and Babel reads its patterns anew each time.


@lru_cache(maxsize=1_024)
def _day(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)
