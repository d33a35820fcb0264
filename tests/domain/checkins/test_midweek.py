"""The mid-week line: on Thursday mornings, for who chose it, once, within the budget, and not for nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.access import Caller
from bot.domain.checkins import midweek, schedule_ahead
from bot.domain.homes import homes
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.tables import Enrolment, MidweekLine, OutboxItem, Workspace
from tests.counting import counted
from tests.domain.mondays import WEEK, Mondays, at

THURSDAY = at(19, 8)
"""When the line about the week of the 16th comes in London."""


@pytest.fixture
def chosen(mondays: Mondays) -> Mondays:
    choose(mondays, "U1")
    return mondays


MONDAY = at(16, 10)


def choose(mondays: Mondays, user: str, wanted: bool = True, now: datetime = MONDAY) -> None:
    caller = Caller(mondays.workspace_id, user)
    mondays.write(midweek.choose, caller=caller, wanted=wanted, now=now)


def sent(mondays: Mondays, user: str = "U1") -> list[date]:
    """The weeks about which the rep has a line, or has one on its way."""
    lines = mondays.rows(MidweekLine, member_id=mondays.member(user).id)
    return [line.week for line in lines if mondays.item(outbox.MIDWEEK, line.id) is not None]


def next_at(mondays: Mondays, user: str = "U1") -> datetime | None:
    (enrolment,) = mondays.rows(Enrolment, member_id=mondays.member(user).id)
    return enrolment.midweek_at


def send(mondays: Mondays, now: datetime) -> int:
    return mondays.write(midweek.send_due, now=now)


def test_who_chose_it_has_one_line_on_thursday_and_nobody_else_has(chosen: Mondays) -> None:
    assert next_at(chosen) == THURSDAY
    assert send(chosen, THURSDAY - timedelta(seconds=1)) == 0
    assert chosen.signals(lambda: send(chosen, THURSDAY)) == 1
    assert sent(chosen) == [WEEK]
    assert len(chosen.rows(MidweekLine)) == 1
    assert next_at(chosen) == THURSDAY + timedelta(days=7)
    choose(chosen, "U1", wanted=False, now=THURSDAY)
    choose(chosen, "U1", now=THURSDAY)
    assert next_at(chosen) == THURSDAY + timedelta(days=7)
    chosen.change(chosen.rows(Enrolment, member_id=chosen.member("U1").id)[0], midweek_at=THURSDAY)
    send(chosen, THURSDAY + timedelta(hours=1))  # a second beat finds the line that was sent
    assert len(chosen.rows(MidweekLine)) == 1


def test_it_says_what_the_log_says_and_how_many_days_are_left(chosen: Mondays) -> None:
    chosen.log("U1", moves=(1, 1))
    send(chosen, THURSDAY)
    (line,) = chosen.rows(MidweekLine)
    found = chosen.database.read_now(midweek.show_all, [line.id, 77], now=THURSDAY)
    assert set(found) == {line.id}
    showing = found[line.id]
    assert showing is not None
    stands = [(goal.logged, goal.target) for goal in showing.shown.goals]
    assert stands == [(2, 2), (2, 3), (0, 1_000)]
    assert showing.shown.days_left == 2
    assert (showing.to.slack_user_id, showing.latest) == ("U1", at(19, 20))


@pytest.mark.parametrize("why", ["met", "away", "off", "left", "gone", "holiday"])
def test_nothing_comes_where_there_is_nothing_to_say_or_nobody_to_read_it(
    chosen: Mondays, why: str
) -> None:
    member = chosen.member("U1")
    (enrolment,) = chosen.rows(Enrolment, member_id=member.id)
    if why == "met":
        chosen.met("U1")
    elif why == "away":
        chosen.away("U1", date(2026, 11, 19), date(2026, 11, 19))
    elif why == "off":
        choose(chosen, "U1", wanted=False)
    elif why == "left":
        chosen.change(enrolment, ended_on=date(2026, 11, 17))
    elif why == "gone":
        chosen.change(member, inactive_because="deactivated")
    else:
        chosen.change(chosen.team(), working_days="012")
    send(chosen, THURSDAY)
    assert chosen.rows(MidweekLine) == []


@pytest.mark.parametrize("then", ["off", "away", "left"])
def test_a_line_on_its_way_is_not_shown_to_who_is_not_to_have_it_any_more(
    chosen: Mondays, then: str
) -> None:
    send(chosen, THURSDAY)
    (line,) = chosen.rows(MidweekLine)
    (enrolment,) = chosen.rows(Enrolment, member_id=line.member_id)
    if then == "off":
        choose(chosen, "U1", wanted=False, now=THURSDAY)
    elif then == "away":
        chosen.away("U1", date(2026, 11, 19), date(2026, 11, 20))
    else:
        chosen.change(enrolment, ended_on=date(2026, 11, 19))
    assert chosen.database.read_now(midweek.show_all, [line.id], now=THURSDAY) == {line.id: None}


def test_a_line_without_room_is_dropped_and_home_counts_it(chosen: Mondays) -> None:
    chosen.change(chosen.rows(Workspace)[0], weekly_messages=1)
    send(chosen, THURSDAY)
    assert _spent(chosen) == (1, 0)
    choose(chosen, "U2")
    chosen.change(chosen.rows(Workspace)[0], weekly_messages=0)
    send(chosen, THURSDAY + timedelta(hours=1))
    assert sent(chosen, "U2") == []
    assert _spent(chosen, "U2") == (0, 1)


def _spent(mondays: Mondays, user: str = "U1") -> tuple[int, int]:
    shown = mondays.database.read_now(
        homes.show, member_id=mondays.member(user).id, now=THURSDAY + timedelta(hours=2)
    )
    assert shown.rep is not None
    assert shown.rep.messages is not None
    return shown.rep.messages.messages, shown.rep.messages.dropped


def test_a_bot_that_was_down_on_thursday_says_nothing_on_friday(chosen: Mondays) -> None:
    send(chosen, at(19, 20))
    assert (sent(chosen), next_at(chosen)) == ([], THURSDAY + timedelta(days=7))


def test_who_moved_is_told_by_the_new_clock(chosen: Mondays) -> None:
    chosen.change(chosen.member("U1"), timezone="America/New_York")
    send(chosen, THURSDAY)
    assert (sent(chosen), next_at(chosen)) == ([], at(19, 13))
    send(chosen, at(19, 13))
    assert sent(chosen) == [WEEK]


def test_only_a_rep_can_choose_it_and_the_same_choice_changes_nothing(chosen: Mondays) -> None:
    with pytest.raises(Refusal):
        choose(chosen, "UC")
    was = next_at(chosen)
    choose(chosen, "U1", now=at(17, 10))
    assert next_at(chosen) == was


def test_it_costs_as_many_statements_for_many_reps(mondays: Mondays) -> None:
    counts = []
    for users in (("U1",), ("U1", "U2", "U3")):
        for user in users:
            choose(mondays, user, wanted=False)
            choose(mondays, user)
        for line in mondays.rows(MidweekLine):
            mondays.change(line, week=date(2026, 1, 5))
        with counted(mondays.database) as statements:
            send(mondays, THURSDAY)
        counts.append(sum("SELECT" in one for one in statements))
    assert counts[0] == counts[1]
    assert len(sent(mondays, "U3")) == 1


@pytest.mark.parametrize(
    ("zone", "week", "shift"),
    [
        ("Europe/Berlin", date(2027, 10, 25), -1),
        ("America/New_York", date(2027, 11, 1), -1),
        ("Australia/Lord_Howe", date(2027, 9, 27), 0.5),
        ("Asia/Kolkata", date(2027, 10, 25), 0),
    ],
)
def test_a_clock_change_moves_no_ping_out_of_working_hours_or_over_the_budget(
    mondays: Mondays, zone: str, week: date, shift: float
) -> None:
    """The clock changes on the Sunday of `week`, by `shift` hours; the rep answers nothing for three weeks.

    Two reminders and a line are due in each, and the budget is two.
    """
    here = ZoneInfo(zone)
    noon, later = (datetime.combine(week + timedelta(days=n), time(12), here) for n in (0, 7))
    assert later.utcoffset() == noon.utcoffset() + timedelta(hours=shift)  # type: ignore[operator]
    mondays.change(mondays.rows(Workspace)[0], weekly_messages=2)
    mondays.change(mondays.member("U1"), timezone=zone)
    for enrolment in mondays.rows(Enrolment):
        mondays.change(enrolment, next_due_at=None)
    choose(mondays, "U1", now=datetime.combine(week, time(0), here).astimezone(UTC))
    (enrolment,) = mondays.rows(Enrolment, member_id=mondays.member("U1").id)
    due = datetime.combine(week, time(9), here).astimezone(UTC)
    mondays.change(enrolment, next_week=week - timedelta(days=7), next_due_at=due)
    seen: dict[int, datetime] = {}
    dropped = 0
    while (now := _next(mondays)) < later + timedelta(days=7):
        mondays.beat(now)
        seen |= {
            item.id: now.astimezone(here)
            for item in mondays.rows(OutboxItem)
            if item.surface in outbox.PINGS and item.id not in seen
        }
        mondays.deliver(now)
        dropped = sum(line.dropped_at is not None for line in mondays.rows(MidweekLine))
    walls = list(seen.values())
    assert all(time(8) <= wall.time() < time(20) and wall.weekday() < 5 for wall in walls)
    weeks = [wall.isocalendar()[:2] for wall in walls]
    assert [weeks.count(one) for one in sorted(set(weeks))] == [2, 2]
    assert dropped == 2  # the line of each week, for the reminders were first
    for line in mondays.rows(MidweekLine):
        assert line.sent_at.astimezone(here).time() == time(8)


def _next(mondays: Mondays) -> datetime:
    """The next moment at which a beat has something to do."""
    steps = (schedule_ahead.next_check_in, schedule_ahead.next_reminder)
    moments = [mondays.database.read_now(step) for step in (*steps, schedule_ahead.next_deadline)]
    return min(moment for moment in (*moments, next_at(mondays)) if moment is not None)
