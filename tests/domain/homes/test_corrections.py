"""A coach notes another number beside an old answer, which stays as it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.access import Caller
from bot.domain.calendars.open_weeks import LATE_ANSWERS
from bot.domain.homes import corrections, record
from bot.domain.refusals import Refusal
from bot.domain.shown.record import NUMBER, REASON, WHICH
from bot.domain.tables import Answer, AnswerCorrection
from tests.domain.mondays import DEADLINE, Mondays, at

CLOSED = DEADLINE + LATE_ANSWERS + timedelta(minutes=1)


@pytest.fixture
def answered(mondays: Mondays) -> Mondays:
    mondays.ask()
    mondays.press("U1", 0, "as_logged", at(23, 10))
    return mondays


def note(mondays: Mondays, by: str = "UC", now: datetime = CLOSED, **given: Any) -> str:
    named = {"number": "3", "reason": "Two were logged twice.", "request_key": "V1", **given}
    answer_id = named.pop("answer_id", mondays.answers("U1")[0].id)
    return mondays.write(
        corrections.note,
        caller=Caller(mondays.workspace_id, by),
        check_in_id=mondays.check_in("U1").id,
        answer_id=answer_id,
        now=now,
        **named,
    )


def test_a_correction_stands_beside_the_answer_with_name_and_reason(answered: Mondays) -> None:
    before = answered.rows(Answer)
    form = answered.write(
        corrections.form,
        caller=Caller(answered.workspace_id, "UC"),
        check_in_id=answered.check_in("U1").id,
        now=CLOSED,
    )
    assert [goal.name for goal in form.goals] == ["Conversations", "Base moves", "Sales"]
    assert [note(answered) for _ in range(2)] == ["U1", "U1"]  # sent again by Slack
    assert answered.rows(Answer) == before
    shown = answered.database.read_now(
        record.page, caller=Caller(answered.workspace_id, "U1"), now=CLOSED
    )
    (correction,) = shown.weeks[0].goals[0].corrections
    assert (correction.number, correction.noted_by, correction.noted_at) == (
        Decimal(3),
        "UC",
        CLOSED,
    )
    assert correction.reason == "Two were logged twice."
    assert shown.weeks[0].goals[0].number == 0


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"number": "many"}, NUMBER, "is not a number"),
        ({"reason": "  "}, REASON, "Say in a few words"),
        ({"reason": "x" * 301}, REASON, "Shorten it to 300"),
        ({"answer_id": 10**6}, WHICH, "Choose a number"),
        ({"by": "U1"}, None, "Ask your coach"),
        ({"by": "UN"}, None, "present coaches"),
        ({"now": CLOSED - timedelta(minutes=2)}, None, "can still change"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_noted(
    answered: Mondays, given: dict[str, Any], field: str | None, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refusal:
        note(answered, **given)
    assert refusal.value.field == field
    assert answered.rows(AnswerCorrection) == []
