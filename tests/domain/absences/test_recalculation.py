"""What days off make of check-ins that are there already."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from bot.domain.absences import recalculation
from bot.domain.absences import recording as absences
from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins import showing
from bot.domain.metrics import targets
from bot.domain.outbox import outbox, sending
from bot.domain.refusals import Refusal
from bot.domain.tables import (
    Absence,
    Alert,
    Answer,
    Member,
    Metric,
    Reminder,
)
from tests.domain.absences.away import FRIDAY, SMALLER, WEEK, WHOLE, Office, at, nov
from tests.domain.marked import marked, open_homes


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
    office.database.write_now(checkins.delivered, at={check_in.id: at(23, 9)})
    shown = office.database.read_now(showing.show, check_in_id=check_in.id, now=at(23, 9))
    assert (shown.state, office.check_in().delivered_at) == ("away", at(23, 9))


def test_a_deadline_never_moves_forward(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    saved = office.record(24, 25, at(23, 10))
    assert office.check_in().deadline_at == at(26, 17)
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(23, 12))
    assert office.check_in().deadline_at == at(26, 17)


def test_what_was_asked_is_redrawn_and_the_homes_follow(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    open_homes(office.database, ("U0", "UDANA"), now=at(23, 9))
    check_in = office.check_in()
    found = marked(office.database, lambda: office.record(16, 17, at(23, 11)))
    assert found == {f"check_in {check_in.id}", "home U0", "home UDANA"}


def test_a_week_away_is_not_sent_any_more_and_nobody_is_reminded_of_it(office: Office) -> None:
    office.beat(at(23, 9))
    office.record(16, 22, at(23, 9))  # before the sender came to it
    item = office.item(office.check_in())
    assert item is not None
    assert (item.due_at, office.check_in().state) == (None, "away")

    office.beat(at(30, 9))
    office.deliver(at(30, 9))
    office.beat(at(30, 9))
    assert any(reminder.due_at for reminder in office.rows(Reminder))
    office.record(23, 29, at(30, 10))
    assert not any(reminder.due_at for reminder in office.rows(Reminder))
    # Nothing of such a week is judged: the answers keep the targets that they had.
    assert {answer.target for answer in office.rows(Answer)} == {Decimal(20), Decimal(9), 10_000}


def test_without_a_target_by_now_a_week_that_was_no_absence_is_skipped(office: Office) -> None:
    saved = office.record(16, 22, FRIDAY)
    office.beat(at(23, 9))

    def take_away(session: Session) -> None:
        for metric in session.exec(select(Metric)):
            targets.set_target(
                session,
                workspace_id=1,
                member_id=office.check_in().member_id,
                metric_id=metric.id,
                from_week=WEEK,
                amount=None,
                set_by=None,
                now=at(23, 10),
            )

    office.database.write_now(take_away)
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(23, 12))
    check_in = office.check_in()
    assert (check_in.state, check_in.skipped_because) == ("skipped", "no_targets")
    assert office.item(check_in) is None


def test_silence_while_away_is_open_again_until_the_first_day_back(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    office.beat(at(24, 17))
    assert office.check_in().state == "unanswered"
    office.record(24, 25, at(24, 18))
    check_in = office.check_in()
    assert (check_in.state, check_in.deadline_at) == ("open", at(26, 17))


def test_a_check_in_that_waits_is_not_sent_earlier_for_more_days_off(office: Office) -> None:
    office.beat(at(23, 9))
    office.record(23, 24, at(23, 9))
    assert office.check_in().due_at == at(25, 9)
    office.record(25, 25, at(23, 10))
    assert office.check_in().due_at == at(26, 9)


def test_a_week_that_is_closed_for_good_is_not_touched(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    office.beat(at(24, 17))
    closed_for_good = at(24, 17) + timedelta(days=14, seconds=1)

    def days_off(session: Session, now: datetime) -> None:
        rep = session.get_one(Member, 2)
        if session.exec(select(Absence)).first() is None:
            session.add(
                Absence(
                    workspace_id=1,
                    member_id=rep.id,
                    first_day=nov(16),
                    last_day=nov(17),
                    kind="away",
                    recorded_by=rep.id,
                    recorded_at=now,
                    request_key="late",
                )
            )
            session.flush()
        recalculation.days_off_changed(session, member=rep, since=nov(16), now=now)

    office.database.write_now(days_off, closed_for_good)
    assert (office.check_in().days_off, office.goals()) == (0, WHOLE)
    office.database.write_now(days_off, closed_for_good - timedelta(seconds=1))
    assert (office.check_in().days_off, office.goals()) == (2, SMALLER)
