"""What days off make of check-ins that are there already."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from bot.domain.absences import recording as absences
from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins import showing
from bot.domain.metrics import targets
from bot.domain.outbox import outbox, sending
from bot.domain.refusals import Refusal
from bot.domain.tables import (
    Alert,
    Answer,
    Metric,
    Reminder,
)
from tests.domain.absences.away import FRIDAY, SMALLER, WEEK, WHOLE, Office, at


def test_recorded_before_delivery_it_waits_and_taken_back_it_comes(office: Office) -> None:
    office.beat(at(23, 9))
    saved = office.record(23, 24, at(23, 9))
    check_in = office.check_in()
    assert check_in.due_at == at(25, 9)
    item = office.item(check_in)
    assert item is not None
    assert item.due_at == at(25, 9)
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(23, 12))
    item = office.item(check_in)
    assert item is not None
    assert item.due_at == at(23, 12)
    assert office.check_in().due_at == at(23, 12)


def test_targets_shrink_and_grow_back_with_what_was_stored(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))

    def raised(session: Session) -> None:
        for metric in session.exec(select(Metric)):
            targets.set_target(
                session,
                workspace_id=1,
                member_id=office.check_in().member_id,
                metric_id=metric.id,
                from_week=WEEK,
                amount=Decimal(500),
                set_by=None,
                now=at(23, 10),
            )

    office.database.write_now(raised)
    assert office.goals() == WHOLE
    saved = office.record(16, 17, at(23, 11))
    assert office.goals() == SMALLER
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(23, 12))
    assert office.goals() == WHOLE
    assert office.check_in().work_days is None


def test_silence_becomes_away_and_silence_again(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    office.beat(at(24, 17))
    assert office.check_in().state == "unanswered"
    saved = office.record(16, 22, at(25, 9))
    assert office.check_in().state == "away"
    with pytest.raises(Refusal, match="You were away in that whole week"):
        office.answer(("20", "9", "10000"), at(25, 10))
    assert not any(reminder.due_at for reminder in office.rows(Reminder))
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(25, 11))
    assert office.check_in().state == "unanswered"
    assert len(office.rows(Alert)) == 1
    assert office.goals() == WHOLE


def test_an_answered_week_is_judged_anew_either_way(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    saved = office.record(16, 17, at(23, 9))
    office.answer(("13", "5", "6000"), at(23, 10))
    assert office.rows(Alert) == []
    assert {a.verdict for a in office.rows(Answer)} == {"yes"}
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(23, 12))
    assert {a.verdict for a in office.rows(Answer)} == {"no"}
    assert len(office.rows(Alert)) == 1  # a miss that reaches the coach like any other
    office.record(16, 22, at(23, 13))
    check_in = office.check_in()
    assert check_in.state == "away"
    assert [(a.number, a.edited) for a in office.rows(Answer)] == [
        (Decimal(13), False),
        (Decimal(5), False),
        (Decimal(6000), False),
    ]


def test_a_week_that_was_not_asked_is_asked_once_it_was_no_absence(office: Office) -> None:
    saved = office.record(16, 22, FRIDAY)
    office.beat(at(23, 9))
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(26, 21))
    check_in = office.check_in()
    assert (check_in.state, check_in.due_at) == ("scheduled", at(27, 8))  # not in the evening
    item = office.item(check_in)
    assert item is not None
    assert item.due_at == at(27, 8)
    assert office.goals() == WHOLE
    office.beat(at(27, 8))
    office.deliver(at(27, 8))
    assert office.check_in().state == "open"


def test_a_check_in_on_its_way_when_the_week_is_marked_says_so(office: Office) -> None:
    office.beat(at(23, 9))
    office.database.write_now(
        sending.claim, sender="s", lane=outbox.Lane.POST, now=at(23, 9), limit=10
    )
    office.record(16, 22, at(23, 9))
    check_in = office.check_in()
    office.database.write_now(checkins.delivered, check_in_id=check_in.id, at=at(23, 9))
    shown = office.database.read_now(showing.show, check_in_id=check_in.id, now=at(23, 9))
    assert (shown.state, office.check_in().delivered_at) == ("away", at(23, 9))


def test_a_deadline_never_moves_forward(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    saved = office.record(24, 25, at(23, 10))
    assert office.check_in().deadline_at == at(26, 17)
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(23, 12))
    assert office.check_in().deadline_at == at(26, 17)
