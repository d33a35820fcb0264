"""One cheap look says which steps of a beat have anything to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from bot.database import Database
from bot.domain import ticks
from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins import reminders, scheduling
from bot.domain.plans import sights
from tests.domain.absences.away import FRIDAY, Office, at, seed
from tests.domain.planning import Office as Planning
from tests.seeding import seed_once


@pytest.fixture
def team(database: Database) -> Office:
    """A team with one rep whose first check-in is due on Monday, 23 November, at nine."""
    seed_once(database, seed, reps=1)
    return Office(database)


def due(database: Database, now: datetime) -> list[Callable[..., int]]:
    return database.read_now(ticks.due, now=now)


def test_nothing_is_due_before_its_moment_and_each_step_at_it(team: Office) -> None:
    database = team.database
    second = timedelta(seconds=1)
    assert due(database, FRIDAY) == []
    assert due(database, at(23, 9) - second) == []
    assert due(database, at(23, 9)) == [scheduling.schedule_due]
    database.write_now(scheduling.schedule_due, now=at(23, 9))
    assert due(database, at(23, 9)) == []

    # Not sent for as long as it can be caught up with, it is skipped.
    too_late = at(23, 9) + checkins.CATCH_UP
    assert checkins.skip_undelivered not in due(database, too_late)
    assert due(database, too_late + second) == [checkins.skip_undelivered]


def test_reminders_and_deadlines_of_what_was_sent(team: Office) -> None:
    database = team.database
    database.write_now(scheduling.schedule_due, now=at(23, 9))
    team.deliver(at(23, 9))
    assert due(database, at(24, 17) - timedelta(seconds=1)) in ([], [reminders.remind_due])
    steps = due(database, at(24, 17))
    assert checkins.close_due in steps
    assert steps == sorted(steps, key=ORDER.index)


ORDER: list[Callable[..., int]] = [
    scheduling.schedule_due,
    checkins.skip_undelivered,
    checkins.close_due,
    reminders.remind_due,
    sights.offer_due,
]
"""As they are taken: what is asked anew comes before what closes."""


def test_a_signed_plan_is_looked_at_when_its_check_in_has_closed(office: Planning) -> None:
    plan = office.plan(office.signed())
    assert plan.sights_due_at is not None

    def steps(session: Session, now: datetime) -> bool:
        return sights.offer_due in ticks.due(session, now=now)

    look = plan.sights_due_at
    assert not office.database.read_now(steps, look - timedelta(seconds=1))
    assert office.database.read_now(steps, look)
