"""Which signed version counts for a week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlmodel import Session, select

from bot.domain.plans import in_force as signed_plans
from bot.domain.tables import Member, Plan
from tests.domain.planning import GOAL, NEXT_MONDAY, TUESDAY, Office


def test_the_plan_in_force_is_the_one_that_counts_in_a_week(office: Office) -> None:
    first = office.signed(goal=replace(GOAL, ends_on=date(2027, 10, 31)))
    office.now = TUESDAY
    second = office.signed(goal=replace(GOAL, goal="300k"))

    def counted(session: Session) -> list[int | None]:
        priya = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
        weeks = [date(2026, 11, 16), NEXT_MONDAY, date(2026, 11, 30), date(2027, 11, 1)]
        found = [signed_plans.in_force(session, priya.id, week) for week in weeks]
        return [plan.id if plan else None for plan in found]

    assert office.database.write_now(counted) == [None, first, second, None]


def test_a_plan_that_begins_on_a_day_does_not_begin_after_it() -> None:
    weeks = (None, date(2026, 11, 23), date(2026, 11, 30))
    unsigned, first, second = (Plan(from_week=week) for week in weeks)
    signed = [unsigned, first, second]
    for day, found in ((date(2026, 11, 22), [first, second]), (date(2026, 11, 23), [second])):
        assert signed_plans.beginning_after(signed, day) == found
