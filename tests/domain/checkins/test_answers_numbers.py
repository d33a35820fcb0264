"""The numbers behind answers: typed in a form, each deciding its own yes or no; and the current check-in."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.access import Caller
from bot.domain.checkins import answers
from bot.domain.checkins.answers import TypedNumbers
from bot.domain.outbox import outbox
from bot.domain.refusals import FieldProblems, Refusal, TooLate
from bot.domain.shown.checkins import Recorded
from bot.domain.tables import Answer, AnswerEdit
from tests.domain.mondays import DEADLINE, Mondays, at

NOON = at(23, 12)


@pytest.fixture
def asked(mondays: Mondays) -> Mondays:
    mondays.log("U1", moves=(1, 1))
    mondays.ask()
    return mondays


def give(
    mondays: Mondays,
    *typed: str,
    now: datetime = NOON,
    late_accepted: bool = False,
    by: str = "U1",
    redraws: bool = False,
) -> Recorded:
    """A text for each question of U1's check-in, in order, in fields `first`, `second` and `third`."""
    fields = zip(("first", "second", "third"), typed, strict=False)
    ids = [answer.id for answer in mondays.answers("U1")]
    form = TypedNumbers(
        caller=Caller(mondays.workspace_id, by),
        typed=dict(zip(ids, fields, strict=False)),
        late_accepted=late_accepted,
        now=now,
        redraws=redraws,
    )
    return mondays.give(form)


def given(mondays: Mondays) -> list[tuple[Decimal | None, str | None]]:
    return [(answer.number, answer.verdict) for answer in mondays.answers("U1")]


def test_each_number_decides_its_own_yes_or_no(asked: Mondays) -> None:
    assert give(asked, "2", "2", "$1,000") == Recorded(asked.check_in("U1").id)
    assert given(asked) == [
        (Decimal(2), "yes"),
        (Decimal(2), "no"),
        (Decimal(1000), "yes"),
    ]
    assert [answer.logged for answer in asked.answers("U1")] == [Decimal(2), Decimal(2), Decimal(0)]
    assert {answer.edited for answer in asked.answers("U1")} == {False}
    assert asked.check_in("U1").state == "answered"
    assert asked.alert("U1") is not None
    assert len(asked.rows(AnswerEdit)) == 3


def test_an_empty_field_leaves_its_question_open(asked: Mondays) -> None:
    give(asked, " ", "3", "")
    assert given(asked) == [(None, None), (Decimal(3), "yes"), (None, None)]
    assert asked.check_in("U1").state == "open"


def test_a_form_without_a_number_says_what_to_do(asked: Mondays) -> None:
    with pytest.raises(Refusal) as refusal:
        give(asked, "", " ", "")
    assert refusal.value.sentence == "Type a number, or close this to leave the question open."
    assert refusal.value.field == "first"


def test_every_field_that_can_not_be_read_is_named_and_nothing_is_recorded(asked: Mondays) -> None:
    with pytest.raises(FieldProblems) as found:
        give(asked, "some", "3", "€20")
    assert found.value.sentences == {
        "first": "“some” is not a number: type it in digits, like 17.",
        "third": "“€” is not the team's currency: type the amount in USD, like $12,500.",
    }
    assert given(asked) == [(None, None)] * 3
    with pytest.raises(FieldProblems):
        give(asked, "2.5")


@pytest.mark.parametrize(("locale", "has_note"), [("en_US", True), ("de_DE", False)])
def test_a_number_with_two_readings_keeps_a_note_of_which_was_taken(
    asked: Mondays, locale: str, has_note: bool
) -> None:
    asked.change(asked.member("U1"), locale=locale)
    give(asked, "", "", "1.234")
    answer = asked.answers("U1")[2]
    assert answer.number == Decimal(1234)
    assert (answer.note is not None) is has_note
    give(asked, "", "", "1000")
    assert asked.answers("U1")[2].note is None


def test_the_same_number_again_changes_nothing(asked: Mondays) -> None:
    give(asked, "2")
    before = asked.rows(Answer), asked.rows(AnswerEdit)
    give(asked, "2", now=NOON + timedelta(hours=1))
    assert (asked.rows(Answer), asked.rows(AnswerEdit)) == before


def test_another_number_is_a_change_with_a_trail(asked: Mondays) -> None:
    give(asked, "2")
    later = NOON + timedelta(hours=1)
    give(asked, "3", now=later)
    answer = asked.answers("U1")[0]
    assert (answer.number, answer.verdict, answer.edited) == (Decimal(3), "yes", True)
    assert answer.answered_at == later
    give(asked, "1", now=later)
    answer = asked.answers("U1")[0]
    assert (answer.number, answer.verdict) == (Decimal(1), "no")
    trail = [(edit.number, edit.verdict, edit.given_at) for edit in asked.rows(AnswerEdit)]
    assert trail == [
        (Decimal(2), "yes", NOON),
        (Decimal(3), "yes", later),
        (Decimal(1), "no", later),
    ]


def test_who_has_not_been_told_that_it_is_late_is_told_first(asked: Mondays) -> None:
    give(asked, "2", now=DEADLINE)
    late = DEADLINE + timedelta(seconds=1)
    for typed in ("3", ""):
        with pytest.raises(TooLate, match=r"^the check-in closed meanwhile$") as too_late:
            give(asked, typed, now=late)
        assert too_late.value.check_in_id == asked.check_in("U1").id
    assert given(asked)[0] == (Decimal(2), "yes")
    give(asked, "3", now=late, late_accepted=True)
    assert given(asked)[0] == (Decimal(3), "yes")
    assert asked.check_in("U1").late


@pytest.mark.parametrize(("redraws", "seconds"), [(True, 3), (False, 0)])
def test_a_form_on_a_message_may_leave_the_redraw_to_its_response_url(
    asked: Mondays, redraws: bool, seconds: int
) -> None:
    asked.open_homes("U1")
    marked = asked.stale_after(lambda: give(asked, "2", redraws=redraws))
    assert marked == {"check_in U1", "home U1"}
    item = asked.item(outbox.CHECK_IN, asked.check_in("U1").id)
    assert item is not None
    assert item.due_at == NOON + timedelta(seconds=seconds)


def test_nobody_gives_numbers_for_somebody_else(asked: Mondays) -> None:
    with pytest.raises(Refusal, match="belongs to somebody else"):
        give(asked, "2", by="U2")
    assert given(asked)[0] == (None, None)


# The current check-in.


def current(mondays: Mondays, user: str = "U1", now: datetime = NOON) -> int:
    caller = Caller(mondays.workspace_id, user)
    return mondays.database.read_now(answers.open_current, caller=caller, now=now).check_in_id


@pytest.mark.parametrize("state", ["scheduled", "open", "answered", "unanswered"])
def test_the_newest_check_in_that_takes_answers_is_the_current_one(
    asked: Mondays, state: str
) -> None:
    asked.change(asked.check_in("U1"), state=state)
    assert current(asked) == asked.check_in("U1").id
    assert current(asked, "U2") == asked.check_in("U2").id


def test_a_newer_week_takes_its_place_unless_nothing_was_asked_about_it(asked: Mondays) -> None:
    first = asked.check_in("U1")
    asked.ask(at(30, 9))
    second = asked.check_in("U1")
    assert second.week > first.week
    now = at(30, 10)
    assert current(asked, now=now) == second.id
    for state in ("away", "skipped"):
        asked.change(second, state=state)
        assert current(asked, now=now) == first.id


def test_without_a_current_check_in_the_rep_is_told_when_the_next_one_comes(
    mondays: Mondays,
) -> None:
    sentence = "No check-in is open. The next one comes Monday 23 November at 9:00 AM."
    with pytest.raises(Refusal) as refusal:
        current(mondays, now=at(20, 16))
    assert refusal.value.sentence == sentence
    mondays.ask()
    for_good = DEADLINE + timedelta(days=14, seconds=1)
    with pytest.raises(Refusal, match="No check-in is open"):
        current(mondays, now=for_good)
    assert current(mondays, now=for_good - timedelta(seconds=1))
    with pytest.raises(Refusal, match=r"^You are not in a sales team"):
        current(mondays, "UNKNOWN")


def test_the_current_check_in_is_shown_as_it_is_now(asked: Mondays) -> None:
    caller = Caller(asked.workspace_id, "U1")
    for now, is_closed in ((DEADLINE, False), (DEADLINE + timedelta(seconds=1), True)):
        shown = asked.database.read_now(answers.open_current, caller=caller, now=now)
        assert shown.closed is is_closed
