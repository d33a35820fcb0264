"""Wall-clock thinking: weeks, due moments, deadlines, reminders. The only place that does it.

A week is named by its Monday, a ``date``. Every moment that comes in or goes out is an aware
``datetime``; those that go out are in UTC. A naive one raises ``ValueError``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Schedule:
    """When a team's check-in goes out and closes, in each rep's own zone. Days: 0 is Monday."""

    day: int
    at: time
    deadline_day: int
    deadline_at: time
    working_from: time = time(8)
    working_until: time = time(20)

    def __post_init__(self) -> None:
        """``ValueError`` with a sentence for days that are none and hours that don't open."""
        if not (0 <= self.day <= 6 and 0 <= self.deadline_day <= 6):
            raise ValueError("A schedule's days go from 0 (Monday) to 6 (Sunday).")
        if self.working_from >= self.working_until:
            raise ValueError("Working hours must end later than they begin, on the same day.")


DEFAULT_SCHEDULE = Schedule(day=0, at=time(9), deadline_day=1, deadline_at=time(17))

Snooze = Literal["1h", "3h", "tomorrow"]

FIRST_REMINDER_AFTER = timedelta(hours=4)
LAST_REMINDER_BEFORE = timedelta(hours=2)
REMINDER_SPACING = timedelta(minutes=30)

WEEK = timedelta(days=7)
_QUARTER = timedelta(minutes=15)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT_WEEKDAYS = (
    ("mon",),
    ("tue", "tues"),
    ("wed", "weds"),
    ("thu", "thur", "thurs"),
    ("fri",),
    ("sat",),
    ("sun",),
)
_TIME = re.compile(
    r"(?P<hour>[0-9]{1,2}?)\s?(?:[:.h]?(?P<minute>[0-9]{2})(?::00)?)?\s?(?:(?P<half>[ap]\.?m\.?)|h)?"
)


def monday_of(day: date) -> date:
    """The Monday of the ISO week that ``day`` belongs to."""
    return day - timedelta(days=day.weekday())


def week_of(moment: datetime, zone: ZoneInfo) -> date:
    """The week that holds ``moment`` in ``zone``; agrees with ``bounds`` at every instant."""
    moment = _utc(moment)
    week = monday_of(moment.astimezone(zone).date())
    # Clocks put back over midnight show Sunday again after Monday has begun.
    following = week + WEEK
    return following if moment >= _start_of_day(following, zone) else week


def local_to_utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment of a wall-clock time, in UTC.

    A time that does not exist moves forward by the length of the gap, one that comes twice takes
    the first, a day that does not exist gives the first moment after it.
    """
    return _in_utc(day, at, zone)


@lru_cache(maxsize=4_096)  # asked for by every rep of a zone, for the same few days and times
def _in_utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    if not _exists(day, time.min, zone) and not _exists(day, time.max, zone):
        return _start_of_day(day, zone)
    return _first_reading(day, at, zone)


def bounds(week: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The half-open interval ``[start, end)`` of a week, in UTC. Neighbours share an edge."""
    return _start_of_day(week, zone), _start_of_day(week + WEEK, zone)


def asked_week(due: date) -> date:
    """The week that a check-in sent on the local day ``due`` asks about: the last finished one."""
    return monday_of(due) - WEEK


def due_at(week: date, schedule: Schedule, zone: ZoneInfo) -> datetime:
    """When the check-in about ``week`` is due: at the schedule's day and time, the week after."""
    return local_to_utc(week + WEEK + timedelta(days=schedule.day), schedule.at, zone)


def next_week_to_ask(
    *,
    now: datetime,
    schedule: Schedule,
    zone: ZoneInfo,
    enrolled_on: date,
    last_asked: date | None,
) -> date:
    """The first week to ask about from ``now`` on.

    It is later than ``last_asked``, does not end before ``enrolled_on``, and its due moment is
    not past. A week that is already scheduled keeps its name when the zone or the schedule
    changes (take ``due_at`` again, a past result means: due now); this function is for the next.
    """
    now = _utc(now)
    week = max(monday_of(enrolled_on), week_of(now, zone) - 2 * WEEK)
    if last_asked is not None:
        week = max(week, last_asked + WEEK)
    while due_at(week, schedule, zone) < now:
        week += WEEK
    return week


def deadline(
    *,
    delivered_at: datetime,
    week: date,
    schedule: Schedule,
    zone: ZoneInfo,
    grace: timedelta = timedelta(minutes=15),
) -> datetime:
    """When the check-in about ``week`` closes, counted from its delivery.

    Delivered within ``grace`` of its due moment, it closes at the schedule's own deadline.
    Delivered later, it stays open for the full length of the schedule's window, rounded up to
    the quarter of an hour. Never earlier than the schedule's own deadline.
    """
    delivered_at = _utc(delivered_at)
    due = due_at(week, schedule, zone)
    nominal = _nominal_deadline(week, schedule, zone)
    if delivered_at <= due + grace:
        return nominal
    return max(nominal, _rounded_up(delivered_at + (nominal - due)))


def reminder_times(
    *, delivered_at: datetime, deadline: datetime, zone: ZoneInfo, schedule: Schedule
) -> list[datetime]:
    """At most two moments inside working hours, in order: 4 h after delivery, 2 h before the end.

    They keep 30 minutes from each other and from the delivery and come before the deadline;
    where they don't fit there are fewer.
    """
    delivered_at, deadline = _utc(delivered_at), _utc(deadline)
    first = into_working_hours(delivered_at + FIRST_REMINDER_AFTER, schedule, zone)
    second = into_working_hours(deadline - LAST_REMINDER_BEFORE, schedule, zone)
    if second > deadline - REMINDER_SPACING:
        # The end of the working day before comes in time, the opening after does not.
        second = _last_closing(deadline, schedule, zone) - REMINDER_SPACING
        second = into_working_hours(second, schedule, zone)

    def fits(moment: datetime) -> bool:
        return delivered_at + REMINDER_SPACING <= moment <= deadline - REMINDER_SPACING

    # The one before the end matters more, so the first gives way to it.
    last = [second] if fits(second) else []
    if fits(first) and (not last or first <= second - REMINDER_SPACING):
        return [first, *last]
    return last


def into_working_hours(moment: datetime, schedule: Schedule, zone: ZoneInfo) -> datetime:
    """The moment itself if it lies in working hours, else the next opening, on any weekday."""
    moment = _utc(moment)
    day = moment.astimezone(zone).date() - timedelta(days=1)
    while True:
        opening, closing = _working_hours(day, schedule, zone)
        if moment < closing and opening < closing:  # equal where the clock skips them
            return max(moment, opening)
        day += timedelta(days=1)


def snooze(choice: Snooze, *, now: datetime, schedule: Schedule, zone: ZoneInfo) -> datetime:
    """When to remind again: later today, or tomorrow at the opening; inside working hours."""
    now = _utc(now)
    if choice == "tomorrow":
        tomorrow = now.astimezone(zone).date() + timedelta(days=1)
        wanted = local_to_utc(tomorrow, schedule.working_from, zone)
    else:
        wanted = now + timedelta(hours={"1h": 1, "3h": 3}[choice])
    return into_working_hours(wanted, schedule, zone)


def weekday_name(day: int) -> str:
    """``0`` is Monday."""
    return _WEEKDAYS[day]


def parse_weekday(text: str) -> int | None:
    """Reads ``Mon``, ``monday``, ``Tues.`` or ``1`` to ``7`` (1 is Monday); Monday gives 0."""
    word = unicodedata.normalize("NFKC", text).strip().rstrip(".").casefold()
    if len(word) == 1 and word in "1234567":
        return int(word) - 1
    for day, name in enumerate(_WEEKDAYS):
        if word in _SHORT_WEEKDAYS[day] or word == name.casefold():
            return day
    return None


def parse_time(text: str) -> time | None:
    """Reads ``9:00``, ``09.30``, ``9am``, ``5:15 pm``, ``17h``, ``17h30``, ``0900``, ``9``."""
    word = unicodedata.normalize("NFKC", text).strip().casefold()
    found = _TIME.fullmatch(word)
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "").replace(".", "")
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(UTC)


def _first_reading(day: date, at: time, zone: ZoneInfo) -> datetime:
    # In a gap, fold 0 counts with the offset before it, which moves the time forward by its length.
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


def _exists(day: date, at: time, zone: ZoneInfo) -> bool:
    back = _first_reading(day, at, zone).astimezone(zone)
    return back.replace(tzinfo=None) == datetime.combine(day, at)


def _start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first moment that is not before ``day`` in ``zone``."""
    after = _first_reading(day, time.min, zone)
    if _exists(day, time.min, zone):
        return after
    # Midnight falls into a gap: the day starts where the gap does, between its two readings.
    before = datetime.combine(day, time(fold=1), tzinfo=zone).astimezone(UTC)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).date() < day:
            before = middle
        else:
            after = middle
    return after


def _nominal_deadline(week: date, schedule: Schedule, zone: ZoneInfo) -> datetime:
    """The schedule's deadline that follows the due moment, in the same week or the next."""
    day = week + WEEK + timedelta(days=schedule.deadline_day)
    moment = local_to_utc(day, schedule.deadline_at, zone)
    if moment <= due_at(week, schedule, zone):
        moment = local_to_utc(day + WEEK, schedule.deadline_at, zone)
    return moment


def _rounded_up(moment: datetime) -> datetime:
    past = (moment - datetime(1970, 1, 1, tzinfo=UTC)) % _QUARTER
    return moment + (_QUARTER - past) if past else moment


def _working_hours(day: date, schedule: Schedule, zone: ZoneInfo) -> tuple[datetime, datetime]:
    opening = local_to_utc(day, schedule.working_from, zone)
    return opening, local_to_utc(day, schedule.working_until, zone)


def _last_closing(moment: datetime, schedule: Schedule, zone: ZoneInfo) -> datetime:
    """The latest end of working hours that is not after ``moment``."""
    day = moment.astimezone(zone).date()
    while True:
        _, closing = _working_hours(day, schedule, zone)
        if closing <= moment:
            return closing
        day -= timedelta(days=1)
