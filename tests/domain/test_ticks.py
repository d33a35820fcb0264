"""One cheap look says which steps of a beat have anything to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlmodel import Session, select

from bot.database import Database, insert_all, table
from bot.database.row_by_row import RowByRow, Step
from bot.domain import ticks
from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins import reminders, scheduling
from bot.domain.coaching import briefs
from bot.domain.plans import sights
from bot.domain.tables import CheckIn, CheckInState, Enrolment, Team
from tests.domain.absences.away import FRIDAY, Office, at, seed
from tests.domain.mondays import DEADLINE, MONDAY, Mondays
from tests.domain.planning import Office as Planning
from tests.explained import plans_of
from tests.seeding import seed_once


@pytest.fixture
def team(database: Database) -> Office:
    """A team with one rep whose first check-in is due on Monday, 23 November, at nine."""
    seed_once(database, seed, reps=1)
    database.write_now(_look_at_briefs, at=BRIEFS)
    return Office(database)


BRIEFS = at(30, 9)
"""When it is looked next whether a brief is due."""


def _look_at_briefs(session: Session, *, at: datetime | None) -> None:
    for team in session.exec(select(Team)):
        team.brief_look_at = at


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


def test_briefs_are_looked_at_when_their_team_is_due_and_at_once_for_a_new_one(
    team: Office,
) -> None:
    database = team.database
    assert briefs.begin_due not in due(database, BRIEFS - timedelta(seconds=1))
    assert briefs.begin_due in due(database, BRIEFS)
    database.write_now(briefs.begin_due, now=BRIEFS)
    assert briefs.begin_due not in due(database, BRIEFS + timedelta(minutes=4))
    database.write_now(_look_at_briefs, at=None)
    assert due(database, FRIDAY) == [briefs.begin_due]


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
    briefs.begin_due,
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


def test_a_look_at_thousands_of_waiting_check_ins_walks_along_none_of_them(team: Office) -> None:
    database = team.database

    def add(session: Session) -> None:
        (member_id, team_id) = session.exec(select(Enrolment.member_id, Enrolment.team_id)).one()
        row = {"workspace_id": 1, "member_id": member_id, "team_id": team_id, "late": False}
        of_week = {"state": CheckInState.SCHEDULED.value, "due_at": at(23, 9)}
        monday = FRIDAY.date() - timedelta(days=FRIDAY.weekday())
        weeks = (monday - timedelta(weeks=number) for number in range(3_000))
        insert_all(session, table(CheckIn), [{**row, **of_week, "week": week} for week in weeks])

    database.write_now(add)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    (plan,) = plans_of(database, ticks.due, now=at(23, 9)).values()
    assert "ix_check_in_state_due_at" in plan
    assert "Seq Scan on check_in" not in plan  # PostgreSQL
    assert "SCAN check_in" not in plan  # SQLite


@pytest.mark.parametrize(
    ("step", "now"),
    [
        (scheduling.schedule_due, MONDAY),
        (reminders.remind_due, at(23, 13)),
        (checkins.close_due, DEADLINE),
    ],
    ids=["scheduled", "reminded", "closed"],
)
async def test_a_rep_whose_row_is_inconsistent_holds_nobody_else_up(
    mondays: Mondays, step: Step, now: datetime
) -> None:
    if step is not scheduling.schedule_due:
        mondays.ask()
    mondays.change(mondays.member("U1"), timezone="Mars/Olympus")
    await RowByRow(mondays.database).run(step, ticks.due_ids(step), now=now)
    left = mondays.database.read_now(partial(ticks.due_ids(step), now=now, without=()))
    assert len(left) == 1


def test_the_rows_of_every_step_can_be_named(database: Database) -> None:
    for step in ORDER:
        assert database.read_now(partial(ticks.due_ids(step), now=MONDAY, without=[7])) == []
