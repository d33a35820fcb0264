"""The last twelve weeks of reps are read with two statements, for one and for many."""

from __future__ import annotations

from decimal import Decimal

from bot.domain.coaching import history
from bot.rules.acts import Counted
from bot.rules.weeks import WEEK as ONE_WEEK
from tests.counting import counted
from tests.domain.handover.desk import Desk
from tests.domain.mondays import WEEK, at


def test_the_weeks_come_oldest_first_with_their_goals_and_the_log_within_them(desk: Desk) -> None:
    desk.log("U1", moves=(1, 1), week=WEEK)
    desk.log("U1", moves=(0,), week=WEEK - 12 * ONE_WEEK)
    desk.ask()
    for question, pressed in enumerate(("yes", "no", "no")):
        desk.press("U1", question, pressed, at(23, 12))
    key = desk.member("U1").id, WEEK
    found = desk.database.read_now(history.read, [key])[key]
    assert [week.week for week in found.weeks] == [WEEK - n * ONE_WEEK for n in range(11, -1, -1)]
    assert {week.result for week in found.weeks[:-1]} == {"none"}
    assert (found.last.result, found.last.conversations) == (
        "missed",
        Counted(Decimal(2), Decimal(2)),
    )
    assert found.trend[-1] == found.last.shown
    assert set(found.log.weeks) == {WEEK}, "what is older is not read"
    assert found.log.weeks[WEEK].moves == 2


def test_many_reps_take_as_many_statements_as_one(desk: Desk) -> None:
    keys = [(desk.member(user).id, WEEK) for user in ("U1", "U2")]
    for some in (keys[:1], keys):
        with counted(desk.database) as statements:
            assert list(desk.database.read_now(history.read, some)) == some
        assert sum(one.startswith(("SELECT", "WITH")) for one in statements) == 2
    assert desk.database.read_now(history.read, []) == {}
