"""Which messages and Homes show the weeks of several reps, and that many take no more statements than one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.outbox import outbox, week_surfaces
from bot.domain.tables import CheckIn, CheckInState, Enrolment, Member
from tests.counting import counted
from tests.domain.marked import marked, open_homes
from tests.domain.planning import FRIDAY, Office

WEEK = date(2026, 11, 9)


def change(session: Session, weeks: Mapping[str, list[date]]) -> None:
    members = {member.slack_user_id: member.id for member in session.exec(select(Member))}
    week_surfaces.weeks_changed(
        session,
        workspace_id=1,
        weeks={members[user]: those for user, those in weeks.items()},
        now=FRIDAY,
    )


def check_in(
    session: Session,
    *,
    user: str,
    week: date,
    state: CheckInState = CheckInState.OPEN,
    delivered_at: datetime | None = FRIDAY,
) -> str:
    """A check-in that has a message in Slack, or waits for one; what `marked` calls it."""
    member = session.exec(select(Member).where(Member.slack_user_id == user)).one()
    enrolment = session.exec(select(Enrolment).where(Enrolment.member_id == member.id)).one()
    row = CheckIn(
        workspace_id=member.workspace_id,
        member_id=member.id,
        team_id=enrolment.team_id,
        week=week,
        state=state,
        due_at=FRIDAY,
        delivered_at=delivered_at,
    )
    session.add(row)
    session.flush()
    new = outbox.New(member.workspace_id, outbox.CHECK_IN, row.id, FRIDAY)
    outbox.add_all(session, [new], now=FRIDAY)
    return f"check_in {row.id}"


def test_only_the_weeks_that_changed_are_marked(office: Office) -> None:
    next_week = WEEK + timedelta(days=7)
    named = {
        (user, week): office.database.write_now(check_in, user=user, week=week)
        for user in ("U1", "U2")
        for week in (WEEK, next_week)
    }
    open_homes(office.database, ("U1", "UC", "UN"), now=FRIDAY)
    weeks = {"U1": [WEEK], "U2": [next_week]}
    assert marked(office.database, lambda: office.database.write_now(change, weeks)) == {
        named["U1", WEEK],
        named["U2", next_week],
        "home U1",
        "home UC",
    }
    assert marked(office.database, lambda: office.database.write_now(change, {})) == set()


@pytest.mark.parametrize(
    ("state", "delivered", "shown"),
    [
        (CheckInState.OPEN, True, True),
        (CheckInState.ANSWERED, True, True),
        (CheckInState.UNANSWERED, True, True),
        (CheckInState.AWAY, True, True),
        (CheckInState.AWAY, False, False),
        (CheckInState.SCHEDULED, False, False),
        (CheckInState.SKIPPED, False, False),
    ],
)
def test_a_check_in_without_a_message_is_left_alone(
    office: Office, state: CheckInState, delivered: bool, shown: bool
) -> None:
    at = FRIDAY if delivered else None
    name = office.database.write_now(check_in, user="U1", week=WEEK, state=state, delivered_at=at)
    said = marked(office.database, lambda: office.database.write_now(change, {"U1": [WEEK]}))
    assert said == ({name} if shown else set())


def test_more_reps_and_weeks_take_no_more_statements(database: Database) -> None:
    office = Office(database)
    weeks = [WEEK - number * timedelta(days=7) for number in range(9)]
    for user in ("U1", "U2", "U3"):
        for week in weeks:
            office.database.write_now(check_in, user=user, week=week)
    with counted(database) as few:
        database.write_now(change, {"U1": weeks[:1]})
    with counted(database) as many:
        database.write_now(change, dict.fromkeys(("U1", "U2", "U3"), weeks))
    assert few
    assert len(many) <= len(few)
