"""When a check-in takes no answers any more, its Yes and No are taken away once."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.calendars.open_weeks import LATE_ANSWERS
from bot.domain.checkins import downtime
from tests.domain.mondays import DEADLINE, MONDAY, Mondays

SECOND = timedelta(seconds=1)
LAST = DEADLINE + LATE_ANSWERS
"""The last moment at which a late answer is taken."""


def seen(mondays: Mondays, now: object) -> None:
    mondays.write(downtime.seen, workspace_id=mondays.workspace_id, now=now)


def test_an_unanswered_check_in_is_redrawn_once_when_it_closes_for_good(mondays: Mondays) -> None:
    mondays.met("U2")
    mondays.ask()
    for question in range(3):
        mondays.press("U2", question, "yes", MONDAY)
    mondays.beat(DEADLINE)
    seen(mondays, LAST - SECOND)
    mondays.deliver(LAST - SECOND)
    assert mondays.stale_after(lambda: seen(mondays, LAST)) == set()
    stale = mondays.stale_after(lambda: seen(mondays, LAST + SECOND))
    assert {"check_in U1", "check_in U3"} <= stale
    assert "check_in U2" not in stale
    mondays.deliver(LAST + SECOND)
    assert mondays.stale_after(lambda: seen(mondays, LAST + 60 * SECOND)) == set()


def test_what_closed_while_the_bot_was_down_is_redrawn_at_its_start(mondays: Mondays) -> None:
    mondays.ask()
    mondays.beat(DEADLINE)
    seen(mondays, DEADLINE)
    mondays.deliver(DEADLINE)
    later = LAST + timedelta(days=3)
    stale = mondays.stale_after(
        lambda: mondays.write(
            downtime.extend_deadlines_after_downtime,
            workspace_id=mondays.workspace_id,
            now=later,
        )
    )
    assert "check_in U1" in stale
    mondays.deliver(later)
    assert mondays.stale_after(lambda: seen(mondays, later + SECOND)) == set()
