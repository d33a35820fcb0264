"""The weekly brief: when it goes out and where, and what it says as things change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.coaching import briefs
from bot.domain.coaching.brief_showing import show_all
from bot.domain.refusals import Refusal
from bot.domain.tables import Brief, Enrolment
from bot.slack.views.coaching.briefs import PRAISE
from tests.domain.coaching.brief_story import all_answer, grow, rows_of, standing
from tests.domain.handover.changes import remove_rep
from tests.domain.handover.desk import Desk
from tests.domain.mondays import DEADLINE, WEEK, at

NOON = at(23, 12)
LATER = at(23, 12, 6)


def test_it_comes_once_all_have_answered_and_only_then(desk: Desk) -> None:
    desk.met("U2")
    desk.log("U1", moves=(1, 1))
    desk.ask()
    for question, pressed in enumerate(("yes", "no", "no")):
        desk.press("U1", question, pressed, NOON)
    desk.reminded(LATER)
    assert standing(desk) == []
    for question in range(3):
        desk.press("U2", question, "yes", LATER)
    desk.reminded(LATER + briefs.LOOK_AGAIN)
    (message,) = standing(desk)
    assert rows_of(message) == [
        ["Rep", "Week", "Conversations", "Base moves", "Sales"],
        ["Priya", "Missed", "2 of 2", "2 of 3", "$0 of $1,000"],
        ["Sam", "Met", "3 of 2", "4 of 3", "$1,500 of $1,000"],
    ]
    assert "*1. <@U1>*  :dart: *Coach*: base moves 2 of 3" in message.text
    assert message.shown["text"].startswith(
        "Harbor, the week 16–22 November: 1 met every goal, 1 missed. Speak with Priya: coach."
    )
    for now in (at(24, 8), at(25, 8), at(26, 8), at(29, 8)):
        desk.reminded(now)
    assert len(standing(desk)) == 1


def test_who_is_silent_is_waited_for_until_the_deadline_and_the_coachs_morning(desk: Desk) -> None:
    desk.change(desk.team(), working_until=DEADLINE.time())
    desk.ask()
    desk.reminded(DEADLINE - timedelta(minutes=1))
    assert standing(desk) == []
    desk.reminded(DEADLINE)
    assert standing(desk) == []  # it is evening
    desk.reminded(at(25, 7, 59))
    assert standing(desk) == []
    desk.reminded(at(25, 8))
    (message,) = standing(desk)
    assert [row[:2] for row in rows_of(message)[1:]] == [["Priya", "Silent"], ["Sam", "Silent"]]
    assert "log: 0 of 2" in message.text
    assert "Hold accountable" in message.text


def test_a_rep_whose_monday_begins_later_is_waited_for(desk: Desk) -> None:
    desk.met("U2")
    desk.change(desk.member("U1"), timezone="America/New_York")
    (west,) = desk.rows(Enrolment, member_id=desk.member("U1").id)
    desk.change(west, next_due_at=at(23, 14))
    desk.ask()
    for question in range(3):
        desk.press("U2", question, "yes", at(23, 9, 30))
    desk.reminded(at(23, 9, 40))
    assert standing(desk) == []
    desk.ask(at(23, 14))
    desk.reminded(at(24, 22))
    assert standing(desk) == []  # his deadline has passed, and it is night for the coach
    desk.reminded(at(25, 8))
    assert [row[:2] for row in rows_of(standing(desk)[0])[1:]] == [
        ["Priya", "Silent"],
        ["Sam", "Met"],
    ]


def test_a_week_in_which_nobody_was_asked_has_none(desk: Desk) -> None:
    for user in ("U1", "U2"):
        desk.away(user, WEEK, WEEK + timedelta(days=6))
    desk.ask()
    for now in (NOON, DEADLINE, at(25, 8), at(26, 8), at(29, 8)):
        desk.reminded(now)
    assert standing(desk) == []


def test_late_answers_and_edits_update_the_message_that_stands(desk: Desk) -> None:
    desk.log("U1", moves=(1, 1))
    desk.ask()
    desk.reminded(DEADLINE)
    desk.reminded(DEADLINE + briefs.LOOK_AGAIN)
    (message,) = standing(desk)
    assert rows_of(message)[2][:2] == ["Sam", "Silent"]
    desk.met("U2")
    for question in range(3):
        desk.press("U2", question, "yes", at(25, 9))
    desk.deliver(at(25, 9))
    (message,) = standing(desk)
    assert rows_of(message)[2][:3] == ["Sam", "Met, late", "3 of 2"]
    assert "1 met every goal*, *1 silent" in message.text


def test_a_replaced_coach_keeps_no_numbers_and_the_new_one_gets_the_newest(desk: Desk) -> None:
    all_answer(desk)
    desk.reminded(LATER)
    assert len(standing(desk, "DUC")) == 1
    assert standing(desk, "CHarbor") == []
    desk.change_team(at(23, 19), coach="UN", second_coach=None)
    desk.deliver(at(23, 19))
    (old,) = [one for one in desk.messages.values() if one.where == "DUC" and "brief" in one.text]
    assert "The brief about Harbor is now with <@UN>." in old.text
    assert PRAISE not in old.buttons
    assert "Priya" not in old.text
    assert len(standing(desk, "DUN")) == 1
    (brief,) = desk.rows(Brief)
    at_night = desk.database.read_now(show_all, [brief.id], now=at(23, 22))[brief.id]
    assert at_night.earliest == at(24, 8)
    desk.change(brief, created_at=at(10, 8))
    desk.change_team(at(24, 9), coach="UC")
    desk.deliver(at(24, 9))
    assert [
        one for one in standing(desk, "DUN") + standing(desk, "DUC") if "Priya" in one.text
    ] == []


def test_a_rep_who_left_leaves_the_brief(desk: Desk) -> None:
    all_answer(desk)
    desk.reminded(LATER)
    remove_rep(desk, at(23, 13))
    desk.deliver(at(23, 13))
    assert [row[0] for row in rows_of(standing(desk)[0])] == ["Rep", "Sam"]


def test_pages_are_turned_by_coaches_only(desk: Desk) -> None:
    all_answer(desk, missing=(), users=("U1", "U2", *grow(desk, 40)))
    desk.reminded(LATER)
    (message,) = standing(desk)
    (brief,) = desk.rows(Brief)
    assert len(rows_of(message)) == 21
    assert "Page 1 of 3, 42 reps." in message.text
    desk.write(briefs.turn, caller=desk.caller("UD"), brief_id=brief.id, page=2, now=LATER)
    desk.deliver(LATER)
    (message,) = standing(desk)
    assert [row[0] for row in rows_of(message)] == ["Rep", "Rep 40", "Sam"]
    for user in ("U1", "UN", "UA"):
        with pytest.raises(Refusal, match="Only the coaches of Harbor can use this brief"):
            desk.write(briefs.turn, caller=desk.caller(user), brief_id=brief.id, page=0, now=LATER)


def test_the_morning_is_that_of_the_coachs_clock(desk: Desk) -> None:
    desk.change(desk.member("UC"), timezone="Pacific/Auckland")
    desk.ask()
    for now in (DEADLINE, at(24, 18, 59)):  # six and nearly eight o'clock on Wednesday, in Auckland
        desk.reminded(now)
        assert standing(desk) == [], now
    desk.reminded(at(24, 19))
    assert len(standing(desk)) == 1


def test_a_team_whose_brief_is_out_is_not_looked_at_with_every_beat(desk: Desk) -> None:
    all_answer(desk)
    desk.reminded(LATER)
    assert len(standing(desk, "DUC")) == 1
    looks_at = desk.team().brief_look_at
    assert looks_at is not None
    assert looks_at > LATER
