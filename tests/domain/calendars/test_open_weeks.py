"""Which weeks can still be logged for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.calendars import open_weeks
from bot.domain.refusals import Refusal
from bot.domain.tables import (
    CheckIn,
    Member,
    Team,
)
from bot.rules.weeks import WEEK
from tests.domain.conversations.rep import LAST_WEEK, THIS_WEEK, Rep, seed
from tests.seeding import seed_once


@pytest.fixture
def rep(database: Database, clock: SettableClock) -> Rep:
    """A rep, on both kinds of database."""
    seed_once(database, seed)
    return Rep(database, clock)


def open_from(rep: Rep) -> date:
    def look(session: Session) -> date:
        member = session.exec(select(Member).where(Member.slack_user_id == rep.user)).one()
        return open_weeks.first_open_day(session, member, rep.clock.now())

    return rep.database.read_now(look)


def add_check_in(rep: Rep, week: date, state: str, deadline_at: datetime | None) -> None:
    def add(session: Session) -> None:
        member = session.exec(select(Member).where(Member.slack_user_id == rep.user)).one()
        team = session.exec(select(Team)).one()
        session.add(
            CheckIn(
                workspace_id=1,
                member_id=member.id,
                team_id=team.id,
                week=week,
                state=state,
                due_at=datetime(2026, 11, 16, 9, tzinfo=UTC),
                deadline_at=deadline_at,
            )
        )

    rep.database.write_now(add)


def test_without_a_check_in_last_week_is_open_and_the_one_before_is_not(rep: Rep) -> None:
    assert open_from(rep) == LAST_WEEK


@pytest.mark.parametrize(
    ("state", "hours", "first"),
    [
        ("scheduled", None, LAST_WEEK),
        ("open", 1, LAST_WEEK),
        ("open", -1, LAST_WEEK),
        ("answered", 1, LAST_WEEK),
        ("answered", -14 * 24, LAST_WEEK),
        ("answered", -14 * 24 - 1, THIS_WEEK),
        ("unanswered", -14 * 24 - 1, THIS_WEEK),
        ("away", None, LAST_WEEK),
    ],
)
def test_a_week_closes_once_its_check_in_takes_no_late_answers(
    rep: Rep, state: str, hours: int | None, first: date
) -> None:
    deadline_at = None if hours is None else rep.clock.now() + timedelta(hours=hours)
    add_check_in(rep, LAST_WEEK, state, deadline_at)
    assert open_from(rep) == first


def test_a_check_in_that_went_out_late_keeps_its_week_open(rep: Rep) -> None:
    earlier = LAST_WEEK - timedelta(days=7)
    add_check_in(rep, earlier, "open", rep.clock.now() + timedelta(hours=1))
    assert open_from(rep) == earlier


def test_once_its_week_is_closed_a_conversation_stays_as_it_is(rep: Rep) -> None:
    logged = rep.log("Acme 2nd 2026-11-12")
    closes = rep.clock.now() + timedelta(minutes=5)
    add_check_in(rep, LAST_WEEK, "answered", closes - open_weeks.LATE_ANSWERS)
    rep.clock.move(360)
    with pytest.raises(Refusal, match="week is closed"):
        rep.edit(logged, base="1st")
    with pytest.raises(Refusal, match="closed"):
        rep.undo(logged)
    # Neither is anything moved into a closed week.
    with pytest.raises(Refusal, match="closed"):
        rep.edit(rep.log("Northwind"), held_on=date(2026, 11, 12))


def why_not(rep: Rep, day: date) -> str:
    """The sentence that refuses the day; nothing for one that can be logged for."""

    def look(session: Session) -> str:
        member = session.exec(select(Member).where(Member.slack_user_id == rep.user)).one()
        try:
            open_weeks.must_be_open(session, member, day, rep.clock.now(), field="day")
        except Refusal as refusal:
            return f"{refusal.field}: {refusal.sentence}"
        return ""

    return rep.database.read_now(look)


def test_days_can_be_logged_for_from_the_first_open_one_to_today(rep: Rep) -> None:
    assert why_not(rep, LAST_WEEK) == ""
    assert why_not(rep, date(2026, 11, 20)) == ""
    assert why_not(rep, date(2026, 11, 21)) == (
        "day: Saturday 21 November is still to come: log the conversation once you had it."
    )
    assert why_not(rep, date(2026, 11, 8)) == (
        "day: The week of Monday 2 November is closed: choose a day from Monday 9 November on."
    )


def test_a_week_without_a_question_between_two_open_ones_is_open_as_well(rep: Rep) -> None:
    earlier = LAST_WEEK - 2 * WEEK
    add_check_in(rep, earlier, "answered", rep.clock.now() - open_weeks.LATE_ANSWERS)
    add_check_in(rep, LAST_WEEK - WEEK, "away", None)
    assert open_from(rep) == earlier
    rep.clock.move(1)
    assert open_from(rep) == LAST_WEEK


def test_what_is_logged_after_the_deadline_is_late(rep: Rep) -> None:
    add_check_in(rep, LAST_WEEK, "answered", rep.clock.now())
    assert not rep.log("Acme 2nd 2026-11-12").late
    rep.clock.move(1)
    late = rep.log("Acme 3rd 2026-11-13")
    assert late.late
    assert not rep.log("Acme").late
    assert not rep.edit(late, held_on=THIS_WEEK).late


def test_a_week_that_was_skipped_closes_with_the_next_one(rep: Rep) -> None:
    add_check_in(rep, LAST_WEEK, "skipped", None)
    assert open_from(rep) == LAST_WEEK


def test_the_last_week_that_was_asked_about_is_the_latest(rep: Rep) -> None:
    def last(user: str) -> date | None:
        return rep.database.read_now(
            lambda session: open_weeks.last_asked_week(
                session, session.exec(select(Member.id).where(Member.slack_user_id == user)).one()
            )
        )

    assert last("U0PRIYA") is None
    for week in (LAST_WEEK, LAST_WEEK - timedelta(days=7)):
        add_check_in(rep, week, "answered", None)
    assert (last("U0PRIYA"), last("U0SAM")) == (LAST_WEEK, None)


def test_today_is_the_members_own() -> None:
    midnight = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    member = Member(timezone="Asia/Tokyo")
    assert open_weeks.today_of(member, midnight) == date(2026, 11, 21)
