"""Answering: a press that agrees with the log, one that does not, and what follows from an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.access import Caller
from bot.domain.checkins import answers, presses
from bot.domain.checkins.answers import TypedNumbers
from bot.domain.checkins.presses import Press
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.shown.checkins import NumberQuestion, Recorded
from bot.domain.shown.reader import Reader
from bot.domain.tables import Answer, AnswerEdit
from bot.rules.absences import WorkWeek
from tests.domain.mondays import DEADLINE, MONDAY, WEEK, Mondays, another_workspace, at

NOON = at(23, 12)
LATE = at(25, 12)
READER = Reader("Europe/London", "en_US", "USD")


@pytest.fixture
def asked(mondays: Mondays) -> Mondays:
    """U1 has logged two conversations with two base moves, of 2 and 3, and no sale of 1,000."""
    mondays.log("U1", moves=(1, 1))
    mondays.ask()
    return mondays


def press(
    mondays: Mondays,
    question: int,
    pressed: str,
    now: datetime = NOON,
    *,
    by: str = "U1",
    **given: Any,
) -> Recorded | NumberQuestion:
    outcome = mondays.press("U1", question, pressed, now, by=by, **given)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def change(mondays: Mondays, question: int, now: datetime = NOON) -> NumberQuestion:
    return mondays.write(
        answers.change,
        caller=Caller(mondays.workspace_id, "U1"),
        answer_id=mondays.answers("U1")[question].id,
        now=now,
    )


def refused(mondays: Mondays, now: datetime = NOON, *, by: str = "U1") -> str:
    before = mondays.rows(Answer)
    with pytest.raises(Refusal) as refusal:
        press(mondays, 0, "yes", now, by=by)
    assert mondays.rows(Answer) == before
    return refusal.value.sentence


def facts(answer: Answer, *names: str) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in names}


# Presses.


@pytest.mark.parametrize(("question", "pressed", "number"), [(0, "yes", 2), (1, "no", 2)])
def test_a_press_that_agrees_with_the_log_is_recorded_with_its_number(
    asked: Mondays, question: int, pressed: str, number: int
) -> None:
    check_in, before = asked.check_in("U1"), asked.answers("U1")
    assert press(asked, question, pressed) == Recorded(check_in.id)
    answer = asked.answers("U1")[question]
    assert answer.model_dump() == {
        **before[question].model_dump(),
        "number": Decimal(number),
        "logged": Decimal(number),
        "verdict": pressed,
        "answered_at": NOON,
    }
    (edit,) = asked.rows(AnswerEdit)
    assert edit.model_dump(exclude={"id"}) == {
        "workspace_id": asked.workspace_id,
        "answer_id": answer.id,
        "number": Decimal(number),
        "logged": Decimal(number),
        "verdict": pressed,
        "given_by": asked.member("U1").id,
        "given_at": NOON,
        "late": False,
    }
    assert asked.check_in("U1") == check_in
    assert asked.alert("U1") is None


def test_a_press_that_contradicts_the_log_asks_for_the_number_and_records_nothing(
    asked: Mondays,
) -> None:
    answer = asked.answers("U1")[1]
    assert press(asked, 1, "yes") == NumberQuestion(
        answer_id=answer.id,
        name="Base moves",
        unit="count",
        question="Did you meet your base-move goal?",
        target=Decimal(3),
        initial=Decimal(2),
        pressed="yes",
        logged=Decimal(2),
        reader=READER,
        week=WEEK,
        late=False,
        deadline_at=DEADLINE,
        full_target=None,
        work=None,
    )
    assert isinstance(press(asked, 0, "no"), NumberQuestion)
    assert {answer.verdict for answer in asked.answers("U1")} == {None}
    assert asked.rows(AnswerEdit) == []


def test_a_press_about_what_nobody_logs_asks_for_the_number(asked: Mondays) -> None:
    asked.change(asked.answers("U1")[0], source="asked")
    for pressed in ("yes", "no"):
        question = press(asked, 0, pressed)
        assert isinstance(question, NumberQuestion)
        assert (question.initial, question.logged, question.pressed) == (None, None, pressed)
    asked.change(asked.answers("U1")[0], verdict="yes", number=Decimal(7))
    question = press(asked, 0, "no")
    assert isinstance(question, NumberQuestion)
    assert question.initial == Decimal(7)


def test_a_press_that_contradicts_an_earlier_answer_asks_for_the_number(asked: Mondays) -> None:
    press(asked, 1, "no")
    asked.log("U1", moves=(1, 1), week=WEEK + timedelta(days=7))
    asked.change(asked.answers("U1")[1], number=Decimal(1))
    question = press(asked, 1, "yes")
    assert isinstance(question, NumberQuestion)
    assert (question.initial, question.logged) == (Decimal(1), Decimal(2))
    assert asked.answers("U1")[1].verdict == "no"


def test_the_number_question_says_what_days_off_left_of_the_week(asked: Mondays) -> None:
    asked.change(asked.check_in("U1"), work_days=5, days_off=2, holidays=1)
    asked.change(asked.answers("U1")[1], full_target=Decimal(5))
    question = change(asked, 1)
    assert (question.full_target, question.work) == (Decimal(5), WorkWeek(5, 2, 1))


@pytest.mark.parametrize(("redraws", "marked"), [(True, {"check_in U1"}), (False, set())])
def test_the_same_press_again_changes_nothing_but_old_buttons(
    asked: Mondays, redraws: bool, marked: set[str]
) -> None:
    press(asked, 0, "yes")
    before = asked.rows(Answer), asked.rows(AnswerEdit), asked.check_in("U1")
    again = NOON + timedelta(minutes=1)
    assert asked.stale_after(lambda: press(asked, 0, "yes", again, redraws=redraws)) == marked
    assert (asked.rows(Answer), asked.rows(AnswerEdit), asked.check_in("U1")) == before
    item = asked.item(outbox.CHECK_IN, asked.check_in("U1").id)
    assert item is not None
    if redraws:
        assert item.due_at == again + outbox.RESPONSE_FIRST


@pytest.mark.parametrize("redraws", [True, False])
def test_a_press_has_the_message_and_the_homes_drawn_anew(asked: Mondays, redraws: bool) -> None:
    asked.open_homes("U1", "UD")
    asked.reminded(at(23, 13))
    assert asked.stale_after(lambda: press(asked, 0, "yes", at(23, 14), redraws=redraws)) == {
        "check_in U1",
        "reminder U1",
        "home U1",
        "home UD",
    }
    check_in = asked.item(outbox.CHECK_IN, asked.check_in("U1").id)
    home = asked.item(outbox.HOME, asked.member("UD").id)
    assert check_in is not None
    assert home is not None
    assert check_in.due_at == at(23, 14) + timedelta(seconds=3 if redraws else 0)
    assert home.due_at == at(23, 14)


# The last answer.


def test_the_last_answer_completes_the_check_in(asked: Mondays) -> None:
    for question, pressed in ((0, "yes"), (1, "no")):
        press(asked, question, pressed)
    assert asked.check_in("U1").state == "open"
    press(asked, 2, "no", at(23, 13))
    check_in = asked.check_in("U1")
    assert (check_in.state, check_in.completed_at) == ("answered", at(23, 13))
    assert asked.reminders_due("U1") == [None, None]
    assert asked.reminders_due("U2") == [at(23, 13), at(24, 15)]
    alert = asked.alert("U1")
    assert alert is not None
    assert alert.created_at == at(23, 13)


def test_a_week_in_which_all_was_met_alerts_nobody(mondays: Mondays) -> None:
    mondays.met("U1")
    mondays.ask()
    for question in range(3):
        press(mondays, question, "yes")
    assert mondays.check_in("U1").state == "answered"
    assert mondays.alert("U1") is None


def test_an_answer_proves_that_the_check_in_was_delivered(asked: Mondays) -> None:
    asked.change(asked.check_in("U1"), state="scheduled", delivered_at=None, deadline_at=None)
    for reminder in asked.reminders("U1"):
        asked.change(reminder, check_in_id=asked.check_in("U2").id, number=reminder.number + 10)
    press(asked, 0, "yes", MONDAY + timedelta(minutes=5))
    check_in = asked.check_in("U1")
    assert (check_in.state, check_in.delivered_at) == ("open", MONDAY + timedelta(minutes=5))
    assert check_in.deadline_at == DEADLINE


# Late.


@pytest.mark.parametrize(
    ("now", "is_late"), [(DEADLINE, False), (DEADLINE + timedelta(seconds=1), True)]
)
def test_an_answer_after_the_deadline_is_late(asked: Mondays, now: datetime, is_late: bool) -> None:
    press(asked, 0, "yes", now)
    assert asked.answers("U1")[0].late is is_late
    assert asked.check_in("U1").late is is_late
    assert [edit.late for edit in asked.rows(AnswerEdit)] == [is_late]
    assert change(asked, 1, now).late is is_late


def test_a_late_last_answer_completes_what_was_closed(asked: Mondays) -> None:
    asked.beat(DEADLINE)
    assert asked.check_in("U1").state == "unanswered"
    before = asked.alert("U1")
    for question, pressed in enumerate(("yes", "no", "no")):
        press(asked, question, pressed, LATE)
    check_in = asked.check_in("U1")
    assert (check_in.state, check_in.completed_at, check_in.late) == ("answered", LATE, True)
    assert asked.alert("U1") == before


def test_what_was_completed_keeps_its_moment_when_an_answer_changes(asked: Mondays) -> None:
    for question, pressed in enumerate(("yes", "no", "no")):
        press(asked, question, pressed)
    typed = {asked.answers("U1")[0].id: ("field", "5")}
    asked.give(TypedNumbers(Caller(asked.workspace_id, "U1"), typed, late_accepted=True, now=LATE))
    check_in = asked.check_in("U1")
    assert (check_in.state, check_in.completed_at, check_in.late) == ("answered", NOON, True)


# Refused.


def test_a_press_by_somebody_else_is_refused_and_logged(
    asked: Mondays, caplog: pytest.LogCaptureFixture
) -> None:
    sentence = "This check-in belongs to somebody else, so only they can answer it."
    assert refused(asked, by="UC") == sentence
    (denied,) = [record for record in caplog.records if record.getMessage() == "denied"]
    logged = {
        "member": asked.member("UC").id,
        "action": "answer",
        "kind": "check-in",
        "subject": asked.check_in("U1").id,
    }
    assert {name: getattr(denied, name) for name in logged} == logged
    assert refused(asked, by="UNKNOWN").startswith("You are not in a sales team")


GONE = "This check-in is no longer there. Use /checkin to open the current one."


def test_an_answer_of_nothing_is_refused_in_words(asked: Mondays) -> None:
    elsewhere = asked.write(another_workspace, "U1")
    for caller, answer_id in (
        (Caller(asked.workspace_id, "U1"), 999),
        (Caller(elsewhere, "U1"), asked.answers("U1")[0].id),
    ):
        (refusal,) = asked.write(presses.press_many, [Press(caller, answer_id, "yes", NOON)])
        assert isinstance(refusal, Refusal)
        assert refusal.sentence == GONE


def test_nothing_is_asked_about_a_week_away(asked: Mondays) -> None:
    asked.change(asked.check_in("U1"), state="away")
    assert refused(asked) == (
        "You were away in that whole week, so nothing is asked about it. "
        "If that is wrong, take it back with /checkin away."
    )


def test_two_weeks_after_the_deadline_a_check_in_is_closed_for_good(asked: Mondays) -> None:
    for_good = DEADLINE + timedelta(days=14, seconds=1)
    assert refused(asked, for_good) == (
        "This check-in is closed for good. Use /checkin to open the current one, "
        "or ask your coach to note the change."
    )
    press(asked, 0, "yes", for_good - timedelta(seconds=1))
