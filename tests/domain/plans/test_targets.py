"""What a signed plan does to the rep's targets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from bot.domain.metrics import targets
from bot.domain.plans import drafts as plan_drafts
from bot.domain.refusals import Refusal
from bot.domain.shown.plans import OtherGoalForm
from bot.domain.shown.setup import NEXT_WEEK, THIS_WEEK, amount_field
from bot.domain.tables import Member
from tests.domain.planning import GOAL, NEXT_MONDAY, TUESDAY, Office, numbers
from tests.domain.plans.steps import THIS_MONDAY, WORKED, metric_id_of, own_metric, set_by_coach


def test_a_signed_goal_of_a_metric_sets_its_target_for_its_own_weeks(office: Office) -> None:
    demos, visits = own_metric(office), own_metric(office, "Visits")
    five = OtherGoalForm("metric", "", amount="5", metric_id=demos)
    until = OtherGoalForm(
        "metric",
        "",
        amount="3",
        metric_id=visits,
        begins_on=date(2026, 12, 9),
        ends_on=date(2026, 12, 16),
    )
    built_in = OtherGoalForm(
        "metric", "", amount="99", metric_id=metric_id_of(office, "conversations")
    )
    office.approve(office.propose(others=(five, until, built_in)))
    asked = {
        week: {k: v for k, v in office.targets(week).items() if k in {"demos", "visits"}}
        for week in (NEXT_MONDAY, date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 21))
    }
    assert list(asked.values()) == [
        {"demos": 5},
        {"demos": 5, "visits": 3},
        {"demos": 5, "visits": 3},
        {"demos": 5},
    ]
    assert office.targets(NEXT_MONDAY)["conversations"] == Decimal(22)  # what the plan computes

    # The next version has no such goal any more: what the first one set ends with it.
    office.now = TUESDAY
    draft = office.draft(goal=replace(GOAL, goal="500k")).plan_id

    def drop(session: Session) -> None:
        for goal in plan_drafts.goals_of(session, draft):
            session.delete(goal)

    office.database.write_now(drop)
    office.numbers(draft)
    office.do(plan_drafts.propose, "U1", plan_id=draft, pairs={})
    office.approve(draft)
    assert office.targets(NEXT_MONDAY)["demos"] == Decimal(5)
    assert "demos" not in office.targets(date(2026, 11, 30))


def test_targets_that_a_rep_without_a_plan_has_stay_the_coachs(office: Office) -> None:
    plan_id = office.draft().plan_id
    office.numbers(plan_id, form=numbers())
    assert office.targets(NEXT_MONDAY) == {}

    def count(session: Session) -> int:
        priya = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
        return len(targets.in_force(session, [priya.id], NEXT_MONDAY))

    assert office.database.write_now(count) == 0


def test_a_signed_plan_sets_its_three_targets_whatever_the_coach_types(office: Office) -> None:
    office.signed()
    same = {"conversations": "22", "base_moves": "9", "sales": "13,044"}
    assert set_by_coach(office, NEXT_WEEK, **same) is False
    with pytest.raises(Refusal) as refused:
        set_by_coach(office, NEXT_WEEK, **{**same, "conversations": "5"})
    assert refused.value.sentence == (
        "Priya’s signed plan sets this target: leave it as it is here, "
        "or suggest other numbers with /plan @Priya."
    )
    assert (refused.value.field or "").startswith(amount_field(0).removesuffix("0"))
    # This week is not the plan's yet, and what is set for it ends where the plan begins.
    assert set_by_coach(office, THIS_WEEK, conversations="5") is True
    assert office.targets(THIS_MONDAY) == {"conversations": Decimal(5)}
    assert office.targets(NEXT_MONDAY) == WORKED
