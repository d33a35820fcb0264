"""The moment a version is signed, and what gives way to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import Session

from bot.domain.people.members import Profile, apply_profile
from bot.domain.shown.plans import GoalForm
from bot.domain.tables import PlanState
from bot.rules.weeks import WEEK
from tests.counting import counted
from tests.domain.marked import open_homes
from tests.domain.planning import FRIDAY, GOAL, NEXT_MONDAY, Office, numbers
from tests.domain.plans.steps import WORKED, sell


def test_a_plan_for_next_year_leaves_this_year_alone(office: Office) -> None:
    short = replace(GOAL, goal="60k", ends_on=date(2026, 12, 31))
    this_year = office.propose(goal=short, form=numbers(working_weeks="5"))
    office.approve(this_year)
    next_year = office.propose(goal=GoalForm("next_year", None, None, "600k"))
    assert office.approve(next_year).from_week == date(2027, 1, 4)
    # A change of this year's plan changes nothing for the next.
    other = office.propose(goal=replace(short, goal="50k"), form=numbers(working_weeks="5"))
    office.approve(other)
    assert office.plan(this_year).state == PlanState.REPLACED  # it had not begun yet
    assert office.plan(next_year).state == PlanState.APPROVED
    assert office.targets(date(2026, 12, 28))["sales"] == Decimal(10_000)
    assert office.targets(date(2027, 1, 4)) == WORKED


def join(office: Office, how_many: int) -> None:
    """More reps in Harbor, each with enough in the log that a team's medians are taken from them."""

    def add(session: Session) -> list[str]:
        users = [f"U1{number:03}" for number in range(how_many)]
        for user in users:
            profile = Profile(user, user, "Europe/London")
            apply_profile(session, workspace_id=office.workspace_id, profile=profile, now=FRIDAY)
            office.enrol(session, user, "Harbor", now=FRIDAY)
        return users

    for user in office.database.write_now(add):
        sell(office, *range(10_000, 10_012), user=user)


def statements_of_approval(office: Office, goal: str) -> list[str]:
    """The statements in which another version is signed, from the next Monday on."""
    office.now += timedelta(minutes=1)
    plan_id = office.propose(goal=replace(GOAL, goal=goal))
    with counted(office.database) as statements:
        office.approve(plan_id)
    return statements


def test_a_larger_team_takes_no_more_statements_to_sign(office: Office) -> None:
    office.signed()
    few = statements_of_approval(office, "610k")
    join(office, 10)
    many = statements_of_approval(office, "620k")
    assert len(many) <= len(few)
    assert not any("opportunity_id" in statement for statement in many)  # nothing is measured


def test_more_versions_and_opened_homes_take_no_more_statements_to_sign(office: Office) -> None:
    after = GoalForm("dates", date(2027, 11, 1), date(2028, 3, 31), "200k")
    next_one = office.signed(goal=after, form=numbers(working_weeks="20"))
    office.signed()
    open_homes(office.database, ("U1", "UC", "UA"), now=FRIDAY)
    few = statements_of_approval(office, "610k")
    for weeks in range(1, 4):
        later = NEXT_MONDAY + weeks * WEEK
        office.approve(office.propose(goal=replace(GOAL, goal=f"62{weeks}k")), from_week=later)
    open_homes(office.database, ("UD", "UN"), now=FRIDAY)
    replaced = office.count_plans(PlanState.REPLACED)
    many = statements_of_approval(office, "630k")
    assert office.count_plans(PlanState.REPLACED) == replaced + 4
    assert len(many) <= len(few)
    assert office.plan(next_one).state == PlanState.APPROVED
