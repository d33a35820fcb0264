"""The questions of check-ins: with the answer, or with what the log says now where there is none."""

from __future__ import annotations

from decimal import Decimal

from bot.domain.coaching import questions
from tests.counting import counted
from tests.domain.handover.desk import Desk
from tests.domain.mondays import at


class Asking:
    def __init__(self, desk: Desk, user: str) -> None:
        check_in = desk.check_in(user)
        self.check_in_id, self.member_id, self.week = check_in.id, check_in.member_id, check_in.week


def test_an_answer_keeps_its_number_and_silence_shows_the_log(desk: Desk) -> None:
    desk.log("U1", moves=(1, 1))
    desk.ask()
    desk.press("U1", 0, "yes", at(23, 12))
    asking = [Asking(desk, user) for user in ("U1", "U2")]
    found = desk.database.read_now(questions.of_check_ins, asking)
    first, second, *_ = found[asking[0].check_in_id]
    assert (first.number, first.logged, first.verdict) == (Decimal(2), Decimal(2), "yes")
    assert (second.number, second.logged, second.verdict) == (None, Decimal(2), None)
    assert {one.logged for one in found[asking[1].check_in_id]} <= {Decimal(0), None}

    def statements(some: list[Asking]) -> int:
        with counted(desk.database) as counting:
            desk.database.read_now(questions.of_check_ins, some)
        return len(counting)

    assert statements(asking[:1]) == statements(asking)
