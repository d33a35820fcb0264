"""The alarm stands on the alert of the week that raised it, with the sales cycle behind its month."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session

from bot.domain.coaching import showing
from bot.domain.shown.momentum import MomentumShown
from bot.domain.tables import Answer, Conversation, Opportunity
from bot.rules.weeks import WEEK as ONE_WEEK
from tests.counting import counted
from tests.domain.coaching.story import alert_of, past_week
from tests.domain.handover.desk import Desk
from tests.domain.mondays import WEEK, at


def answered(desk: Desk, *numbers: int, **check_in: object) -> None:
    """U1 was asked about WEEK and the weeks before, and answered both goals with these numbers, oldest first."""
    desk.ask()
    for question in range(3):
        desk.press("U1", question, "no", at(23, 12))
    *before, last = numbers
    for back, number in enumerate(reversed(before), start=1):
        desk.write(past_week, desk.check_in("U1"), desk.answers("U1"), back, number, check_in)
    for answer in desk.answers("U1"):
        desk.change(answer, number=Decimal(last), verdict="no")


def alarm(desk: Desk) -> MomentumShown | None:
    return desk.database.read_now(showing.show, alert_of(desk).id).momentum


def won(session: Session, desk_workspace: int, member_id: int, deals: int, days: int) -> None:
    """So many deals that took so many days from the first conversation to the sale."""
    for number in range(deals):
        row = Opportunity(
            workspace_id=desk_workspace,
            member_id=member_id,
            company=f"Won {number}",
            company_key=f"won {number}",
            created_at=at(23, 9),
        )
        session.add(row)
        session.flush()
        closed = date(2026, 6, 1) + timedelta(days=number)
        for held_on, base, outcome in (
            (closed - timedelta(days=days), 1, "open"),
            (closed, 4, "won"),
        ):
            session.add(
                Conversation(
                    workspace_id=desk_workspace,
                    member_id=member_id,
                    opportunity_id=row.id,
                    held_on=held_on,
                    week=held_on - timedelta(days=held_on.weekday()),
                    base=base,
                    outcome=outcome,
                    request_key=f"won {number} {base}",
                    logged_at=at(23, 9),
                )
            )


def test_two_weeks_of_zero_raise_it_with_the_cycle_that_the_team_assumes(desk: Desk) -> None:
    desk.change(desk.team(), sales_cycle_days=60)
    answered(desk, 5, 0, 0)
    assert alarm(desk) == MomentumShown(
        kind="conversation",
        weeks=2,
        felt_on=WEEK - ONE_WEEK + timedelta(days=60),
        cycle_days=60,
        wins=0,
        is_measured=False,
    )


@pytest.mark.parametrize("numbers", [(5, 0), (0, 5), (0, 0, 0)])
def test_another_week_does_not_raise_it(desk: Desk, numbers: tuple[int, ...]) -> None:
    answered(desk, *numbers)
    assert alarm(desk) is None


@pytest.mark.parametrize("state", ["away", "skipped", "unanswered"])
def test_a_week_away_not_asked_or_not_answered_is_no_zero(desk: Desk, state: str) -> None:
    answered(desk, 0, 0, state=state)
    if state == "unanswered":
        for answer in desk.rows(Answer):
            if answer.check_in_id != desk.check_in("U1").id:
                desk.change(answer, number=None, verdict=None)
    assert alarm(desk) is None


def test_what_is_logged_later_takes_it_back(desk: Desk) -> None:
    answered(desk, 0, 0)
    assert alarm(desk) is not None
    desk.log("U1", moves=(1,))
    desk.change(desk.rows(Conversation)[-1], base=1)
    assert alarm(desk) is None


def test_with_five_wins_the_month_comes_from_the_reps_own_cycle(desk: Desk) -> None:
    member = desk.member("U1")
    desk.write(won, desk.workspace_id, member.id, 5, 90)
    answered(desk, 0, 0)
    found = alarm(desk)
    assert found is not None
    assert (found.cycle_days, found.wins, found.is_measured) == (90, 5, True)
    assert found.felt_on == WEEK - ONE_WEEK + timedelta(days=90)


def test_an_alarm_takes_one_statement_and_none_takes_none(desk: Desk) -> None:
    answered(desk, 5, 0)

    def statements() -> int:
        with counted(desk.database) as found:
            alarm(desk)
        return sum("conversation" in one and "HAVING" in one for one in found)

    assert statements() == 0
    for answer in desk.rows(Answer):
        desk.change(answer, number=Decimal(0))
    assert statements() == 1
