"""A plan's end and a goal that is reached early are told once to each; old targets are not asked for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.outbox import outbox
from bot.domain.plans import drafts, endings
from bot.domain.shown.plans import GoalForm
from bot.rules.weeks import WEEK
from tests.domain.planning import Office, numbers
from tests.domain.plans.steps import answer_sales, own_metric, sell, set_by_coach

SHORT = GoalForm("dates", date(2026, 11, 23), date(2026, 12, 31), "60k")
"""Its last week begins on 28 December, and the check-in about that closes on Tuesday 5 January."""
SIX = numbers(average_sale="10,000", working_weeks="5")
CLOSED = datetime(2027, 1, 5, 17, 0, tzinfo=UTC)
STANDS = date(2027, 1, 25)
"""The last week in which the targets stand: four weeks after the one that was asked about last."""


def tick(office: Office, now: datetime) -> None:
    office.now = now
    while office.database.write_now(endings.tell_due, now=now):
        continue


def told(office: Office, plan_id: int) -> dict[str, int]:
    """The versions of the messages about the plan's end and its goal that are wanted, by surface."""
    found = {surface: office.desired_versions(surface) for surface in outbox.PLAN_EVENTS}
    return {surface: found[surface][plan_id] for surface in found if plan_id in found[surface]}


ENDED = {outbox.PLAN_ENDED: 1, outbox.PLAN_ENDED_REPLY: 1}
REACHED = {outbox.PLAN_REACHED: 1, outbox.PLAN_REACHED_REPLY: 1}


def test_the_end_is_told_once_and_the_targets_end_four_weeks_later(office: Office) -> None:
    plan_id = office.signed(goal=SHORT, form=SIX)
    tick(office, CLOSED - timedelta(seconds=1))
    assert told(office, plan_id) == {}
    tick(office, CLOSED)
    assert told(office, plan_id) == ENDED
    plan = office.plan(plan_id)
    assert (plan.ended_at, plan.targets_until) == (CLOSED, STANDS + timedelta(days=6))
    assert set(office.targets(STANDS)) == {"conversations", "base_moves", "sales"}
    assert office.targets(STANDS + WEEK) == {}
    tick(office, CLOSED + 60 * WEEK)
    assert told(office, plan_id) == ENDED

    # A fresh plan sets targets again, whatever ended before.
    step = office.do(drafts.goal_step, "U1", fresh=True)
    assert step.dates is not None
    again = office.draft(goal=replace(SHORT, begins_on=None, ends_on=None, period="this_year"))
    office.numbers(again.plan_id, form=replace(SIX, working_weeks="20"))
    office.do(drafts.propose, "U1", plan_id=again.plan_id, pairs={})
    assert told(office, plan_id) == dict.fromkeys(ENDED, 2)  # no fresh start any more
    decided = office.approve(again.plan_id)
    assert decided.from_week is not None
    assert office.targets(decided.from_week + 3 * WEEK) != {}


def test_targets_that_somebody_set_since_stay(office: Office) -> None:
    own_metric(office)
    plan_id = office.signed(goal=SHORT, form=SIX)
    set_by_coach(office, demos="5")
    tick(office, CLOSED)
    assert office.targets(STANDS + WEEK) == {"demos": Decimal(5)}
    assert office.plan(plan_id).targets_until is not None


def test_a_plan_that_another_took_the_place_of_says_nothing_and_one_that_follows_is_named(
    office: Office,
) -> None:
    first = office.signed(goal=SHORT, form=SIX)
    office.now += timedelta(days=4)
    second = office.signed(goal=replace(SHORT, goal="70k"), form=SIX)
    year = office.signed(goal=GoalForm("next_year", None, None, "600k"), form=numbers())
    tick(office, CLOSED)
    assert (told(office, first), told(office, second), told(office, year)) == ({}, ENDED, {})
    assert office.plan(second).targets_until == date(2027, 1, 3)
    assert office.targets(STANDS + WEEK)["conversations"] > 0


def test_a_goal_that_is_reached_early_is_told_once_as_soon_as_the_sale_is_known(
    office: Office,
) -> None:
    plan_id = office.signed(goal=SHORT, form=replace(SIX, closed="30,000"))
    wednesday = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)
    sell(office, 20_000, on=date(2026, 12, 1))
    tick(office, wednesday)
    assert told(office, plan_id) == {}
    # Answered and never logged: found once the check-in has closed.
    answer_sales(office, date(2026, 11, 30), 30_000)
    tick(office, datetime(2026, 12, 8, 17, 0, tzinfo=UTC))
    assert told(office, plan_id) == REACHED
    tick(office, datetime(2026, 12, 15, 17, 0, tzinfo=UTC))
    assert told(office, plan_id) == REACHED
    assert office.targets(date(2026, 12, 21)) != {}
    tick(office, CLOSED)
    assert told(office, plan_id) == REACHED | ENDED


@pytest.mark.parametrize(("weeks_late", "is_told"), [(1, True), (5, False)])
def test_an_end_of_long_ago_is_told_only_where_no_plan_follows(
    office: Office, weeks_late: int, is_told: bool
) -> None:
    plan_id = office.signed(goal=SHORT, form=SIX)
    office.signed(goal=GoalForm("next_year", None, None, "600k"), form=numbers())
    tick(office, CLOSED + weeks_late * WEEK)
    assert bool(told(office, plan_id)) is is_told


def test_an_end_of_long_ago_that_nothing_follows_leaves_four_weeks_from_now(office: Office) -> None:
    plan_id = office.signed(goal=SHORT, form=SIX)
    tick(office, CLOSED + 30 * WEEK)
    assert told(office, plan_id) == ENDED
    until = office.plan(plan_id).targets_until
    assert until is not None
    assert timedelta(weeks=3) < until - office.now.date() <= timedelta(weeks=4)
