"""What becomes of single presses in a crowd: those that are alike are recorded together, the rest one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.domain.access import Caller
from bot.domain.checkins import presses
from bot.domain.checkins.presses import Press, PressedMessage
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.shown.checkins import NumberQuestion, Recorded
from bot.domain.tables import AnswerEdit, Metric
from tests.domain.mondays import DEADLINE, Mondays, another_workspace, at

NOON = at(23, 12)


@pytest.fixture
def asked(mondays: Mondays) -> Mondays:
    """U1 has met everything, U2 the conversations alone."""
    mondays.met("U1")
    mondays.log("U2", moves=(0, 0))
    mondays.ask()
    return mondays


def press(
    mondays: Mondays,
    user: str,
    question: int,
    pressed: str = "yes",
    *,
    by: Caller | None = None,
    now: datetime = NOON,
    redraws: bool = False,
) -> Press:
    answer_id = mondays.answers(user)[question].id
    caller = by or Caller(mondays.workspace_id, user)
    return Press(caller, answer_id, pressed, now, redraws=redraws)


def together(mondays: Mondays, crowd: Sequence[Press]) -> list[object]:
    return list(mondays.write(presses.press_many, crowd))


def test_a_press_by_somebody_else_is_refused_and_the_others_are_recorded(asked: Mondays) -> None:
    coach = Caller(asked.workspace_id, "UC")
    crowd = [press(asked, "U1", 0, by=coach), press(asked, "U2", 0)]
    refusal, recorded = together(asked, crowd)
    assert isinstance(refusal, Refusal)
    assert refusal.sentence == (
        "This check-in belongs to somebody else, so only they can answer it."
    )
    assert recorded == Recorded(asked.check_in("U2").id)
    assert asked.answers("U1")[0].verdict is None
    assert asked.answers("U2")[0].verdict == "yes"


def test_a_press_from_another_workspace_finds_nothing(asked: Mondays) -> None:
    elsewhere = asked.write(another_workspace, "U1")
    stranger = Caller(elsewhere, "U1")
    for crowd in (
        [press(asked, "U1", 0, by=stranger), press(asked, "U2", 0)],
        [press(asked, "U2", 1, "no"), press(asked, "U1", 0, by=stranger)],
    ):
        outcomes = together(asked, crowd)
        assert {type(outcome) for outcome in outcomes} == {Refusal, Recorded}
    assert asked.answers("U1")[0].verdict is None
    assert [answer.verdict for answer in asked.answers("U2")] == ["yes", "no", None]


def test_a_crowd_is_recorded_with_what_the_log_says_of_each(asked: Mondays) -> None:
    crowd = [press(asked, "U1", 1, now=at(23, 11)), press(asked, "U2", 1, "no")]
    assert together(asked, crowd) == [Recorded(asked.check_in(user).id) for user in ("U1", "U2")]
    for user, number, verdict, now in (("U1", 4, "yes", at(23, 11)), ("U2", 0, "no", NOON)):
        answer = asked.answers(user)[1]
        assert (answer.number, answer.logged) == (Decimal(number), Decimal(number))
        assert (answer.verdict, answer.answered_at) == (verdict, now)
        assert (answer.late, answer.edited, answer.note) == (False, False, None)
        (edit,) = asked.rows(AnswerEdit, answer_id=answer.id)
        assert edit.model_dump(exclude={"id", "answer_id"}) == {
            "workspace_id": asked.workspace_id,
            "number": Decimal(number),
            "logged": Decimal(number),
            "verdict": verdict,
            "given_by": asked.member(user).id,
            "given_at": now,
            "late": False,
        }
        assert asked.check_in(user).state == "open"


def test_the_last_answers_complete_check_ins_and_only_a_miss_is_alerted(asked: Mondays) -> None:
    asked.open_homes("UC", "U1")
    for question, verdicts in enumerate((("yes", "yes"), ("yes", "no"))):
        together(
            asked,
            [
                press(asked, user, question, v)
                for user, v in zip(("U1", "U2"), verdicts, strict=True)
            ],
        )
    last = [press(asked, "U1", 2, now=at(23, 11)), press(asked, "U2", 2, "no")]
    marked = asked.stale_after(lambda: together(asked, last))
    assert {"check_in U1", "check_in U2", "alert U2", "home UC", "home U1"} == marked
    for user, completed_at in (("U1", at(23, 11)), ("U2", NOON)):
        check_in = asked.check_in(user)
        assert (check_in.state, check_in.completed_at) == ("answered", completed_at)
        assert asked.reminders_due(user) == [None, None]
    assert asked.alert("U1") is None
    assert asked.alert("U2") is not None
    assert asked.reminders_due("U3") == [at(23, 13), at(24, 15)]


def test_a_redraw_through_the_response_url_goes_first(asked: Mondays) -> None:
    together(asked, [press(asked, "U1", 0, redraws=True), press(asked, "U2", 0)])
    for user, seconds in (("U1", 3), ("U2", 0)):
        item = asked.item(outbox.CHECK_IN, asked.check_in(user).id)
        assert item is not None
        assert item.due_at == NOON + timedelta(seconds=seconds)
        assert item.redraws_in_flight == (1 if user == "U1" else 0)


@pytest.mark.parametrize(
    ("now", "is_late"), [(DEADLINE, False), (DEADLINE + timedelta(seconds=1), True)]
)
def test_a_press_after_the_deadline_is_late(asked: Mondays, now: datetime, is_late: bool) -> None:
    (outcome,) = together(asked, [press(asked, "U1", 0, now=now)])
    assert outcome == Recorded(asked.check_in("U1").id)
    assert asked.answers("U1")[0].late is is_late


def test_what_is_only_asked_for_asks_for_its_number(asked: Mondays) -> None:
    (metric,) = asked.rows(Metric, key="conversations")
    for row in (metric, asked.answers("U1")[0]):
        asked.change(row, source="asked")
    question, recorded = together(asked, [press(asked, "U1", 0), press(asked, "U2", 1, "no")])
    assert isinstance(question, NumberQuestion)
    assert isinstance(recorded, Recorded)


def test_an_answer_is_given_once_and_contradicted_by_a_number_only(asked: Mondays) -> None:
    first, second, third = together(
        asked,
        [press(asked, "U1", 0), press(asked, "U1", 0), press(asked, "U1", 0, "no")],
    )
    assert first == second == Recorded(asked.check_in("U1").id)
    assert isinstance(third, NumberQuestion)
    assert len(asked.rows(AnswerEdit)) == 1


def test_a_press_proves_that_its_message_was_posted(mondays: Mondays) -> None:
    mondays.met("U1")
    mondays.beat(at(23, 9))
    check_in = mondays.check_in("U1")
    item = mondays.item(outbox.CHECK_IN, check_in.id)
    assert item is not None
    mondays.change(item, unknown_since=at(23, 9))
    ts = f"{at(23, 9, 1).timestamp():.0f}.000000"
    outcome = mondays.press("U1", 0, "yes", NOON, posted=PressedMessage(item.token, "D1", ts))
    assert outcome == Recorded(check_in.id)
    found = mondays.item(outbox.CHECK_IN, check_in.id)
    assert found is not None
    assert (found.channel, found.ts, found.posted_at) == ("D1", ts, at(23, 9, 1))
    assert mondays.check_in("U1").delivered_at == at(23, 9, 1)


def test_any_other_error_is_the_press_own(asked: Mondays) -> None:
    broken = PressedMessage(token_of(asked, "U1"), "D1", "no number")
    item = asked.item(outbox.CHECK_IN, asked.check_in("U1").id)
    assert item is not None
    asked.change(item, ts=None, lane="post")
    bad = Press(
        Caller(asked.workspace_id, "U1"), asked.answers("U1")[0].id, "yes", NOON, posted=broken
    )
    error, recorded = together(asked, [bad, press(asked, "U2", 0)])
    assert isinstance(error, ValueError)
    assert recorded == Recorded(asked.check_in("U2").id)
    assert asked.answers("U1")[0].verdict is None


def token_of(mondays: Mondays, user: str) -> str:
    item = mondays.item(outbox.CHECK_IN, mondays.check_in(user).id)
    assert item is not None
    return item.token


def test_what_the_database_refuses_is_left_to_the_database_layer(asked: Mondays) -> None:
    """A deadlock, say, ends the transaction for all of them: it is repeated as a whole."""
    crowd = [press(asked, "U1", 0, now=DEADLINE + timedelta(seconds=1))]  # it goes by itself

    def press_without_alerts(session: Session) -> None:
        session.connection().execute(sa.text("DROP TABLE alert"))
        presses.press_many(session, crowd)

    with pytest.raises(DBAPIError):
        asked.write(press_without_alerts)
    assert {answer.verdict for answer in asked.answers("U1")} == {None}
