"""One press answers everything that the log supports."""

from __future__ import annotations

from decimal import Decimal

from bot.domain.checkins import presses
from bot.domain.refusals import Refusal
from bot.domain.shown.checkins import Recorded
from bot.domain.tables import (
    Alert,
    AnswerEdit,
)
from tests.domain.mondays import Mondays, at


def test_all_as_logged_gives_each_open_question_the_logs_number(mondays: Mondays) -> None:
    mondays.log("U1", moves=(1, 1))
    mondays.ask()
    asked, hours = mondays.answers("U1")[2], at(23, 10)
    mondays.press("U1", 0, "yes", hours)
    mondays.change(asked, source="asked")  # nobody logs it
    assert mondays.press("U1", 2, presses.AS_LOGGED, hours) == Recorded(mondays.check_in("U1").id)
    given = [(one.number, one.verdict) for one in mondays.answers("U1")]
    assert given == [(Decimal(2), "yes"), (Decimal(2), "no"), (None, None)]
    assert mondays.check_in("U1").state == "open"
    assert len(mondays.rows(AnswerEdit)) == 2
    # A second press changes nothing, and nobody presses for somebody else.
    mondays.press("U1", 2, presses.AS_LOGGED, hours)
    assert isinstance(mondays.press("U1", 2, presses.AS_LOGGED, hours, by="U2"), Refusal)
    assert len(mondays.rows(AnswerEdit)) == 2


def test_all_as_logged_may_complete_the_check_in_and_tell_the_coach(mondays: Mondays) -> None:
    mondays.log("U1", moves=(1, 1))
    mondays.ask()
    mondays.press("U1", 0, presses.AS_LOGGED, at(23, 10))
    assert mondays.check_in("U1").state == "answered"
    assert [alert.check_in_id for alert in mondays.rows(Alert)] == [mondays.check_in("U1").id]
