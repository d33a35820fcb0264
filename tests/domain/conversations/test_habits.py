"""What stands out in how a week was logged: very many entries of one company, or all of it at the very end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.conversations import habits
from bot.domain.shown.loop import Habit
from bot.domain.tables import Conversation
from tests.domain.mondays import WEEK, Mondays

LONDON = ZoneInfo("Europe/London")
SUNDAY_EVENING = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def found(mondays: Mondays, zone: ZoneInfo = LONDON, week: date = WEEK) -> list[Habit]:
    rep = mondays.member("U1").id
    return mondays.database.read_now(habits.of_weeks, {rep: (week, zone)}).get(rep, [])


def logged_at(mondays: Mondays, moment: datetime) -> None:
    for one in mondays.rows(Conversation):
        mondays.change(one, logged_at=moment)


@pytest.mark.parametrize(("entries", "stands_out"), [(9, False), (10, True)])
def test_very_many_entries_of_one_company_on_a_day(
    mondays: Mondays, entries: int, stands_out: bool
) -> None:
    mondays.log("U1", moves=(0,) * entries)
    assert found(mondays) == ([Habit("Acme", WEEK, entries)] if stands_out else [])
    mondays.change(mondays.rows(Conversation)[0], undone_at=SUNDAY_EVENING)
    assert found(mondays) == []


def test_entries_on_several_days_do_not_stand_out(mondays: Mondays) -> None:
    mondays.log("U1", moves=(0,) * 10)
    mondays.change(mondays.rows(Conversation)[0], held_on=date(2026, 11, 17))
    assert found(mondays) == []


@pytest.mark.parametrize(
    ("entries", "moment", "stands_out"),
    [
        (5, SUNDAY_EVENING, True),
        (4, SUNDAY_EVENING, False),
        (5, datetime(2026, 11, 22, 17, 59, tzinfo=UTC), False),
        (5, datetime(2026, 11, 23, 8, 0, tzinfo=UTC), True),
        (5, datetime(2026, 11, 24, 0, 0, tzinfo=UTC), False),
    ],
)
def test_a_week_that_was_logged_at_its_very_end(
    mondays: Mondays, entries: int, moment: datetime, stands_out: bool
) -> None:
    mondays.log("U1", moves=(0,) * entries)
    logged_at(mondays, moment)
    assert found(mondays) == ([Habit(entries=entries)] if stands_out else [])


def test_the_end_of_a_week_is_that_of_the_reps_own_clock(mondays: Mondays) -> None:
    mondays.log("U1", moves=(0,) * 5)
    logged_at(mondays, SUNDAY_EVENING)
    assert found(mondays, ZoneInfo("America/New_York")) == []
    assert found(mondays, ZoneInfo("Asia/Tokyo")) == [Habit(entries=5)]


def test_one_entry_in_time_is_enough_not_to_stand_out(mondays: Mondays) -> None:
    mondays.log("U1", moves=(0,) * 6)
    logged_at(mondays, SUNDAY_EVENING)
    mondays.change(mondays.rows(Conversation)[3], logged_at=datetime(2026, 11, 18, tzinfo=UTC))
    assert found(mondays) == []


def test_nothing_is_read_for_nobody(mondays: Mondays) -> None:
    assert mondays.database.read_now(habits.of_weeks, {}) == {}
    assert found(mondays, week=date(2026, 11, 9)) == []
