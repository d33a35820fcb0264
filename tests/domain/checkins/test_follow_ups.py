"""The next check-in asks once whether they talked and whether it helped, and about a step after its day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from bot.domain.checkins import follow_ups
from bot.domain.checkins.follow_ups import About, NextCheckIn
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.tables import Agreement, Alert, CheckIn, CheckInState
from tests.counting import counted
from tests.domain.coaching.story import NEXT_MONDAY, agreement, alert_of, finish, miss, say
from tests.domain.handover.desk import Desk
from tests.domain.mondays import at

ASKED = "Was it done?"
TALKED = "Did you two talk?"
HELPED = "Did it help?"


def check_ins(desk: Desk, user: str = "U1") -> list[str]:
    """The rep's check-ins as they stand, oldest first."""
    return [one.text for one in desk.standing(outbox.CHECK_IN, f"D{user}")]


def test_the_next_monday_asks_about_the_step_and_the_talk_and_no_other_does(desk: Desk) -> None:
    finish(desk, miss(desk))
    desk.ask(NEXT_MONDAY)
    first, second = check_ins(desk)
    assert TALKED not in first
    assert TALKED in second
    assert ASKED in second
    assert HELPED not in second
    asked = agreement(desk)
    assert (asked.asked_in, asked.step_asked_in) == (desk.check_in("U1").id,) * 2
    desk.ask(at(37, 9))
    assert all(TALKED not in text and ASKED not in text for text in check_ins(desk)[2:])
    assert len(check_ins(desk)) == 3
    assert agreement(desk) == asked
    assert all(TALKED not in text for text in check_ins(desk, "U2"))


def test_a_step_is_asked_about_after_its_day_and_the_talk_before_that(desk: Desk) -> None:
    finish(desk, miss(desk), due_on="2026-11-30")
    desk.ask(NEXT_MONDAY)
    assert (TALKED in check_ins(desk)[1], ASKED in check_ins(desk)[1]) == (True, False)
    desk.ask(at(37, 9))
    assert (TALKED in check_ins(desk)[2], ASKED in check_ins(desk)[2]) == (False, True)


@pytest.mark.parametrize("state", [CheckInState.SKIPPED, CheckInState.AWAY])
def test_a_check_in_that_asked_nothing_leaves_it_to_the_next(
    desk: Desk, state: CheckInState
) -> None:
    finish(desk, miss(desk))
    desk.beat(NEXT_MONDAY)
    desk.change(desk.check_in("U1"), state=state.value)
    desk.ask(at(37, 9))
    asked = agreement(desk)
    assert (asked.asked_in, asked.step_asked_in) == (desk.check_in("U1").id,) * 2


def test_answers_are_kept_and_shown_to_whom_they_are_for(desk: Desk) -> None:
    finish(desk, miss(desk))
    desk.ask(NEXT_MONDAY)
    assert say(desk, About.KEPT, "yes", now=at(30, 10)) == desk.check_in("U1").id
    say(desk, About.TALKED, "yes", now=at(30, 10))
    assert HELPED in check_ins(desk)[1]
    say(desk, About.HELPED, "no", now=at(30, 10))
    said = agreement(desk)
    assert (said.kept, said.talked, said.helped) == ("yes", "yes", "no")
    assert said.kept_at == said.talked_at == said.helped_at == at(30, 10)
    (alert,) = (one for one in desk.standing(outbox.ALERT, "CHarbor") if "<@U1>" in one.text)
    assert "*Three plans*, by Friday 27 November: *done*" in alert.text
    assert "help" not in alert.text
    assert "it did not help" in desk.home("UC")
    assert "it did not help" in desk.home("U1")
    assert "not help" not in desk.home("UD")  # the other coach did not talk with the rep
    assert "“Three plans” done" in desk.home("UD")


def test_who_did_not_talk_is_not_asked_whether_it_helped(desk: Desk) -> None:
    finish(desk, miss(desk))
    desk.ask(NEXT_MONDAY)
    with pytest.raises(Refusal, match="not asked this yet"):
        say(desk, About.HELPED, "yes", now=at(30, 10))
    say(desk, About.TALKED, "yes", now=at(30, 10))
    say(desk, About.HELPED, "yes", now=at(30, 10))
    say(desk, About.TALKED, "no", now=at(30, 11))
    said = agreement(desk)
    assert (said.talked, said.helped, said.helped_at) == ("no", None, None)
    assert HELPED not in check_ins(desk)[1]


def test_what_was_not_asked_or_is_closed_or_somebody_elses_changes_nothing(desk: Desk) -> None:
    finish(desk, miss(desk))
    with pytest.raises(Refusal, match="not asked this yet"):
        say(desk, About.KEPT, "yes", now=at(25, 10))
    desk.ask(NEXT_MONDAY)
    before = desk.rows(Agreement)
    for stranger in ("U2", "UC", "UD"):
        with pytest.raises(Refusal, match="somebody else"):
            say(desk, About.KEPT, "yes", by=stranger, now=at(30, 10))
    with pytest.raises(Refusal, match="Press Yes or No"):
        say(desk, About.KEPT, "perhaps", now=at(30, 10))
    with pytest.raises(Refusal, match="closed for good"):
        say(desk, About.KEPT, "yes", now=at(50, 10))
    with pytest.raises(Refusal, match="no longer there"):
        say(desk, About.KEPT, "yes", now=at(30, 10), agreement_id=999)
    assert desk.rows(Agreement) == before


def test_a_new_coach_gets_the_step_and_not_what_was_said_of_the_other(desk: Desk) -> None:
    finish(desk, miss(desk))
    desk.ask(NEXT_MONDAY)
    desk.change_team(at(30, 10), coach="UN", second_coach=None)
    say(desk, About.TALKED, "yes", now=at(30, 11))
    say(desk, About.HELPED, "yes", now=at(30, 11))
    say(desk, About.KEPT, "no", now=at(30, 11))
    assert "“Three plans” not done" in desk.home("UN")
    assert "it helped" not in desk.home("UN")
    assert "it helped" not in desk.home("UC")


def test_many_reps_take_as_many_statements_as_one(desk: Desk) -> None:
    finish(desk, miss(desk))
    desk.beat(at(24, 17))
    finish(desk, alert_of(desk, "U2"))
    known = {
        user: (desk.member(user).id, NextCheckIn(desk.check_in(user).id, date(2026, 11, 30)))
        for user in ("U1", "U2")
    }
    taken = []
    for users in (("U1",), ("U1", "U2")):
        for one in desk.rows(Agreement):
            desk.change(one, asked_in=None, step_asked_in=None)
        with counted(desk.database) as statements:
            asked = dict(known[user] for user in users)
            desk.write(follow_ups.ask, asked, now=NEXT_MONDAY)
        taken.append(len(statements))
        assert sum(one.asked_in is not None for one in desk.rows(Agreement)) == len(users)
    assert taken[0] == taken[1]
    with counted(desk.database) as statements:
        desk.write(follow_ups.ask, {}, now=NEXT_MONDAY)
    assert not statements


def test_one_check_in_asks_about_three_at_most(desk: Desk) -> None:
    finish(desk, miss(desk))
    alert, first = alert_of(desk), agreement(desk)

    def add_more(session: Session) -> None:
        for number in range(3):
            facts = first.model_dump(exclude={"id"})
            more = alert.model_dump(exclude={"id"})
            _add(session, number, facts, more)

    desk.beat(at(24, 17))
    desk.write(add_more)
    desk.ask(NEXT_MONDAY)
    asked = [one.asked_in is not None for one in desk.rows(Agreement)]
    assert asked == [True, True, True, False]
    desk.ask(at(37, 9))
    assert all(one.asked_in is not None for one in desk.rows(Agreement))


def _add(session: Session, number: int, facts: dict[str, Any], alert: dict[str, Any]) -> None:
    """One more agreement of the rep, about an older week."""
    check_in = CheckIn(
        workspace_id=facts["workspace_id"],
        member_id=facts["member_id"],
        team_id=alert["team_id"],
        week=date(2026, 10, 5 + 7 * number),
        state="answered",
        due_at=at(1, 9),
    )
    session.add(check_in)
    session.flush()
    extra = Alert(**{**alert, "check_in_id": check_in.id})
    session.add(extra)
    session.flush()
    session.add(Agreement(**{**facts, "alert_id": extra.id}))
