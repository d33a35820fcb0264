"""The life of a check-in after it was made: delivered, closed, withdrawn, or given up before it was delivered."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from bot.domain import deliveries
from bot.domain.checkins import lifecycle as checkins
from bot.domain.outbox import outbox, sending
from bot.domain.people import enrolments
from bot.domain.tables import Alert, OutboxItem, Reminder
from tests.domain.mondays import DEADLINE, MONDAY, Mondays, at

TOO_LATE = MONDAY + timedelta(hours=48)


def state(mondays: Mondays, user: str) -> tuple[str, str | None]:
    check_in = mondays.check_in(user)
    return check_in.state, check_in.skipped_because


# Never delivered.


def test_what_could_not_be_sent_within_two_days_is_given_up(mondays: Mondays) -> None:
    mondays.beat(MONDAY)
    mondays.open_homes("UA", "UC", "UD", "U1")
    mondays.beat(TOO_LATE)
    assert mondays.write(checkins.skip_undelivered, now=TOO_LATE) == 0
    assert state(mondays, "U1") == ("scheduled", None)
    just_later = TOO_LATE + timedelta(seconds=1)
    marked = mondays.stale_after(lambda: mondays.beat(just_later))
    assert {"home U1", "home UC", "home UD"} <= marked
    for user in ("U1", "U2", "U3"):
        assert state(mondays, user) == ("skipped", "not_sent")
        item = mondays.item(outbox.CHECK_IN, mondays.check_in(user).id)
        assert item is not None
        assert (item.due_at, item.failed_reason) == (None, outbox.TOO_LATE)
    homes = mondays.rows(OutboxItem, surface=outbox.HOME)
    assert {item.due_at for item in homes} == {just_later}
    assert mondays.write(checkins.skip_undelivered, now=just_later) == 0


@pytest.mark.parametrize(
    "is_on_its_way", [{"claimed_by": "s"}, {"unknown_since": MONDAY}, {"ts": "1.0"}]
)
def test_what_may_have_arrived_is_not_given_up(
    mondays: Mondays, is_on_its_way: dict[str, object]
) -> None:
    mondays.beat(MONDAY)
    item = mondays.item(outbox.CHECK_IN, mondays.check_in("U1").id)
    assert item is not None
    mondays.change(item, **is_on_its_way)
    given_up = mondays.write(checkins.skip_undelivered, now=TOO_LATE + timedelta(hours=1))
    assert given_up == 2
    assert state(mondays, "U1") == ("scheduled", None)


def test_who_can_not_be_written_to_was_not_asked(mondays: Mondays) -> None:
    mondays.beat(MONDAY)
    mondays.open_homes("UD")
    check_in = mondays.check_in("U1")
    assert mondays.stale_after(
        lambda: mondays.write(checkins.unreachable, check_in_id=check_in.id, now=MONDAY)
    ) >= {"home UD"}
    assert state(mondays, "U1") == ("skipped", "unreachable")


def test_who_was_asked_stays_asked_though_they_can_not_be_written_to(mondays: Mondays) -> None:
    mondays.ask()
    mondays.write(checkins.unreachable, check_in_id=mondays.check_in("U1").id, now=at(23, 10))
    assert state(mondays, "U1") == ("open", None)


# Delivered.


def test_deadline_and_reminders_count_from_delivery(mondays: Mondays) -> None:
    mondays.open_homes("U1", "UC")
    mondays.beat(MONDAY)
    check_in = mondays.check_in("U1")
    marked = mondays.stale_after(
        lambda: mondays.write(checkins.delivered, at={check_in.id: MONDAY})
    )
    assert marked == {"home U1", "home UC"}
    check_in = mondays.check_in("U1")
    assert (check_in.state, check_in.delivered_at) == ("open", MONDAY)
    assert check_in.deadline_at == DEADLINE
    assert [(r.number, r.due_at, r.sent_at) for r in mondays.reminders("U1")] == [
        (1, at(23, 13), None),
        (2, at(24, 15), None),
    ]
    assert state(mondays, "U2") == ("scheduled", None)


def test_a_delivery_that_is_told_twice_counts_once(mondays: Mondays) -> None:
    mondays.ask()
    check_in = mondays.check_in("U1")
    mondays.write(checkins.delivered, at={check_in.id: at(23, 18)})
    assert mondays.check_in("U1") == check_in
    assert len(mondays.rows(Reminder)) == 6


@pytest.mark.parametrize(
    ("delivered_at", "deadline", "is_late"),
    [
        (at(23, 9, 15), DEADLINE, False),
        (at(23, 9, 15) + timedelta(seconds=1), at(24, 17, 30), True),
        (at(23, 12), at(24, 20), True),
    ],
)
def test_a_late_delivery_moves_the_deadline_and_is_drawn_anew(
    mondays: Mondays, delivered_at: datetime, deadline: datetime, is_late: bool
) -> None:
    mondays.beat(MONDAY)
    check_in = mondays.check_in("U1")
    marked = mondays.stale_after(
        lambda: mondays.write(checkins.delivered, at={check_in.id: delivered_at})
    )
    assert mondays.check_in("U1").deadline_at == deadline
    assert marked == ({"check_in U1"} if is_late else set())
    if is_late:
        item = mondays.item(outbox.CHECK_IN, check_in.id)
        assert item is not None
        assert item.due_at == delivered_at


def test_nobody_is_reminded_on_a_day_off(mondays: Mondays) -> None:
    """U1 has Monday off, U2 Tuesday: what was planned for the day comes on the next, before the deadline."""
    mondays.beat(MONDAY)
    mondays.away("U1", at(23, 0).date(), at(23, 0).date())
    mondays.away("U2", at(24, 0).date(), at(24, 0).date())
    for user in ("U1", "U2", "U3"):
        mondays.write(checkins.delivered, at={mondays.check_in(user).id: MONDAY})
    assert mondays.reminders_due("U1") == [at(24, 13), at(25, 15)]
    assert mondays.reminders_due("U2") == [at(23, 13), at(25, 15)]
    assert mondays.check_in("U2").deadline_at == at(25, 17)
    assert mondays.reminders_due("U3") == [at(23, 13), at(24, 15)]


def test_only_those_are_delivered_of_which_it_is_told(mondays: Mondays) -> None:
    mondays.beat(MONDAY)
    ids = [mondays.check_in(user).id for user in ("U1", "U2")]

    def deliver_first(session: Session) -> None:
        waiting = checkins.waiting_for_delivery(session, ids)
        checkins.deliver(session, waiting, at={})
        checkins.deliver(session, waiting, at={ids[0]: MONDAY})
        assert checkins.waiting_for_delivery(session, []) == []

    mondays.write(deliver_first)
    assert (state(mondays, "U1")[0], state(mondays, "U2")[0]) == ("open", "scheduled")


def test_one_that_was_withdrawn_keeps_no_other_from_being_opened(mondays: Mondays) -> None:
    mondays.beat(MONDAY)
    users = ("U1", "U2", "U3")
    ids = [mondays.check_in(user).id for user in users]
    mondays.change(mondays.check_in("U1"), state="away")

    def deliver(session: Session) -> None:
        waiting = sorted(checkins.waiting_for_delivery(session, ids), key=lambda one: one.id)
        checkins.deliver(session, waiting, at=dict.fromkeys(ids, MONDAY))

    mondays.write(deliver)
    assert [state(mondays, user)[0] for user in users] == ["away", "open", "open"]


def test_what_was_on_its_way_when_its_week_was_marked_as_away_is_drawn_anew(
    mondays: Mondays,
) -> None:
    mondays.beat(MONDAY)
    claimed = mondays.claim(MONDAY)
    mondays.change(mondays.check_in("U1"), state="away")
    arrive(mondays, claimed)
    check_in = mondays.check_in("U1")
    assert (check_in.state, check_in.delivered_at, check_in.deadline_at) == ("away", MONDAY, None)
    assert mondays.reminders("U1") == []
    assert "check_in U1" in mondays.stale()
    assert "check_in U2" not in mondays.stale()


def test_what_was_on_its_way_when_its_rep_left_is_drawn_anew(mondays: Mondays) -> None:
    mondays.beat(MONDAY)
    claimed = mondays.claim(MONDAY)
    mondays.write(enrolments.end, member=mondays.member("U1"), now=MONDAY)
    arrive(mondays, claimed)
    check_in = mondays.check_in("U1")
    assert (check_in.state, check_in.delivered_at) == ("skipped", MONDAY)
    assert "check_in U1" in mondays.stale()
    assert mondays.reminders("U1") == []


def arrive(mondays: Mondays, claimed: list[sending.Claimed]) -> None:
    """What a sender had in hand arrives on Monday at nine."""
    ts = f"{MONDAY.timestamp():.0f}.000000"
    for one in claimed:
        report = sending.Report(one, "slow", MONDAY, channel=f"D{one.id}", ts=ts)
        mondays.write(deliveries.posted, [deliveries.PostReport(report)])


# Closed.


def test_a_check_in_closes_at_its_deadline_and_its_coach_is_alerted(mondays: Mondays) -> None:
    mondays.ask()
    mondays.open_homes("U1", "UC", "UD")
    assert mondays.write(checkins.close_due, now=DEADLINE - timedelta(seconds=1)) == 0
    mondays.reminded(at(23, 13))
    marked = mondays.stale_after(lambda: mondays.write(checkins.close_due, now=DEADLINE))
    assert {"check_in U1", "reminder U1", "alert U1", "home U1", "home UC", "home UD"} <= marked
    assert state(mondays, "U1") == ("unanswered", None)
    assert mondays.reminders_due("U1") == [None, None]
    alert = mondays.alert("U1")
    assert alert is not None
    assert alert.created_at == DEADLINE
    assert len(mondays.rows(Alert)) == 3
    assert mondays.write(checkins.close_due, now=DEADLINE) == 0


def test_a_deadline_on_a_day_off_is_moved_and_not_missed(mondays: Mondays) -> None:
    mondays.ask()
    mondays.away("U1", at(24, 0).date(), at(24, 0).date())
    assert mondays.write(checkins.close_due, now=DEADLINE) == 3
    assert (state(mondays, "U1")[0], mondays.alert("U1")) == ("open", None)
    assert mondays.check_in("U1").deadline_at == at(25, 17)
    assert state(mondays, "U2")[0] == "unanswered"
    assert mondays.write(checkins.close_due, now=at(25, 17)) == 1
    assert state(mondays, "U1")[0] == "unanswered"


def test_who_can_not_be_written_to_any_more_has_missed_nothing(mondays: Mondays) -> None:
    mondays.ask()
    mondays.reminded(at(23, 13))
    mondays.open_homes("UC")
    mondays.change(mondays.member("U1"), inactive_because="deactivated")
    mondays.change(mondays.check_in("U2"), deadline_at=at(30, 9))
    marked = mondays.stale_after(lambda: mondays.write(checkins.close_due, now=DEADLINE))
    assert marked >= {"check_in U1", "reminder U1", "home UC"}
    assert state(mondays, "U1") == ("skipped", "unreachable")
    assert mondays.reminders_due("U1") == [None, None]
    assert (mondays.alert("U1"), state(mondays, "U3")[0]) == (None, "unanswered")


# Withdrawn.


def test_who_leaves_is_asked_nothing_further(mondays: Mondays) -> None:
    mondays.ask()
    mondays.reminded(at(23, 13))
    member = mondays.member("U1")
    marked = mondays.stale_after(
        lambda: mondays.write(checkins.withdraw_open, member=member, now=at(23, 14))
    )
    assert marked == {"check_in U1", "reminder U1"}
    assert state(mondays, "U1") == ("skipped", "left")
    assert mondays.reminders_due("U1") == [None, None]
    assert state(mondays, "U2") == ("open", None)
    assert mondays.reminders_due("U2") == [None, at(24, 15)]
    item = mondays.item(outbox.CHECK_IN, mondays.check_in("U1").id)
    assert item is not None
    assert item.due_at == at(23, 14)


def test_what_waits_to_be_sent_is_withdrawn_and_what_is_over_stays(mondays: Mondays) -> None:
    mondays.beat(MONDAY)
    mondays.change(mondays.check_in("U2"), state="answered")
    for user in ("U1", "U2"):
        mondays.write(checkins.withdraw_open, member=mondays.member(user), now=MONDAY)
    assert state(mondays, "U1") == ("skipped", "left")
    assert state(mondays, "U2") == ("answered", None)
