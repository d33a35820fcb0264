"""One check-in as its rep sees it: before it is asked, while it is open, and when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from bot.domain.checkins import showing
from bot.domain.checkins.showing import Showing
from bot.domain.people import enrolments
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.checkins import CheckInShown, QuestionShown
from bot.domain.shown.reader import Reader
from bot.domain.tables import Enrolment, Metric
from bot.rules.absences import Calendar, WorkWeek
from bot.rules.weeks import Schedule
from tests.domain.mondays import DEADLINE, MONDAY, WEEK, Mondays, at

NOON = at(23, 12)
HARBOR = Schedule(day=0, at=time(9), deadline_day=1, deadline_at=time(17))
NEXT_MONDAY = MONDAY + timedelta(days=7)


def show(mondays: Mondays, user: str = "U1", *, now: datetime = NOON) -> Showing:
    id = mondays.check_in(user).id
    return mondays.database.read_now(showing.show_all, [id], now=now)[id]


def test_an_open_check_in_shows_its_questions_beside_the_log_as_it_is_now(mondays: Mondays) -> None:
    mondays.ask()
    mondays.log("U1", moves=(1, 1))
    mondays.press("U1", 0, "yes", at(23, 10))
    mondays.log("U1", moves=(5,), week=WEEK + timedelta(days=7))  # another week's
    mondays.change(
        mondays.answers("U1")[0], note="a note", edited=True, late=True, full_target=Decimal(4)
    )
    mondays.change(mondays.answers("U1")[1], logged=Decimal(99))  # not the log's word of now
    mondays.change(mondays.member("U1"), dm_channel="D7", locale="de_DE", timezone="Europe/Berlin")
    mondays.change(mondays.team(), currency="EUR")
    first, second, third = mondays.answers("U1")
    check_in = mondays.check_in("U1")
    assert show(mondays) == Showing(
        shown=CheckInShown(
            check_in_id=check_in.id,
            state="open",
            week=WEEK,
            name="Priya",
            reader=Reader("Europe/Berlin", "de_DE", "EUR"),
            questions=(
                QuestionShown(
                    answer_id=first.id,
                    name="Conversations",
                    unit="count",
                    question="Did you meet your conversation goal?",
                    target=Decimal(2),
                    logged=Decimal(2),
                    number=Decimal(2),
                    verdict="yes",
                    note="a note",
                    edited=True,
                    late=True,
                    full_target=Decimal(4),
                ),
                QuestionShown(
                    answer_id=second.id,
                    name="Base moves",
                    unit="count",
                    question="Did you meet your base-move goal?",
                    target=Decimal(3),
                    logged=Decimal(2),
                    number=None,
                    verdict=None,
                    note=None,
                    edited=False,
                    late=False,
                ),
                QuestionShown(
                    answer_id=third.id,
                    name="Sales",
                    unit="money",
                    question="Did you meet your sales goal?",
                    target=Decimal(1_000),
                    logged=Decimal(0),
                    number=None,
                    verdict=None,
                    note=None,
                    edited=False,
                    late=False,
                ),
            ),
            deadline_at=DEADLINE,
            completed_at=None,
            late=False,
            closed=False,
            closed_for_good=False,
            coach="UC",
            second_coach="UD",
            coach_channel="CHarbor",
            next_due_at=NEXT_MONDAY,
            streak=0,
            work=None,
        ),
        rep=Addressee(mondays.member("U1").id, "U1", "D7", None),
        due_at=MONDAY,
        was_delivered=True,
        schedule=HARBOR,
        calendar=None,
    )


def test_an_answered_question_shows_the_log_as_it_was_when_it_was_answered(
    mondays: Mondays,
) -> None:
    mondays.ask()
    mondays.press("U1", 0, "no", at(23, 10))
    mondays.log("U1", moves=(1, 1))
    assert [question.logged for question in show(mondays).shown.questions] == [
        Decimal(0),
        Decimal(2),
        Decimal(0),
    ]


def test_what_nobody_logs_shows_no_log(mondays: Mondays) -> None:
    mondays.ask()
    mondays.change(mondays.answers("U1")[0], source="asked")
    assert [question.logged for question in show(mondays).shown.questions] == [
        None,
        Decimal(0),
        Decimal(0),
    ]


def test_a_metric_that_is_counted_otherwise_by_now_shows_no_number(mondays: Mondays) -> None:
    """It was logged when the question was asked, and is only asked for since."""
    mondays.ask()
    (metric,) = mondays.rows(Metric, key="sales")
    mondays.change(metric, source="asked")
    assert show(mondays).shown.questions[2].logged is None


@pytest.mark.parametrize(
    ("now", "closed", "for_good"),
    [
        (DEADLINE, False, False),
        (DEADLINE + timedelta(seconds=1), True, False),
        (DEADLINE + timedelta(days=14), True, False),
        (DEADLINE + timedelta(days=14, seconds=1), True, True),
    ],
)
def test_a_check_in_closes_and_later_for_good(
    mondays: Mondays, now: datetime, closed: bool, for_good: bool
) -> None:
    mondays.ask()
    shown = show(mondays, now=now).shown
    assert (shown.closed, shown.closed_for_good) == (closed, for_good)


def test_a_check_in_that_is_over_says_when_and_what_comes_next(mondays: Mondays) -> None:
    mondays.met("U1")
    mondays.ask()
    for question in range(3):
        mondays.press("U1", question, "yes", NOON)
    mondays.change(mondays.check_in("U1"), late=True, work_days=5, days_off=2, holidays=1)
    shown = show(mondays).shown
    assert (shown.state, shown.completed_at, shown.late) == ("answered", NOON, True)
    assert (shown.streak, shown.next_due_at, shown.missed) == (1, NEXT_MONDAY, ())
    assert shown.work == WorkWeek(5, 2, 1)


def test_a_rep_who_was_away_next_monday_is_told_of_the_day_after(mondays: Mondays) -> None:
    mondays.ask()
    mondays.away("U1", NEXT_MONDAY.date(), NEXT_MONDAY.date())
    assert show(mondays).shown.next_due_at == NEXT_MONDAY  # an open one does not say when
    mondays.change(mondays.check_in("U1"), state="unanswered")
    assert show(mondays).shown.next_due_at == NEXT_MONDAY + timedelta(days=1)
    mondays.change(mondays.check_in("U1"), state="answered")
    assert show(mondays).shown.next_due_at == NEXT_MONDAY + timedelta(days=1)


def test_what_comes_next_follows_the_team_that_the_rep_is_in_now(mondays: Mondays) -> None:
    mondays.ask()
    quay = mondays.team("Quay")
    mondays.change(quay, currency="GBP", working_days="12345", coach_channel=None)
    (enrolment,) = mondays.rows(Enrolment, member_id=mondays.member("U1").id)
    mondays.change(enrolment, team_id=quay.id)
    mondays.change(mondays.check_in("U1"), state="unanswered")
    mondays.away("U1", NEXT_MONDAY.date(), NEXT_MONDAY.date())
    shown = show(mondays).shown
    assert (shown.coach, shown.coach_channel) == ("UN", None)  # who sees the answers now
    assert shown.reader.currency == "USD"  # in which the week was asked about
    assert shown.next_due_at == NEXT_MONDAY + timedelta(days=1)


def test_who_left_is_asked_nothing_further(mondays: Mondays) -> None:
    mondays.ask()
    mondays.write(enrolments.end, member=mondays.member("U1"), now=NOON)
    mondays.change(mondays.check_in("U1"), state="answered")
    assert show(mondays).shown.next_due_at is None
    assert show(mondays, "U2").shown.next_due_at == NEXT_MONDAY


def test_a_team_without_a_second_coach_has_none(mondays: Mondays) -> None:
    mondays.ask()
    found = show(mondays, "U3")
    assert (found.shown.coach, found.shown.second_coach) == ("UN", None)
    assert found.shown.coach_channel == "CQuay"


# Before it is asked.


def test_a_check_in_that_goes_out_late_says_its_deadline_as_of_now(mondays: Mondays) -> None:
    mondays.beat(MONDAY)
    for now, deadline in (
        (at(23, 8), DEADLINE),  # before it is due
        (at(23, 9, 15), DEADLINE),
        (at(23, 12), at(24, 20)),
    ):
        found = show(mondays, now=now)
        assert (found.shown.deadline_at, found.was_delivered) == (deadline, False)
        assert not found.shown.closed
        assert found.calendar == Calendar()


def test_a_check_in_that_is_still_to_be_asked_minds_days_off(mondays: Mondays) -> None:
    mondays.beat(MONDAY)
    tuesday = DEADLINE.date()
    mondays.away("U1", tuesday, tuesday)
    found = show(mondays, now=MONDAY)
    assert found.shown.deadline_at == at(25, 17)
    assert found.calendar == replace(Calendar(), away=((tuesday, tuesday),))
    assert show(mondays, "U2", now=MONDAY).calendar == Calendar()


def test_somebody_who_can_not_be_written_to_is_known_as_such(mondays: Mondays) -> None:
    mondays.beat(MONDAY)
    mondays.change(mondays.member("U1"), inactive_because="deactivated")
    assert show(mondays).rep.inactive_because == "deactivated"
    assert show(mondays, "U2").rep.inactive_because is None


def test_a_check_in_that_does_not_exist_is_missing(mondays: Mondays) -> None:
    mondays.ask()
    ids = [mondays.check_in("U1").id, 999]
    found = mondays.database.read_now(showing.show_all, ids, now=NOON)
    assert list(found) == ids[:1]
    assert mondays.database.read_now(showing.show_all, [], now=NOON) == {}
    shown = mondays.database.read_now(showing.show, ids[0], now=NOON)
    assert shown == found[ids[0]].shown
