"""What Homes hold of the coaching loop: to the rep, to the coaches, and in shares to admins."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session

from bot.domain.checkins.follow_ups import About
from bot.domain.coaching import alerts
from bot.domain.homes import homes
from bot.domain.shown.home import HomeShown
from bot.domain.shown.loop import CoachShare
from bot.domain.tables import Agreement
from tests.counting import counted
from tests.domain.coaching.story import NEXT_MONDAY, agreement, alert_of, finish, miss, say
from tests.domain.handover.desk import Desk
from tests.domain.mondays import at


def of_admin(desk: Desk, day: int = 31) -> HomeShown:
    return desk.database.read_now(homes.show, member_id=desk.member("UA").id, now=at(day, 9))


def shares(desk: Desk) -> list[CoachShare]:
    return list(of_admin(desk).shares)


def test_a_step_is_open_until_it_is_answered_or_long_past(desk: Desk) -> None:
    finish(desk, miss(desk))

    def steps(day: int) -> list[str | None]:
        rep = desk.member("U1").id
        shown = desk.database.read_now(homes.show, member_id=rep, now=at(day, 9))
        assert shown.rep is not None
        return [one.step for one in shown.rep.loop.steps]

    assert steps(24) == steps(55) == ["Three plans"]
    assert steps(56) == []
    desk.change(agreement(desk), kept="no")
    assert steps(25) == []


def test_what_is_for_coaches_is_not_in_the_reps_own_home(desk: Desk) -> None:
    desk.log("U1", moves=(0,) * 12)
    desk.ask()
    desk.press("U1", 0, "yes", at(23, 12))
    desk.change(desk.answers("U1")[0], number=Decimal(20))
    both = [desk.member(user).id for user in ("U1", "UC")]
    shown = desk.database.read_now(homes.show_all, both, now=at(23, 13))
    own, (team,) = shown[both[0]].shown.rep, shown[both[1]].shown.coached
    (coached,) = (rep.loop for rep in team.reps if rep.slack_user_id == "U1")
    assert own is not None
    assert (own.loop.differences, own.loop.habits, own.loop.check_in_id) == ((), (), None)
    assert [(one.name, one.answered, one.logged) for one in coached.differences] == [
        ("Conversations", Decimal(20), Decimal(12))
    ]
    assert [(one.company, one.entries) for one in coached.habits] == [("Acme", 12)]


def test_shares_say_how_often_and_how_fast_and_nothing_of_few_reps(desk: Desk) -> None:
    assert shares(desk) == []
    finish(desk, miss(desk))
    desk.beat(at(24, 17))
    alert = alert_of(desk, "U2")
    desk.write(alerts.take, caller=desk.caller("UC"), alert_id=alert.id, now=at(24, 21))
    share, other = shares(desk)
    # Taken after 22 and 4 hours: of two the median is in between.
    assert share == CoachShare("UC", 2, 2, 1, Decimal("13.0"), 0, 0, 0)
    assert (other.coach, other.taken, other.hours) == ("UN", 0, None)
    desk.ask(NEXT_MONDAY)
    say(desk, About.TALKED, "yes", now=at(30, 10))
    assert shares(desk)[0].asked == 0


@pytest.mark.parametrize("reps", [2, 3])
def test_shares_of_what_reps_say_need_three_of_them(desk: Desk, reps: int) -> None:
    finish(desk, miss(desk))
    said = agreement(desk)
    desk.change(said, talked="yes", helped="no")
    others = [desk.member(user).id for user in ("U2", "U3")][: reps - 1]
    desk.beat(at(24, 17))
    for number, (user, member_id) in enumerate(zip(("U2", "U3"), others, strict=False)):
        facts = said.model_dump(exclude={"id"}) | {
            "alert_id": alert_of(desk, user).id,
            "member_id": member_id,
            "talked": "yes" if number else "no",
            "helped": "yes" if number else None,
        }
        desk.write(_add, facts)
    share = shares(desk)[0]
    expected = (3, 2, 1) if reps == 3 else (0, 0, 0)
    assert (share.asked, share.talked, share.helped) == expected


def _add(session: Session, facts: dict[str, Any]) -> None:
    session.add(Agreement(**facts))


def test_an_admin_who_does_not_coach_reads_shares_and_no_answer(desk: Desk) -> None:
    desk.open_homes("UA")
    finish(desk, miss(desk))
    desk.ask(NEXT_MONDAY)
    say(desk, About.TALKED, "no", now=at(30, 10))
    desk.write(homes.opened, caller=desk.caller("UA"), now=at(30, 11))
    desk.deliver(at(30, 11))
    home = desk.home("UA")
    assert "<@UC>: 2 alerts, 50 % taken, 50 % done, taken after 22 hours (median)" in home
    for kept in ("<@U1>", "Three plans", "We talked", "did not talk"):
        assert kept not in home


def test_the_loop_takes_as_many_statements_for_many_homes_as_for_one(desk: Desk) -> None:
    finish(desk, miss(desk))
    desk.beat(at(24, 17))
    ids = [desk.member(user).id for user in ("UC", "UD", "UN", "U1", "U2", "U3")]
    taken = []
    for members in (ids[:1], ids):
        with counted(desk.database) as statements:
            desk.database.read_now(homes.show_all, members, now=at(25, 9))
        taken.append(len(statements))
    assert taken[1] - taken[0] <= 2  # the reps' own part has some that a coach's has not
    assert of_admin(desk, 25).left_alerts == ()
