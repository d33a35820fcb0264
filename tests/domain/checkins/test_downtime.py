"""After an absence of the bot's own, whoever could not be reminded or answer gets time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.checkins import downtime
from bot.domain.outbox import outbox
from bot.domain.tables import Workspace
from tests.domain.mondays import DEADLINE, Mondays, another_workspace

BACK = DEADLINE + timedelta(hours=3)
IN_TWO_HOURS = BACK + timedelta(hours=2)


@pytest.fixture
def asked(mondays: Mondays) -> Mondays:
    """Three check-ins are open, and the bot was last seen at their deadline."""
    mondays.ask()
    mondays.open_homes("U1", "UC")
    mondays.write(downtime.seen, workspace_id=mondays.workspace_id, now=DEADLINE)
    return mondays


def begin(mondays: Mondays, now: datetime = BACK) -> int:
    named = {"workspace_id": mondays.workspace_id, "now": now}
    return mondays.write(downtime.extend_deadlines_after_downtime, **named)


def last_seen(mondays: Mondays) -> datetime | None:
    (workspace,) = mondays.rows(Workspace, slack_team_id="T1")
    return workspace.last_seen_at


def test_a_process_that_is_at_work_is_seen(asked: Mondays) -> None:
    assert last_seen(asked) == DEADLINE


def test_after_an_absence_deadlines_that_are_past_or_near_move(asked: Mondays) -> None:
    asked.change(asked.check_in("U2"), deadline_at=IN_TWO_HOURS - timedelta(seconds=1))
    asked.change(asked.check_in("U3"), deadline_at=IN_TWO_HOURS)
    moved: list[int] = []
    marked = asked.stale_after(lambda: moved.append(begin(asked)))
    assert moved == [2]
    assert {asked.check_in(user).deadline_at for user in ("U1", "U2", "U3")} == {IN_TWO_HOURS}
    assert marked == {"check_in U1", "check_in U2", "home U1", "home UC"}
    for surface, id in (
        (outbox.CHECK_IN, asked.check_in("U1").id),
        (outbox.HOME, asked.member("UC").id),
    ):
        item = asked.item(surface, id)
        assert item is not None
        assert item.due_at == BACK
    assert last_seen(asked) == BACK


def test_what_is_closed_stays_closed(asked: Mondays) -> None:
    for user, state in (("U1", "unanswered"), ("U2", "answered"), ("U3", "away")):
        asked.change(asked.check_in(user), state=state)
    assert begin(asked) == 0
    assert {asked.check_in(user).deadline_at for user in ("U1", "U2", "U3")} == {DEADLINE}


@pytest.mark.parametrize(("minutes", "moved"), [(15, 0), (16, 3)])
def test_a_restart_is_no_absence(asked: Mondays, minutes: int, moved: int) -> None:
    now = DEADLINE + timedelta(minutes=minutes)
    assert begin(asked, now) == moved
    assert last_seen(asked) == now


def test_another_process_that_was_at_work_means_that_there_was_no_absence(asked: Mondays) -> None:
    asked.write(downtime.seen, workspace_id=asked.workspace_id, now=BACK)
    assert begin(asked) == 0
    assert asked.check_in("U1").deadline_at == DEADLINE


def test_the_very_first_start_follows_no_absence(mondays: Mondays) -> None:
    mondays.ask()
    assert last_seen(mondays) is None
    assert begin(mondays) == 0
    assert last_seen(mondays) == BACK
    assert mondays.check_in("U1").deadline_at == DEADLINE


def test_each_workspace_has_its_own_absences(asked: Mondays) -> None:
    elsewhere = asked.write(another_workspace)
    asked.write(downtime.seen, workspace_id=elsewhere, now=DEADLINE)
    named = {"workspace_id": elsewhere, "now": BACK}
    assert asked.write(downtime.extend_deadlines_after_downtime, **named) == 0
    assert (asked.check_in("U1").deadline_at, last_seen(asked)) == (DEADLINE, DEADLINE)
