"""*Well done*: who deserves it and for what, and that it reaches the rep once, under the coach's name."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from bot.domain.checkins.follow_ups import About
from bot.domain.coaching import praise
from bot.domain.metrics import carried
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.tables import Brief, Praise, Reminder, Workspace
from bot.slack.views.coaching.briefs import PRAISE
from tests.domain.coaching.brief_story import all_answer, past
from tests.domain.coaching.story import NEXT_MONDAY, alert_of, finish, say
from tests.domain.handover.changes import remove_rep
from tests.domain.handover.desk import Desk, Message
from tests.domain.mondays import at

LATER = at(23, 12, 6)
GOOD = (2, 3, 1_000)


def standing(desk: Desk) -> Message:
    return desk.standing(outbox.BRIEF, "DUC")[-1]


def press(desk: Desk, user: str = "U2", *, by: str = "UC", hour: int = 13) -> None:
    (brief,) = desk.rows(Brief)
    desk.write(
        praise.give,
        caller=desk.caller(by),
        brief_id=brief.id,
        check_in_id=desk.check_in(user).id,
        now=at(23, hour),
    )
    desk.deliver(at(23, hour))


@pytest.fixture
def praised(desk: Desk) -> Desk:
    """Sam has met everything for five weeks, with a personal best in the last one; the brief stands."""
    past(desk, "U2", GOOD, (2, 3, 1_200), GOOD, GOOD)
    all_answer(desk)
    desk.reminded(LATER)
    return desk


def test_it_reaches_the_rep_once_and_the_brief_says_so(praised: Desk) -> None:
    said = (
        "Personal best in conversations: 3, after 2; personal best in base moves: 4, after 3; "
        "personal best in sales: $1,500, after $1,200; every goal met for 5 weeks in a row."
    )
    assert f"*<@U2>*  {said}" in standing(praised).text
    press(praised)
    (message,) = praised.standing(outbox.PRAISE, "DU2")
    assert ":star: <@UC> says *well done* for the week 16–22 November." in message.text
    assert said in message.text
    assert message.shown["text"].startswith("Dana says well done for the week 16–22 November.")
    assert ":star: <@UC> said well done, Monday 1:00" in standing(praised).text
    assert PRAISE not in standing(praised).buttons
    press(praised, by="UD", hour=14)
    press(praised, hour=15)
    assert len(praised.standing(outbox.PRAISE)) == 1
    (row,) = praised.rows(Praise)
    assert row.given_by == praised.member("UC").id


def test_only_coaches_praise_and_only_what_is_there(praised: Desk) -> None:
    for by in ("U1", "U2", "UN", "UA"):
        with pytest.raises(Refusal, match="Only the coaches of Harbor can use this brief"):
            press(praised, by=by)
    with pytest.raises(Refusal, match="what you were about to praise is gone"):
        press(praised, "U1")  # who missed two goals
    remove_rep(praised, at(23, 13))
    with pytest.raises(Refusal, match="This rep is no longer in the team"):
        press(praised, "U1")
    assert praised.rows(Praise) == []


def test_nobody_praises_themselves(praised: Desk) -> None:
    praised.change(praised.team(), second_coach_id=praised.member("U2").id)
    with pytest.raises(Refusal, match="That is your own week"):
        press(praised, by="U2")


def test_numbers_that_the_log_does_not_carry_are_praised_once_a_coach_accepts_them(
    praised: Desk,
) -> None:
    for answer in praised.answers("U2"):
        praised.change(answer, number=answer.target * 3, target=answer.target * 3)
    praised.write(
        outbox.mark_stale,
        workspace_id=praised.workspace_id,
        surface=outbox.BRIEF,
        subject_id=praised.rows(Brief)[0].id,
        now=at(23, 13),
    )
    praised.deliver(at(23, 13))
    assert PRAISE not in standing(praised).buttons
    check_in_id = praised.check_in("U2").id
    praised.write(carried.nod, caller=praised.caller("UC"), check_in_id=check_in_id, now=at(23, 14))
    praised.deliver(at(23, 14))
    assert PRAISE in standing(praised).buttons
    assert "personal best in base moves: 9, after 3" in standing(praised).text


def test_a_step_that_was_kept_deserves_a_word(desk: Desk) -> None:
    all_answer(desk)
    desk.reminded(LATER)
    finish(desk, alert_of(desk))
    desk.ask(NEXT_MONDAY)
    say(desk, About.KEPT, "yes", now=NEXT_MONDAY)
    for user in ("U1", "U2"):
        for question in range(3):
            desk.press(user, question, "no", NEXT_MONDAY)
    desk.reminded(at(30, 10))
    assert "*<@U1>*  Kept the step “Three plans”." in standing(desk).text
    assert "Three plans: done" in standing(desk).text


def test_without_room_it_waits_for_the_next_week_and_the_coach_is_told(praised: Desk) -> None:
    (workspace,) = praised.rows(Workspace, id=praised.workspace_id)
    praised.change(workspace, weekly_messages=1)
    (brief,) = praised.rows(Brief)
    alike = {"caller": praised.caller("UC"), "brief_id": brief.id}
    reminded(praised)
    praised.write(praise.give, **alike, check_in_id=praised.check_in("U2").id, now=at(23, 13))
    praised.deliver(at(23, 13))
    assert praised.standing(outbox.PRAISE, "DU2") == []
    assert "It comes Monday 30 November at 8:00" in standing(praised).text
    praised.deliver(NEXT_MONDAY)
    assert len(praised.standing(outbox.PRAISE, "DU2")) == 1


def reminded(desk: Desk) -> None:
    """A reminder has reached U2 this week: the one message that U2 may have."""

    def add(session: Session) -> None:
        check_in = desk.check_in("U2")
        session.add(
            Reminder(
                workspace_id=desk.workspace_id,
                check_in_id=check_in.id,
                number=9,
                sent_at=at(23, 10),
            )
        )
        session.flush()
        reminder = session.exec(select(Reminder).where(Reminder.number == 9)).one()
        outbox.add_all(
            session,
            [outbox.New(desk.workspace_id, outbox.REMINDER, reminder.id, at(23, 10))],
            now=at(23, 10),
        )

    desk.write(add)
    desk.deliver(at(23, 13))
