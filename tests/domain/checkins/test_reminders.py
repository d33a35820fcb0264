"""Reminders: two at most, in working hours, on no day off; another one only where the rep snoozes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.access import Caller
from bot.domain.checkins import reminders
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.shown.reader import Reader
from bot.domain.tables import OutboxItem, Reminder
from tests.domain.mondays import DEADLINE, Mondays, another_workspace, at

FIRST, LAST = at(23, 13), at(24, 15)
"""When a rep is reminded who was asked on Monday at nine."""


@pytest.fixture
def asked(mondays: Mondays) -> Mondays:
    mondays.ask()
    return mondays


def remind(mondays: Mondays, now: datetime) -> int:
    return mondays.write(reminders.remind_due, now=now)


def test_who_has_not_answered_is_reminded_when_it_is_due(asked: Mondays) -> None:
    assert remind(asked, FIRST - timedelta(seconds=1)) == 0
    assert asked.signals(lambda: remind(asked, FIRST)) == 1
    for user in ("U1", "U2", "U3"):
        first, last = asked.reminders(user)
        assert (first.due_at, first.sent_at) == (None, FIRST)
        assert (last.due_at, last.sent_at) == (LAST, None)
        item = asked.item(outbox.REMINDER, first.id)
        assert item is not None
        assert (item.workspace_id, item.due_at) == (asked.workspace_id, FIRST)
        assert asked.item(outbox.REMINDER, last.id) is None
    assert remind(asked, FIRST) == 0
    assert remind(asked, LAST) == 3
    assert [r.sent_at for r in asked.reminders("U1")] == [FIRST, LAST]


@pytest.mark.parametrize("state", ["answered", "unanswered", "away", "skipped"])
def test_nobody_is_reminded_of_what_is_over(asked: Mondays, state: str) -> None:
    asked.change(asked.check_in("U1"), state=state)
    assert remind(asked, FIRST) == 3
    assert [(r.due_at, r.sent_at) for r in asked.reminders("U1")] == [(None, None), (LAST, None)]
    assert [r.sent_at for r in asked.reminders("U2")] == [FIRST, None]


def test_outside_of_working_hours_a_reminder_waits_for_the_next_morning(asked: Mondays) -> None:
    """The bot was down over the afternoon."""
    assert remind(asked, at(23, 20)) == 3
    assert asked.reminders_due("U1") == [at(24, 8), LAST]
    assert asked.rows(OutboxItem, surface=outbox.REMINDER) == []
    assert remind(asked, at(24, 8)) == 3
    assert [r.sent_at for r in asked.reminders("U1")] == [at(24, 8), None]


@pytest.mark.parametrize(
    ("deadline", "due_at"), [(at(24, 8), None), (at(24, 8, 1), at(24, 8)), (at(24, 7), None)]
)
def test_a_reminder_that_would_come_after_the_deadline_does_not_come(
    asked: Mondays, deadline: datetime, due_at: datetime | None
) -> None:
    asked.change(asked.check_in("U1"), deadline_at=deadline)
    remind(asked, at(23, 22))
    assert asked.reminders_due("U1")[0] == due_at


def test_working_hours_are_those_of_the_reps_own_zone(asked: Mondays) -> None:
    asked.change(asked.member("U1"), timezone="Pacific/Honolulu")  # three in the morning there
    remind(asked, FIRST)
    assert asked.reminders_due("U1")[0] == at(23, 18)
    assert asked.reminders_due("U2")[0] is None


def test_a_day_off_that_came_up_since_is_no_day_to_remind_on(asked: Mondays) -> None:
    asked.away("U1", FIRST.date(), FIRST.date(), now=at(23, 10))
    asked.change(asked.check_in("U1"), deadline_at=at(25, 17))
    remind(asked, FIRST)
    assert asked.reminders_due("U1")[0] == at(24, 13)
    assert asked.reminders_due("U2")[0] is None


def test_of_several_that_are_due_the_last_one_is_sent_alone(asked: Mondays) -> None:
    assert remind(asked, LAST) == 6
    assert [r.sent_at for r in asked.reminders("U1")] == [None, LAST]
    assert asked.reminders_due("U1") == [None, None]


def test_the_last_one_is_the_one_that_is_due_last(asked: Mondays) -> None:
    first, _ = asked.reminders("U1")
    asked.change(first, due_at=at(24, 16))
    remind(asked, at(24, 16))
    assert [r.sent_at for r in asked.reminders("U1")] == [at(24, 16), None]


def test_a_team_that_works_from_monday_to_friday_is_reminded_on_no_saturday(asked: Mondays) -> None:
    check_in = asked.check_in("U1")
    asked.change(check_in, deadline_at=at(31, 17))  # Tuesday, 1 December
    asked.change(asked.reminders("U1")[0], due_at=at(28, 13))
    asked.change(asked.reminders("U1")[1], due_at=None)
    remind(asked, at(28, 13))
    assert asked.reminders_due("U1") == [at(30, 13), None]
    asked.change(asked.team(), working_days="012345")
    asked.change(asked.reminders("U1")[0], due_at=at(28, 13))
    remind(asked, at(28, 13))
    assert asked.reminders("U1")[0].sent_at == at(28, 13)


# Snoozing.


def snooze(
    mondays: Mondays,
    choice: str,
    now: datetime,
    *,
    by: str = "U1",
    check_in_id: int | None = None,
    workspace_id: int | None = None,
) -> tuple[datetime, Reader]:
    named = {"check_in_id": check_in_id or mondays.check_in("U1").id, "choice": choice}
    caller = Caller(workspace_id or mondays.workspace_id, by)
    return mondays.write(reminders.snooze, caller=caller, now=now, **named)


def refused(mondays: Mondays, choice: str, now: datetime, **given: object) -> str:
    before = mondays.rows(Reminder)
    with pytest.raises(Refusal) as refusal:
        snooze(mondays, choice, now, **given)  # type: ignore[arg-type]
    assert mondays.rows(Reminder) == before
    return refusal.value.sentence


@pytest.mark.parametrize(
    ("choice", "now", "moment"),
    [
        ("1h", at(23, 12), at(23, 13)),
        ("3h", at(23, 12), at(23, 15)),
        ("3h", at(23, 18), at(24, 8)),
        ("tomorrow", at(23, 12), at(24, 8)),
    ],
)
def test_the_next_reminder_moves_to_where_the_rep_wants_it(
    asked: Mondays, choice: str, now: datetime, moment: datetime
) -> None:
    assert snooze(asked, choice, now) == (moment, Reader("Europe/London", "en_US", "USD"))
    assert asked.reminders_due("U1") == [moment, LAST]
    assert asked.reminders_due("U2") == [FIRST, LAST]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (at(24, 13, 30), [at(24, 14, 30), None]),
        (at(24, 13, 29), [at(24, 14, 29), LAST]),
        (at(24, 14, 30), [at(24, 15, 30), None]),
    ],
)
def test_two_reminders_keep_half_an_hour_between_them(
    asked: Mondays, now: datetime, due: list[datetime | None]
) -> None:
    snooze(asked, "1h", now)
    assert asked.reminders_due("U1") == due


def test_when_none_is_left_one_is_added(asked: Mondays) -> None:
    remind(asked, FIRST)
    remind(asked, LAST)
    snooze(asked, "1h", LAST)
    assert [(r.number, r.due_at, r.sent_at) for r in asked.reminders("U1")] == [
        (1, None, FIRST),
        (2, None, LAST),
        (3, at(24, 16), None),
    ]
    remind(asked, at(24, 16))
    assert asked.reminders("U1")[2].sent_at == at(24, 16)
    assert len(asked.reminders("U2")) == 2


def test_a_check_in_that_never_had_a_reminder_gets_its_first(asked: Mondays) -> None:
    for reminder in asked.reminders("U1"):
        asked.change(reminder, check_in_id=asked.check_in("U2").id, number=reminder.number + 10)
    snooze(asked, "1h", at(23, 12))
    assert [(r.number, r.due_at) for r in asked.reminders("U1")] == [(1, at(23, 13))]


def test_the_reminder_that_was_snoozed_says_so(asked: Mondays) -> None:
    asked.reminded(FIRST)
    assert asked.stale_after(lambda: snooze(asked, "1h", at(23, 14))) == {"reminder U1"}
    (sent, _) = asked.reminders("U1")
    item = asked.item(outbox.REMINDER, sent.id)
    assert item is not None
    assert item.due_at == at(23, 14)


def test_a_snooze_beyond_the_deadline_is_refused_in_words(asked: Mondays) -> None:
    sentence = (
        "The check-in closes Tuesday at 5:00 PM, before that. Answer now, or snooze for less."
    )
    assert refused(asked, "1h", at(24, 16)) == sentence
    assert refused(asked, "3h", at(24, 15)) == sentence
    asked.change(asked.member("U1"), timezone="Europe/Berlin")
    assert refused(asked, "tomorrow", at(24, 12)) == sentence.replace("5:00", "6:00")


def test_a_snooze_never_ends_on_a_day_off(asked: Mondays) -> None:
    asked.away("U1", at(24, 0).date(), at(24, 0).date(), now=at(23, 10))
    asked.change(asked.check_in("U1"), deadline_at=at(25, 17))
    assert snooze(asked, "tomorrow", at(23, 12))[0] == at(25, 8)


NOT_YOURS = "This check-in belongs to somebody else, so only they can snooze it."


def test_nobody_snoozes_for_somebody_else(asked: Mondays, caplog: pytest.LogCaptureFixture) -> None:
    check_in, coach = asked.check_in("U1"), asked.member("UC")
    assert refused(asked, "1h", at(23, 12), by="UC") == NOT_YOURS
    (denied,) = [record for record in caplog.records if record.getMessage() == "denied"]
    facts = {"member": coach.id, "action": "snooze", "kind": "check-in", "subject": check_in.id}
    assert {name: getattr(denied, name) for name in facts} == facts


def test_a_check_in_that_does_not_exist_is_refused_alike(
    asked: Mondays, caplog: pytest.LogCaptureFixture
) -> None:
    assert refused(asked, "1h", at(23, 12), check_in_id=999) == NOT_YOURS
    elsewhere = asked.write(another_workspace, "U1")
    assert refused(asked, "1h", at(23, 12), workspace_id=elsewhere) == NOT_YOURS
    assert "denied" not in [record.getMessage() for record in caplog.records]
    assert refused(asked, "1h", at(23, 12), by="UNKNOWN").startswith("You are not in a sales team")


@pytest.mark.parametrize("state", ["answered", "unanswered", "away"])
def test_there_is_nothing_to_snooze_where_nothing_is_open(asked: Mondays, state: str) -> None:
    asked.change(asked.check_in("U1"), state=state)
    sentence = "There is nothing to snooze: this check-in is no longer open."
    assert refused(asked, "1h", at(23, 12)) == sentence


# Shown.


def test_a_reminder_shows_what_is_open_and_when_the_next_one_comes(asked: Mondays) -> None:
    asked.log("U1", moves=(1, 1))
    asked.press("U1", 0, "yes", at(23, 10))
    remind(asked, FIRST)
    first, last = asked.reminders("U1")
    shown = asked.database.read_now(reminders.show, first.id, now=at(23, 14))
    assert (shown.reminder_id, shown.open_questions) == (first.id, 2)
    assert shown.next_reminder_at == LAST
    assert shown.check_in.check_in_id == asked.check_in("U1").id
    assert not shown.check_in.closed
    asked.change(first, due_at=at(23, 16))
    shown = asked.database.read_now(reminders.show, last.id, now=DEADLINE + timedelta(hours=1))
    assert (shown.reminder_id, shown.next_reminder_at) == (last.id, at(23, 16))
    assert shown.check_in.closed
    remind(asked, LAST)
    shown = asked.database.read_now(reminders.show, last.id, now=LAST)
    assert shown.next_reminder_at is None


@pytest.mark.parametrize(
    ("choice", "now"), [("tomorrow", at(27, 12)), ("3h", at(27, 18)), ("1h", at(28, 12))]
)
def test_a_snooze_on_friday_ends_on_monday(asked: Mondays, choice: str, now: datetime) -> None:
    asked.change(asked.check_in("U1"), deadline_at=at(31, 17))
    moment, _ = snooze(asked, choice, now)
    assert moment == (at(30, 13) if now == at(28, 12) else at(30, 8))
