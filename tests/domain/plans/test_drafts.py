"""A rep writes a plan in three steps, and nothing gets lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.domain.plans import drafts as plan_drafts
from bot.domain.plans import overview as plans
from bot.domain.shown.plans import GoalForm
from bot.domain.tables import Plan, PlanState
from bot.rules.periods import Period, Span
from bot.rules.ratios import Provenance
from tests.domain.planning import GOAL, NEXT_MONDAY, Office, numbers


def test_the_worked_example_gives_22_conversations_and_9_base_moves(office: Office) -> None:
    first = office.do(plan_drafts.goal_step, "U1")
    assert (first.plan_id, first.goal, first.period) == (None, None, Period.THIS_YEAR)
    assert list(first.periods) == list(Period)[:4]

    second = office.draft()
    assert (second.goal, second.first_week) == (Decimal(600_000), NEXT_MONDAY)
    assert [r.provenance for r in second.ratios] == [Provenance.ASSUMED] * 4
    assert (second.average_sale.value, second.average_sale.provenance) == (None, Provenance.ASSUMED)
    assert second.working_weeks == Decimal(49)

    plan = office.numbers(second.plan_id).shown.plan
    assert (plan.weekly.conversations, plan.weekly.base_moves) == (22, 9)
    assert plan.weekly.sales == Decimal(13_044)  # 600,000 in 46 weeks, rounded up
    assert plan.chain.conversations == 1000

    office.do(plan_drafts.propose, "U1", plan_id=second.plan_id, pairs={})
    shown = office.do(plans.version, "U1", plan_id=second.plan_id)
    assert (shown.version, shown.state, shown.plan) == (1, PlanState.PROPOSED, plan)
    assert office.desired_versions("plan") == {second.plan_id: 1}


def test_a_draft_waits_for_its_rep_and_there_is_one(office: Office) -> None:
    plan_id = office.draft().plan_id
    assert office.draft(goal=replace(GOAL, goal="700k")).plan_id == plan_id
    step = office.do(plan_drafts.goal_step, "U1")
    assert (step.plan_id, step.goal, step.period) == (plan_id, Decimal(700_000), Period.DATES)
    assert step.dates == Span(NEXT_MONDAY, date(2027, 10, 31))
    chosen = office.do(plan_drafts.period_chosen, "U1", period="next_quarter")
    assert (chosen.period, chosen.dates, chosen.goal) == (Period.NEXT_QUARTER, None, step.goal)

    refused = office.refused(plan_drafts.review_step, "U1", plan_id=plan_id)
    assert refused == "This plan has no numbers yet: go through its second step first."
    assert refused == office.refused(plan_drafts.propose, "U1", plan_id=plan_id, pairs={})
    office.numbers(plan_id)
    # Other dates: what was typed of the old ones is forgotten, the ratios are not.
    other = office.draft(goal=GoalForm("next_quarter", None, None, "700k"))
    assert (other.plan_id, other.working_weeks) == (plan_id, Decimal("12.6"))
    assert other.ratios[0].percent == Decimal(20)

    assert office.do(plans.overview, "U1").draft_id == plan_id
    assert office.do(plans.overview, "UC", slack_user_id="U1").draft_id is None
    office.do(plan_drafts.discard, "U1", plan_id=plan_id)
    office.do(plan_drafts.discard, "U1", plan_id=plan_id)
    assert office.count(Plan) == 0


def test_sending_twice_makes_one_version_and_a_new_one_replaces_what_waits(office: Office) -> None:
    first = office.propose()
    shown = office.do(plan_drafts.propose, "U1", plan_id=first, pairs={})
    assert (shown.version, office.desired_versions("plan")) == (1, {first: 1})

    second = office.propose(goal=replace(GOAL, goal="550k"))
    assert office.plan(second).version == 2
    replaced = office.do(plans.version, "U1", plan_id=first)
    assert (replaced.state, replaced.replaced_by) == (PlanState.REPLACED, 2)
    assert office.desired_versions("plan") == {first: 2, second: 1}
    sent = office.refused(plan_drafts.save_numbers, "U1", plan_id=second, form=numbers())
    assert sent == "This plan was sent already. Change it with /plan."


def test_a_draft_is_nobody_elses(office: Office) -> None:
    plan_id = office.propose()
    draft = office.draft(goal=replace(GOAL, goal="900k")).plan_id
    own = "This is somebody else’s plan. Open yours with /plan."
    for use_case, arguments in (
        (plan_drafts.numbers_step, {}),
        (plan_drafts.save_numbers, {"form": numbers()}),
        (plan_drafts.review_step, {}),
        (plan_drafts.propose, {"pairs": {}}),
        (plan_drafts.discard, {}),
    ):
        assert office.refused(use_case, "U2", plan_id=draft, **arguments) == own
        coach = office.refused(use_case, "UC", plan_id=draft, **arguments)
        assert coach.startswith("You are not in a sales team yet.")
    assert office.refused(plans.version, "UC", plan_id=draft) == (
        "Only a rep and their coaches see the rep’s plan. Open yours with /plan."
    )
    assert office.do(plans.version, "UC", plan_id=plan_id).version == 1
