"""Where an answer and the log differ, whatever the verdict; weeks that the log carries or a coach accepts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from bot.domain.checkins.answers import TypedNumbers
from bot.domain.homes.rows import Asked
from bot.domain.metrics import carried
from bot.domain.refusals import Refusal
from bot.domain.shown.loop import Difference
from bot.domain.tables import CheckIn
from tests.counting import counted
from tests.domain.handover.desk import Desk
from tests.domain.mondays import WEEK, at

NOON = at(23, 12)


def answer(desk: Desk, *numbers: str, user: str = "U1") -> int:
    """The rep types these numbers; the id of the check-in."""
    typed = {
        one.id: (f"field {one.id}", number)
        for one, number in zip(desk.answers(user), numbers, strict=True)
    }
    form = TypedNumbers(desk.caller(user), typed, late_accepted=False, now=NOON)
    desk.give(form)
    desk.deliver(NOON)
    return desk.check_in(user).id


def differences(desk: Desk, *check_ins: int) -> list[tuple[str, Decimal, Decimal]]:
    found = desk.database.read_now(carried.differences, check_ins)
    return [(one.name, one.answered, one.logged) for one in found.get(check_ins[0], ())]


def held(desk: Desk) -> bool:
    member_id = desk.member("U1").id
    return WEEK in desk.database.read_now(carried.held, member_id=member_id, weeks=[WEEK])


def nod(desk: Desk, by: str, check_in_id: int, now: datetime = NOON) -> None:
    desk.write(carried.nod, caller=desk.caller(by), check_in_id=check_in_id, now=now)
    desk.deliver(now)


def test_a_yes_that_the_log_does_not_carry_stands_beside_it(desk: Desk) -> None:
    desk.log("U1", moves=(3,))
    desk.ask()
    check_in = answer(desk, "20", "3", "0")
    assert differences(desk, check_in) == [("Conversations", Decimal(20), Decimal(1))]
    assert "Conversations: answered 20, log says 1" in desk.home("UC")
    assert "answered 20" not in desk.home("U1")
    desk.change(desk.answers("U1")[0], number=Decimal(1))
    assert differences(desk, check_in) == []


def test_an_answer_about_what_nobody_logs_is_no_difference(desk: Desk) -> None:
    desk.ask()
    check_in = answer(desk, "0", "0", "5")
    for one in desk.answers("U1"):
        desk.change(one, source="asked")
    assert differences(desk, check_in) == []
    assert held(desk)


@pytest.mark.parametrize(
    ("number", "logged", "carries"),
    [(2, 2, True), (2, 1, False), (9, 1, False), (2, None, True), (None, 1, True)],
)
def test_a_goal_fails_only_by_a_log_that_is_below_it(
    number: int | None, logged: int | None, carries: bool
) -> None:
    amount = Decimal(number) if number is not None else None
    answer = Asked(1, "sales", "counted", "Sales", "count", Decimal(2), amount, None, None)
    assert carried.carries(answer, Decimal(logged) if logged is not None else None) is carries


def test_a_week_holds_by_its_log_or_by_a_coachs_nod(desk: Desk) -> None:
    desk.ask()
    check_in = answer(desk, "20", "9", "5,000")
    assert not held(desk)
    assert "Accept the numbers" in desk.home("UD")
    nod(desk, "UD", check_in)
    assert held(desk)
    assert "(accepted by <@UD>)" in desk.home("UC")
    assert "Accept the numbers" not in desk.home("UC")
    before = desk.rows(CheckIn)
    nod(desk, "UC", check_in, at(23, 13))
    assert desk.rows(CheckIn) == before


def test_more_in_the_log_than_the_target_holds_a_smaller_answer(desk: Desk) -> None:
    desk.met("U1")
    desk.ask()
    check_in = answer(desk, "2", "3", "1,000")
    assert differences(desk, check_in) == [
        ("Conversations", Decimal(2), Decimal(3)),
        ("Base moves", Decimal(3), Decimal(4)),
        ("Sales", Decimal(1_000), Decimal(1_500)),
    ]
    assert held(desk)


@pytest.mark.parametrize("stranger", ["U1", "U2", "UN", "UA"])
def test_nobody_else_nods(desk: Desk, stranger: str) -> None:
    desk.ask()
    check_in = answer(desk, "20", "9", "5,000")
    before = desk.rows(CheckIn)
    with pytest.raises(Refusal, match="Only the coaches"):
        nod(desk, stranger, check_in)
    with pytest.raises(Refusal, match="no longer there"):
        nod(desk, "UC", 999)
    assert desk.rows(CheckIn) == before


def test_a_coach_does_not_nod_their_own_numbers(desk: Desk) -> None:
    desk.change_team(at(20, 16), coach="U1")
    desk.ask()
    check_in = answer(desk, "20", "9", "5,000")
    with pytest.raises(Refusal, match="Only the coaches"):
        nod(desk, "U1", check_in)


def test_differences_are_read_in_sets(desk: Desk) -> None:
    desk.ask()
    first, second = answer(desk, "1", "1", "1"), answer(desk, "1", "1", "1", user="U2")
    taken = []
    for check_ins in ([first], [first, second]):
        with counted(desk.database) as statements:
            found = desk.database.read_now(carried.differences, check_ins)
        taken.append(len(statements))
        assert len(found) == len(check_ins)
    assert taken[0] == taken[1]
    assert desk.database.read_now(carried.differences, []) == {}
    assert Difference("a", "count", Decimal(1), Decimal(2))
