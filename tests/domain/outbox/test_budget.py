"""The message budget: who has room in a week, what counts, and what becomes of a message without room."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot.domain.access import Caller
from bot.domain.checkins import reminders
from bot.domain.coaching import agreements
from bot.domain.homes import homes
from bot.domain.outbox import budget, outbox
from bot.domain.shown.budget import Spent
from bot.domain.tables import OutboxItem, Workspace
from bot.rules.acts import Act
from bot.rules.weeks import WEEK
from tests.counting import counted
from tests.domain.mondays import Mondays, at

FIRST, LAST = at(23, 13), at(24, 15)
"""When a rep is reminded who was asked on Monday at nine."""


def spent(mondays: Mondays, user: str, now: datetime, at: datetime | None = None) -> Spent:
    member_id = mondays.member(user).id
    found = mondays.database.read_now(budget.read, [member_id], now=now)
    return found.spent(member_id, at or now)


def allow(mondays: Mondays, most: int) -> None:
    (workspace,) = mondays.rows(Workspace, id=mondays.workspace_id)
    mondays.change(workspace, weekly_messages=most)


def agree(mondays: Mondays, user: str, now: datetime) -> OutboxItem:
    """What a coach agreed with the rep; the row of the message about it."""

    def add(session: Session) -> None:
        agreements.add(
            session,
            alert=mondays.alert(user),  # type: ignore[arg-type]
            rep=mondays.member(user),
            coach=mondays.member("UC"),
            done=agreements.Done(Act.COACH, "We talked.", None, None),
            now=now,
        )

    mondays.write(add)
    return mondays.rows(OutboxItem, surface=outbox.AGREEMENT)[-1]


@pytest.fixture
def asked(mondays: Mondays) -> Mondays:
    mondays.ask()
    return mondays


def test_reminders_count_and_the_check_in_does_not(asked: Mondays) -> None:
    assert spent(asked, "U1", FIRST) == Spent(0, 5)
    asked.beat(FIRST)
    assert spent(asked, "U1", FIRST) == Spent(1, 5)  # on its way
    asked.deliver(FIRST)
    asked.reminded(LAST)
    assert spent(asked, "U1", LAST) == Spent(2, 5)
    assert spent(asked, "U1", LAST + WEEK) == Spent(0, 5)


def test_a_reminder_without_room_is_dropped_and_home_says_so(asked: Mondays) -> None:
    allow(asked, 1)
    asked.open_homes("U1")
    asked.reminded(FIRST)
    first, _ = asked.reminders("U1")
    shown = asked.database.read_now(reminders.show, first.id, now=FIRST)
    assert shown.no_room == Spent(1, 1)
    asked.reminded(LAST)
    _, last = asked.reminders("U1")
    assert (last.sent_at, last.due_at, last.dropped_at) == (None, None, LAST)
    assert asked.item(outbox.REMINDER, last.id) is None
    home = asked.database.read_now(homes.show, member_id=asked.member("U1").id, now=LAST)
    assert home.rep is not None
    assert home.rep.messages == Spent(1, 1, dropped=1)


def test_a_reminder_that_the_rep_asked_for_always_comes_and_does_not_count(asked: Mondays) -> None:
    allow(asked, 1)
    asked.reminded(FIRST)
    asked.write(
        reminders.snooze,
        caller=Caller(asked.workspace_id, "U1"),
        check_in_id=asked.check_in("U1").id,
        choice="1h",
        now=at(23, 14),
    )
    asked.reminded(at(23, 15))
    assert [one.sent_at for one in asked.reminders("U1")] == [FIRST, at(23, 15)]
    assert spent(asked, "U1", at(23, 15)) == Spent(1, 1)


def test_what_was_agreed_waits_for_the_first_week_with_room(asked: Mondays) -> None:
    allow(asked, 1)
    asked.reminded(FIRST)
    asked.beat(at(24, 17))  # the deadline passes, and coaches are told
    item = agree(asked, "U1", at(25, 10))
    assert item.due_at == at(30, 8)
    assert spent(asked, "U1", at(25, 10)) == Spent(1, 1)
    assert spent(asked, "U1", at(25, 10), at(30, 8)) == Spent(1, 1)
    # A later change of it does not bring it forward, and another one waits for the week after.
    asked.write(
        outbox.mark_stale_if_known,
        workspace_id=asked.workspace_id,
        surface=outbox.AGREEMENT,
        subject_id=item.subject_id,
        now=at(25, 11),
    )
    assert asked.rows(OutboxItem, id=item.id)[0].due_at == at(30, 8)


def test_with_room_it_comes_in_the_next_working_hour(asked: Mondays) -> None:
    asked.beat(at(24, 17))
    assert agree(asked, "U1", at(24, 22)).due_at == at(25, 8)


@pytest.mark.parametrize(
    ("zone", "had"),
    [("Europe/London", 1), ("America/Los_Angeles", 1), ("Asia/Tokyo", 0), ("Pacific/Apia", 0)],
)
def test_a_week_is_the_reps_own(zone: str, had: int) -> None:
    """A message of Sunday at 20:00 in London, where it is Monday already east of there."""
    limits = {1: budget.Limit(5, ZoneInfo(zone))}
    found = budget.Budget(limits, {1: [at(29, 20)]}, {})
    assert found.spent(1, at(28, 12)).messages == had
    assert found.spent(1, at(30, 12)).messages == 1 - had


@pytest.mark.parametrize(
    ("most", "wanted"),
    [
        (1, [at(23, 9), at(30, 0), at(37, 0)]),
        (2, [at(23, 9), at(23, 9), at(30, 0)]),
        (3, [at(23, 9), at(23, 9), at(23, 9)]),
    ],
)
def test_the_first_week_with_room(most: int, wanted: list[datetime]) -> None:
    found = budget.Budget({1: budget.Limit(most, ZoneInfo("Europe/London"))}, {}, {})
    assert [found.take_first(1, at(23, 9)) for _ in wanted] == wanted
    assert found.take(1, at(23, 9)) is False


def test_what_no_sender_could_post_counts_for_the_week_in_which_it_will_come(
    asked: Mondays,
) -> None:
    asked.beat(FIRST)  # Slack is away for a week
    assert spent(asked, "U1", FIRST + WEEK) == Spent(1, 5)


def test_what_was_given_up_does_not_count(asked: Mondays) -> None:
    asked.beat(FIRST)
    (item,) = asked.rows(
        OutboxItem, surface=outbox.REMINDER, subject_id=asked.reminders("U1")[0].id
    )
    asked.change(item, due_at=None, failed_reason="too late")
    assert spent(asked, "U1", FIRST) == Spent(0, 5)


def test_the_budgets_of_many_are_read_with_two_statements(asked: Mondays) -> None:
    asked.beat(FIRST)
    ids = [asked.member(user).id for user in ("U1", "U2", "U3")]
    for some in (ids[:1], ids):
        with counted(asked.database) as statements:
            asked.database.read_now(budget.read, some, now=FIRST)
        assert sum("SELECT" in one for one in statements) == 2


def test_the_budget_of_nobody_takes_no_statement(asked: Mondays) -> None:
    with counted(asked.database) as statements:
        asked.database.read_now(budget.read, [], now=FIRST)
    assert statements == []


def test_a_reminder_after_which_none_comes_reads_no_budget(asked: Mondays) -> None:
    asked.beat(FIRST)
    first, last = asked.reminders("U1")
    taken = []
    for reminder in (first, last):
        with counted(asked.database) as statements:
            asked.database.read_now(reminders.show, reminder.id, now=FIRST)
        taken.append(len(statements))
        asked.change(last, due_at=None)
    assert taken[1] == taken[0] - 2
