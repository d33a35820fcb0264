"""What App Home shows of a rep, a coach's reps and an admin's checklist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.database import Database
from bot.domain.conversations.counts import week_counts
from bot.domain.homes import homes
from bot.domain.refusals import Refusal
from bot.domain.setup import forms as setup_forms
from bot.domain.setup import metrics as setup_metrics
from bot.domain.shown.home import CoachHome, HomeShown, RepHome
from bot.domain.shown.setup import MetricForm
from bot.domain.tables import Alert, Enrolment, Member, Team
from bot.rules.absences import WorkWeek
from bot.rules.weeks import monday_of
from tests.domain.absences.away import FRIDAY, SMALLER, WEEK, Office, at, nov, seed
from tests.domain.marked import marked
from tests.seeding import seed_once


@pytest.fixture
def office(database: Database) -> Office:
    """A team with one rep whose clock is moved by saying when something is done."""
    seed_once(database, seed, reps=1)
    return Office(database)


def test_homes_say_who_is_away_and_what_is_left(office: Office) -> None:
    office.record(19, 20, FRIDAY)
    shown = office.database.read_now(homes.show, member_id=office.rows(Member)[1].id, now=FRIDAY)
    assert shown.rep is not None
    assert shown.rep.away_until == nov(20)
    assert [(g.target, g.full_target) for g in shown.rep.goals] == SMALLER
    coach = office.database.read_now(homes.show, member_id=office.rows(Member)[0].id, now=FRIDAY)
    assert coach.coached[0].reps[0].away_until == nov(20)


@pytest.mark.parametrize(("weekday", "left"), [(3, 2), (4, 1)])
def test_a_joiners_home_asks_for_their_days_or_for_nothing(
    office: Office, weekday: int, left: int
) -> None:
    joined = monday_of(FRIDAY.date()) + timedelta(days=weekday)
    change(office, lambda s: setattr(s.exec(select(Enrolment)).one(), "enrolled_on", joined))
    shown = of_rep(office)
    assert shown.work == WorkWeek(5, off=weekday, joined_on=joined)
    assert (shown.work.left, shown.work.is_asked) == (left, left == 2)
    assert next(goal.target for goal in shown.goals) == 4 * left
    counts = office.database.read_now(
        lambda s: week_counts(
            s, office.rows(Member)[1], s.exec(select(Team)).one(), monday_of(FRIDAY.date())
        )
    )
    assert counts["conversations"].target == (8 if left == 2 else None)
    assert shown.next_due_at is not None
    assert shown.next_due_at.date() == joined + timedelta(days=7 * (3 - left) - weekday)


# What a Home holds


def show(office: Office, user: str = "U0", now: datetime = FRIDAY) -> HomeShown:
    def read(session: Session) -> HomeShown:
        member = session.exec(select(Member).where(Member.slack_user_id == user)).one()
        return homes.show(session, member_id=member.id, now=now)

    return office.database.read_now(read)


def of_rep(office: Office, now: datetime = FRIDAY) -> RepHome:
    shown = show(office, now=now).rep
    assert shown is not None
    return shown


def of_coach(office: Office, now: datetime = FRIDAY) -> CoachHome:
    (shown,) = show(office, "UDANA", now).coached
    return shown


def change(office: Office, work: Callable[[Session], object]) -> None:
    office.database.write_now(work)


def test_a_home_is_shown_from_the_moment_that_it_is_opened(office: Office) -> None:
    def opened() -> None:
        office.do(homes.opened, now=FRIDAY)

    assert marked(office.database, opened) == {"home U0"}
    assert [m.home_opened_at for m in office.rows(Member)] == [None, FRIDAY]
    with pytest.raises(Refusal):
        office.do(homes.opened, by="UNOBODY", now=FRIDAY)


def test_each_person_sees_their_own_and_nothing_else(office: Office) -> None:
    rep, coach = show(office), show(office, "UDANA")
    assert (rep.rep is not None, rep.coached, rep.checklist) == (True, (), None)
    assert (coach.rep, len(coach.coached), coach.checklist) == (None, 1, None)
    assert of_rep(office).coach == "UDANA"
    change(office, lambda s: setattr(s.get_one(Member, 1), "is_admin", True))
    checklist = show(office, "UDANA").checklist
    assert checklist is not None
    assert (checklist.teams, checklist.reps) == (1, 1)


def test_the_newest_check_in_that_waits_stands_on_the_reps_home(office: Office) -> None:
    assert of_rep(office).open_check_in is None
    office.beat(at(23, 9))
    scheduled = of_rep(office, at(23, 8))
    assert (scheduled.open_week, scheduled.comes_at) == (WEEK, at(23, 9))
    assert of_rep(office, at(23, 9)).comes_at is None  # due: it comes any moment
    office.deliver(at(23, 9))
    office.beat(at(30, 9))
    shown = of_rep(office, at(30, 9))
    assert (shown.open_check_in, shown.open_week) == (office.check_in(nov(23)).id, nov(23))
    office.deliver(at(30, 9))
    shown = of_rep(office, at(30, 10))
    assert (shown.deadline_at, shown.comes_at) == (office.check_in(nov(23)).deadline_at, None)


def test_numbers_by_hand_are_offered_where_the_team_has_some(office: Office) -> None:
    assert not of_rep(office).by_hand
    form = MetricForm(name="Demos", source="hand")
    office.do(setup_metrics.add_metric, by="UDANA", team_id=1, form=form, now=FRIDAY)
    assert of_rep(office).by_hand


def test_the_record_is_told_up_to_the_week_before(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    office.answer(("20", "9", "10000"), at(23, 10))
    shown = of_rep(office, at(23, 11))
    assert (len(shown.history), shown.history[-1].week, shown.history[-1].result) == (
        12,
        WEEK,
        "met",
    )
    assert shown.streak == 1


def test_the_coach_sees_the_reps_of_the_team_by_name_with_their_last_week(
    database: Database,
) -> None:
    seed_once(database, seed, reps=14)
    office = Office(database)

    def rename(session: Session) -> None:
        for number, member in enumerate(
            session.exec(select(Member).order_by(col(Member.id))).all()
        ):
            member.name = f"Rep {99 - number}"

    change(office, rename)
    team = of_coach(office)
    assert [rep.name for rep in team.reps] == [f"Rep {85 + n}" for n in range(14)]
    assert team.channel_problem == "no_channel"
    assert {rep.last_result for rep in team.reps} == {"none"}
    office.do(setup_forms.end_enrolment, by="UDANA", member_id=15, now=FRIDAY)
    team = of_coach(office)
    assert (team.reps[0].name, len(team.reps)) == ("Rep 86", 13)


def test_what_became_of_a_miss_stands_beside_the_rep(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    (rep,) = of_coach(office, at(23, 10)).reps
    assert (rep.last_result, rep.alert) == ("open", None)
    office.beat(at(24, 17))
    (rep,) = of_coach(office, at(24, 18)).reps
    assert (rep.last_result, rep.alert) == ("silent", "waiting")
    change(office, lambda s: setattr(s.exec(select(Alert)).one(), "taken_at", at(24, 19)))
    assert of_coach(office, at(24, 19)).reps[0].alert == "taken"
    change(office, lambda s: setattr(s.exec(select(Alert)).one(), "done_at", at(24, 20)))
    assert of_coach(office, at(24, 20)).reps[0].alert == "done"
    # Two weeks later that is no longer the last week.
    assert of_coach(office, at(38, 9)).reps[0].last_result == "none"


def test_a_page_that_was_turned_to_stays_until_home_is_opened_anew(office: Office) -> None:
    office.do(homes.opened, now=FRIDAY)

    def turned() -> None:
        office.do(homes.turn, page=2, now=FRIDAY)

    assert marked(office.database, turned) == {"home U0"}
    assert show(office).page == 2
    office.do(homes.opened, now=FRIDAY)
    assert show(office).page == 0


def test_why_somebody_was_not_asked_is_said(office: Office) -> None:
    office.beat(at(23, 9))
    office.beat(at(26, 9))
    (rep,) = of_coach(office, at(26, 9)).reps
    assert (rep.last_result, rep.not_asked_because) == ("skipped", "not_sent")


def test_a_channel_that_fails_is_said_to_the_coach(office: Office) -> None:
    def broken(session: Session) -> None:
        team = session.get_one(Team, 1)
        team.coach_channel, team.channel_problem = "C1", "is_archived"

    change(office, broken)
    assert of_coach(office).channel_problem == "is_archived"
    assert of_rep(office).coach_channel is None  # a miss is not shown there
