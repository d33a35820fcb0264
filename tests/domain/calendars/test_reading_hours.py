"""Nothing that nobody asked for comes outside its reader's working hours, wherever the reader lives."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.domain.calendars import reading_hours
from bot.domain.calendars.reading_hours import HELD, NOT_HELD, Reading
from bot.domain.outbox import outbox
from tests.counting import counted
from tests.domain.mondays import Mondays, at

SURFACES = {
    value
    for name, value in vars(outbox).items()
    if name.isupper()
    and isinstance(value, str)
    and name not in {"SIGNAL", "NOTHING_TO_SHOW", "TOO_LATE"}
}


def opens(mondays: Mondays, user: str, now: datetime) -> datetime:
    wanted = [Reading(mondays.member(user).id, now)]
    (moment,) = mondays.database.read_now(reading_hours.opening, wanted)
    return moment


def test_every_surface_is_held_or_says_why_not() -> None:
    assert {outbox.ALERT, outbox.CHECK_IN, outbox.BRIEF} <= SURFACES
    assert HELD | set(NOT_HELD) == SURFACES
    assert not HELD & set(NOT_HELD)
    assert all(NOT_HELD.values())


@pytest.mark.parametrize("user", ["U1", "UC", "UD", "UA"])
@pytest.mark.parametrize(
    ("timezone", "now", "wanted"),
    [
        ("Europe/London", at(24, 17), at(24, 17)),  # a deadline in London
        ("Europe/London", at(24, 7, 59), at(24, 8)),
        ("Europe/London", at(24, 20), at(25, 8)),
        ("Europe/London", at(27, 21), at(30, 8)),  # Friday evening
        ("Europe/London", at(28, 15), at(30, 8)),  # Saturday afternoon: not Monday afternoon
        ("America/Los_Angeles", at(24, 17), at(24, 17)),  # nine there
        ("America/Los_Angeles", at(24, 9), at(24, 16)),  # one at night there
        ("Asia/Tokyo", at(24, 17), at(24, 23)),  # two at night there, and Wednesday
        ("Pacific/Auckland", at(27, 5), at(27, 5)),  # Friday at six in the evening
        ("Pacific/Auckland", at(27, 8), at(29, 19)),  # the Monday after begins on Sunday here
    ],
)
def test_a_reader_is_at_work_by_their_own_clock(
    mondays: Mondays, user: str, timezone: str, now: datetime, wanted: datetime
) -> None:
    mondays.change(mondays.member(user), timezone=timezone)
    assert opens(mondays, user, now) == wanted


def test_who_is_away_reads_on_coming_back(mondays: Mondays) -> None:
    mondays.away("U1", date(2026, 11, 24), date(2026, 11, 26))
    assert opens(mondays, "U1", at(24, 10)) == at(27, 8)


def test_the_readers_of_many_messages_are_read_together(mondays: Mondays) -> None:
    ids = [mondays.member(user).id for user in ("U1", "U2", "UC", "UD")]
    for some in (ids[:1], ids):
        with counted(mondays.database) as statements:
            wanted = [Reading(one, at(24, 17)) for one in some]
            assert mondays.database.read_now(reading_hours.opening, wanted) == [at(24, 17)] * len(
                some
            )
        assert sum("SELECT" in one for one in statements) == 3
