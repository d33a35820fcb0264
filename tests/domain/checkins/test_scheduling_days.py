"""What days off, lateness and other zones make of the check-ins that fall due."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.checkins import scheduling
from bot.domain.outbox import outbox
from bot.domain.tables import CheckIn, Enrolment, OutboxItem
from bot.rules.weeks import WEEK as ONE_WEEK
from tests.domain.mondays import MONDAY, WEEK, Mondays, another_workspace, at

FRIDAY = WEEK + timedelta(days=4)


def schedule(mondays: Mondays, now: datetime = MONDAY) -> int:
    return mondays.write(scheduling.schedule_due, now=now)


def enrolment(mondays: Mondays, user: str) -> Enrolment:
    (found,) = mondays.rows(Enrolment, member_id=mondays.member(user).id)
    return found


def due_at(mondays: Mondays, user: str) -> datetime | None:
    item = mondays.item(outbox.CHECK_IN, mondays.check_in(user).id)
    return item.due_at if item is not None else None


def test_a_check_in_is_made_with_all_that_is_known_of_it(mondays: Mondays) -> None:
    assert schedule(mondays) == 3
    check_in = mondays.check_in("U1")
    assert check_in.model_dump(exclude={"id"}) == {
        "workspace_id": mondays.workspace_id,
        "member_id": mondays.member("U1").id,
        "team_id": mondays.team().id,
        "week": WEEK,
        "state": "scheduled",
        "due_at": MONDAY,
        "delivered_at": None,
        "deadline_at": None,
        "completed_at": None,
        "late": False,
        "skipped_because": None,
        "work_days": None,
        "days_off": 0,
        "holidays": 0,
        "joined_on": None,
        "cause": None,
        "cause_words": None,
        "nodded_by": None,
        "nodded_at": None,
    }
    answer = mondays.answers("U1")[1]
    assert answer.model_dump(exclude={"id", "metric_id"}) == {
        "workspace_id": mondays.workspace_id,
        "check_in_id": check_in.id,
        "position": 1,
        "name": "Base moves",
        "unit": "count",
        "question": "Did you meet your base-move goal?",
        "source": "conversations",
        "target": Decimal(3),
        "full_target": None,
        "number": None,
        "logged": None,
        "verdict": None,
        "note": None,
        "answered_at": None,
        "late": False,
        "edited": False,
    }
    assert mondays.check_in("U3").team_id == mondays.team("Quay").id


def test_days_off_make_the_targets_smaller(mondays: Mondays) -> None:
    mondays.away("U1", FRIDAY - timedelta(days=1), FRIDAY)
    schedule(mondays)
    check_in = mondays.check_in("U1")
    assert (check_in.work_days, check_in.days_off, check_in.holidays) == (5, 2, 0)
    assert [(a.target, a.full_target) for a in mondays.answers("U1")] == [
        (Decimal(1), Decimal(2)),
        (Decimal(1), Decimal(3)),
        (Decimal(600), Decimal(1_000)),
    ]
    assert mondays.check_in("U2").work_days is None
    assert [a.full_target for a in mondays.answers("U2")] == [None, None, None]


@pytest.mark.parametrize(
    ("weekday", "away", "state", "targets"),
    [
        (0, None, "scheduled", [2, 3, 1_000]),
        (2, None, "scheduled", [1, 1, 600]),
        (2, 3, "scheduled", [1, 1, 400]),  # two days are left
        (2, 4, "skipped", []),  # one is left
        (4, None, "skipped", []),
        (5, None, "skipped", []),
    ],
)
def test_a_joiners_first_week_is_asked_about_in_proportion_or_not_at_all(
    mondays: Mondays, weekday: int, away: int | None, state: str, targets: list[int]
) -> None:
    joined = WEEK + timedelta(days=weekday)
    mondays.change(enrolment(mondays, "U1"), enrolled_on=joined)
    if away is not None:
        mondays.away("U1", WEEK + timedelta(days=3), WEEK + timedelta(days=away))
    schedule(mondays)
    check_in = mondays.check_in("U1")
    assert (check_in.state, check_in.skipped_because) == (
        state,
        "joined" if state == "skipped" else None,
    )
    assert [answer.target for answer in mondays.answers("U1")] == targets
    assert check_in.joined_on == (joined if weekday else None)
    assert (check_in.work_days, check_in.days_off) == (
        (5, min(weekday, 5) + (away - 2 if away else 0)) if weekday else (None, 0)
    )
    assert [answer.target for answer in mondays.answers("U2")] == [2, 3, 1_000]
    schedule(mondays, MONDAY + ONE_WEEK)
    assert mondays.check_in("U1").joined_on is None
    assert [answer.target for answer in mondays.answers("U1")] == [2, 3, 1_000]


def test_who_moves_to_another_team_is_asked_about_the_whole_week(mondays: Mondays) -> None:
    now = at(18, 12)
    mondays.write(lambda session: mondays.enrol(session, "U1", "Quay", now=now, whole_week=False))
    schedule(mondays)
    assert mondays.check_in("U1").team_id == mondays.team("Quay").id
    assert mondays.check_in("U1").joined_on is None
    assert [answer.target for answer in mondays.answers("U1")] == [2, 3, 1_000]


def test_a_public_holiday_counts_for_the_whole_team(mondays: Mondays) -> None:
    mondays.change(mondays.team(), country="US", working_days="0123")
    for user in ("U1", "U2"):
        mondays.change(enrolment(mondays, user), next_week=WEEK + ONE_WEEK)  # Thanksgiving's
    mondays.away("U2", at(23, 0).date(), at(23, 0).date())
    schedule(mondays)
    for user, days_off in (("U1", 1), ("U2", 2)):
        check_in = mondays.check_in(user)
        assert (check_in.work_days, check_in.days_off, check_in.holidays) == (4, days_off, 1)
    assert mondays.check_in("U3").work_days is None


def test_a_whole_week_away_asks_nothing_and_is_seen_at_home(mondays: Mondays) -> None:
    mondays.open_homes("U1", "U2", "UC", "UD", "UN")
    mondays.away("U1", WEEK, FRIDAY)
    assert mondays.stale_after(lambda: schedule(mondays)) >= {"home U1", "home UC", "home UD"}
    check_in = mondays.check_in("U1")
    assert (check_in.state, check_in.skipped_because, check_in.days_off) == ("away", None, 5)
    assert mondays.answers("U1") == []
    assert due_at(mondays, "U1") is None
    homes = mondays.rows(OutboxItem, surface=outbox.HOME)
    assert {item.subject_id for item in homes} == {
        mondays.member(user).id for user in ("U1", "UC", "UD")
    }
    assert {item.due_at for item in homes} == {MONDAY}
    assert enrolment(mondays, "U1").next_week == WEEK + ONE_WEEK


def test_who_is_away_on_monday_is_asked_on_the_first_day_back(mondays: Mondays) -> None:
    mondays.away("U1", MONDAY.date(), MONDAY.date())
    schedule(mondays)
    assert mondays.check_in("U1").due_at == MONDAY + timedelta(days=1)
    assert due_at(mondays, "U1") == MONDAY + timedelta(days=1)
    assert (mondays.check_in("U2").due_at, due_at(mondays, "U2")) == (MONDAY, MONDAY)


@pytest.mark.parametrize(
    ("now", "sent_at"),
    [
        (MONDAY, MONDAY),
        (MONDAY + timedelta(minutes=15), MONDAY + timedelta(minutes=15)),
        (at(23, 12), at(23, 12)),
        (at(23, 21), at(24, 8)),
    ],
)
def test_what_is_late_goes_out_in_working_hours(
    mondays: Mondays, now: datetime, sent_at: datetime
) -> None:
    schedule(mondays, now)
    assert (mondays.check_in("U1").due_at, due_at(mondays, "U1")) == (MONDAY, sent_at)


def test_lateness_of_a_quarter_of_an_hour_does_not_wait_for_working_hours(
    mondays: Mondays,
) -> None:
    for user in ("U1", "U2"):
        mondays.change(enrolment(mondays, user), next_due_at=at(23, 21))
    schedule(mondays, at(23, 21, 15))
    assert due_at(mondays, "U1") == at(23, 21, 15)
    mondays.change(enrolment(mondays, "U3"), next_due_at=at(30, 21), next_week=WEEK + ONE_WEEK)
    schedule(mondays, at(30, 21, 15) + timedelta(seconds=1))
    assert due_at(mondays, "U3") == at(31, 8)


def test_what_is_late_is_not_sent_on_a_day_off(mondays: Mondays) -> None:
    mondays.away("U1", at(24, 0).date(), at(24, 0).date())
    schedule(mondays, at(23, 21))
    assert due_at(mondays, "U1") == at(25, 8)


@pytest.mark.parametrize(("seconds", "state"), [(0, "scheduled"), (1, "skipped")])
def test_what_is_two_days_late_is_not_sent_any_more(
    mondays: Mondays, seconds: int, state: str
) -> None:
    mondays.open_homes("UC")
    schedule(mondays, MONDAY + timedelta(hours=48, seconds=seconds))
    check_in = mondays.check_in("U1")
    assert check_in.state == state
    assert check_in.skipped_because == (None if state == "scheduled" else "not_sent")
    assert len(mondays.answers("U1")) == 3
    assert (due_at(mondays, "U1") is None) == (state == "skipped")
    assert ("home UC" in mondays.stale()) == (state == "skipped")


def test_each_is_asked_next_a_week_later_in_their_own_zone(mondays: Mondays) -> None:
    mondays.change(mondays.member("U2"), timezone="Europe/Berlin")
    mondays.change(mondays.team("Quay"), check_in_day=2)
    assert schedule(mondays) == 3
    assert {user: enrolment(mondays, user).next_due_at for user in ("U1", "U2", "U3")} == {
        "U1": at(30, 9),
        "U2": at(30, 8),
        "U3": at(32, 9),
    }
    assert {one.next_week for one in mondays.rows(Enrolment)} == {WEEK + ONE_WEEK}


def test_weeks_that_differ_are_scheduled_side_by_side(mondays: Mondays) -> None:
    mondays.change(enrolment(mondays, "U2"), next_week=WEEK + ONE_WEEK, next_due_at=at(22, 9))
    assert schedule(mondays) == 3
    assert mondays.check_in("U2").week == WEEK + ONE_WEEK
    assert mondays.check_in("U1").week == WEEK
    assert enrolment(mondays, "U2").next_week == WEEK + 2 * ONE_WEEK


@pytest.mark.parametrize(
    "over", [{"ended_on": FRIDAY}, {"next_week": None}], ids=["left", "no week"]
)
def test_who_is_not_asked_any_more_is_not_planned_again(
    mondays: Mondays, over: dict[str, object]
) -> None:
    mondays.change(enrolment(mondays, "U1"), **over)
    assert schedule(mondays) == 3
    found = enrolment(mondays, "U1")
    assert (found.next_week, found.next_due_at) == (None, None)
    assert mondays.rows(CheckIn, member_id=found.member_id) == []
    assert len(mondays.rows(CheckIn)) == 2


def test_who_can_not_be_written_to_is_not_asked(mondays: Mondays) -> None:
    mondays.change(mondays.member("U1"), inactive_because="deactivated")
    assert schedule(mondays) == 3
    assert enrolment(mondays, "U1").next_due_at is None
    assert len(mondays.rows(CheckIn)) == 2


def test_reps_of_two_workspaces_are_scheduled_together(mondays: Mondays) -> None:
    mondays.open_homes("U1", "U3")
    elsewhere = mondays.write(another_workspace)
    for row in (mondays.member("U3"), enrolment(mondays, "U3")):
        mondays.change(row, workspace_id=elsewhere)
    schedule(mondays, MONDAY + timedelta(hours=49))
    homes = mondays.rows(OutboxItem, surface=outbox.HOME)
    assert sorted(item.workspace_id for item in homes) == [mondays.workspace_id, elsewhere]
