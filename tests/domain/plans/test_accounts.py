"""The account of a period: what was planned, and what happened by answers and log."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from bot.domain.plans import accounts
from bot.domain.shown.plan_accounts import AccountShown, Sum
from bot.domain.shown.plans import GoalForm
from bot.rules.weeks import WEEK
from tests.domain.planning import NEXT_MONDAY, Office, numbers
from tests.domain.plans.steps import answer_sales, sell
from tests.domain.plans.test_sights import weeks

GOAL = GoalForm("dates", NEXT_MONDAY, date(2026, 12, 31), "60k")


def account(office: Office, plan_id: int) -> AccountShown:
    return office.database.write_now(accounts.account, plan_id, now=office.now)


def test_an_account_adds_up_what_was_planned_and_what_happened(office: Office) -> None:
    form = numbers(closed="10,000", average_sale="10,000", working_weeks="5")
    plan_id = office.signed(goal=GOAL, form=form)
    weeks(office, "yes", "no", "away", "unanswered")  # 22 conversations are asked for in each
    sell(office, *[1_500] * 25, on=date(2026, 12, 1))
    answer_sales(office, NEXT_MONDAY + 4 * WEEK, 4_000)
    office.now = datetime(2027, 1, 5, 18, 0, tzinfo=UTC)
    found = account(office, plan_id)
    assert (found.goal, found.closed) == (Decimal(60_000), Decimal(51_500))
    assert found.weeks == {"met": 2, "missed": 1, "away": 1, "silent": 1}
    assert found.sums == (Sum("Conversations", Decimal(88), Decimal(25)),)
    assert (found.weeks_left, found.can_start) == (0, True)

    office.propose(goal=GoalForm("this_year", None, None, "600k"), form=form)
    assert not account(office, plan_id).can_start


def test_an_account_before_the_end_says_how_long_it_is_until_then(office: Office) -> None:
    plan_id = office.signed(goal=GOAL, form=numbers(average_sale="10,000", working_weeks="5"))
    office.now = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
    found = account(office, plan_id)
    assert (found.weeks_left, found.sums, found.weeks) == (4, (), {})
