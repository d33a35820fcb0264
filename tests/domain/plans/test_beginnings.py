"""Where a draft begins: with its first step, from the version before it, or afresh."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from bot.domain.plans import drafts as plan_drafts
from bot.domain.shown.plans import BEGINS_ON, ENDS_ON, PERIOD, GoalForm, OtherGoalForm
from bot.domain.tables import Plan, PlanOrigin
from bot.rules import plan as rules
from bot.rules.periods import Period, Span
from bot.rules.ratios import Provenance, Step
from tests.domain.planning import GOAL, Office, numbers
from tests.domain.plans.steps import sell


def test_bad_input_in_the_first_step_is_answered_under_its_field(office: Office) -> None:
    sell(office, 70_000)
    year = GoalForm("this_year", None, None, "100k")
    cases: list[tuple[GoalForm, dict[str, str]]] = [
        (replace(year, goal=""), {rules.GOAL: "Type a number, like $12,500."}),
        (
            replace(year, goal="a lot"),
            {rules.GOAL: "“a lot” is not a number: type it in digits, like $12,500."},
        ),
        (
            replace(year, goal="0"),
            {rules.GOAL: "The goal is to sell something: type an amount above 0."},
        ),
        (
            replace(year, goal="€5000"),
            {rules.GOAL: "“€” is not the team's currency: type the amount in USD, like $12,500."},
        ),
        (
            replace(year, goal="70k"),
            {
                rules.GOAL: "This goal is reached already: what is closed since the period began "
                "is as much. Type a higher goal."
            },
        ),
        (replace(year, period="soon"), {PERIOD: "Choose a period."}),
        (
            GoalForm("dates", None, None, "x"),
            {
                BEGINS_ON: "Choose the first day.",
                ENDS_ON: "Choose the last day.",
                rules.GOAL: "“x” is not a number: type it in digits, like $12,500.",
            },
        ),
        (
            GoalForm("dates", date(2026, 1, 1), date(2026, 11, 1), "100k"),
            {ENDS_ON: "This period is over: choose one that ends after today."},
        ),
        (
            GoalForm("dates", date(2027, 2, 1), date(2027, 1, 1), "100k"),
            {ENDS_ON: "The end is before the beginning: choose a later end."},
        ),
        (
            GoalForm("dates", date(2026, 11, 20), date(2026, 11, 22), "100k"),
            {ENDS_ON: "No Monday is left in this period: choose a later end."},
        ),
        (
            GoalForm("dates", date(2026, 11, 20), date(2036, 11, 22), "100k"),
            {ENDS_ON: "That is too long to plan: choose up to three years."},
        ),
    ]
    for form, sentences in cases:
        assert office.problems(plan_drafts.save_goal, "U1", form=form) == sentences
    assert office.count(Plan) == 0


def test_a_draft_that_lay_until_its_period_was_over_says_so(office: Office) -> None:
    plan_id = office.draft(goal=replace(GOAL, ends_on=date(2026, 11, 29))).plan_id
    office.numbers(plan_id, form=numbers(working_weeks="1"))
    office.now += timedelta(days=10)
    said = "This period is over: choose one that ends after today. Go back to the first step for that, with /plan."
    assert office.refused(plan_drafts.propose, "U1", plan_id=plan_id, pairs={}) == said
    assert office.refused(plan_drafts.numbers_step, "U1", plan_id=plan_id) == said
    step = office.do(plan_drafts.goal_step, "U1")
    assert step.dates == Span(date(2026, 11, 30), date(2026, 12, 6))


def test_a_fresh_start_moves_the_dates_on_and_measures_again(office: Office) -> None:
    nothing = office.refused(plan_drafts.goal_step, "U1", fresh=True)
    assert nothing == "There is no plan to start from yet: write your first one with /plan."
    leave = OtherGoalForm("leave", "Skiing", begins_on=date(2027, 2, 8), ends_on=date(2027, 2, 12))
    run = OtherGoalForm("personal", "Run", amount="500", unit="km")
    quarter = GoalForm("next_quarter", None, None, "150k")
    old = office.propose(goal=quarter, form=numbers(working_weeks="10"), others=(leave, run))
    office.approve(old)

    office.now = datetime(2027, 3, 30, 9, 0, tzinfo=UTC)
    sell(office, *[25_000] * 3, on=date(2027, 1, 12))
    step = office.do(plan_drafts.goal_step, "U1", fresh=True)
    assert (step.period, step.goal) == (Period.NEXT_QUARTER, Decimal(150_000))
    again = office.do(plan_drafts.goal_step, "U1", fresh=True)
    assert again == step
    assert step.plan_id is not None
    draft = office.plan(step.plan_id)
    assert (draft.origin, draft.based_on) == (PlanOrigin.FRESH_START, old)
    assert (draft.begins_on, draft.ends_on) == (date(2027, 4, 1), date(2027, 6, 30))

    form = GoalForm("next_quarter", None, None, "160k")
    numbers_of = office.draft(goal=form)
    assert numbers_of.average_sale.value == Decimal(25_000)
    assert [r.provenance for r in numbers_of.ratios] == [Provenance.THIN] * 4
    assert {r.step: r.hits for r in numbers_of.ratios} == dict.fromkeys(Step, 3)
    assert numbers_of.working_weeks == Decimal("12.6")
    review = office.numbers(step.plan_id, form=numbers(average_sale="25,000", working_weeks="12"))
    assert [goal.words for goal in review.shown.goals] == ["Run"]
    assert review.pairs == ()  # the pair was asked about before: the goal has kept its key
    assert office.do(plan_drafts.propose, "U1", plan_id=step.plan_id, pairs={}).version == 2


def test_a_fresh_start_leaves_a_half_written_plan_alone(office: Office) -> None:
    office.signed()
    office.draft(goal=replace(GOAL, goal="900k"))
    said = office.refused(plan_drafts.goal_step, "U1", fresh=True)
    assert said == "A plan lies half written: go on with it, or throw it away first."


def test_the_next_year_changed_in_february_is_this_year(office: Office) -> None:
    office.signed(goal=GoalForm("next_year", None, None, "600k"), form=numbers())
    office.now = datetime(2027, 2, 10, 9, 0, tzinfo=UTC)
    step = office.do(plan_drafts.goal_step, "U1")
    assert (step.period, step.dates) == (Period.THIS_YEAR, None)
    # Saved as it is filled in, it keeps its days, and what was typed for them.
    again = office.draft(goal=GoalForm(step.period, None, None, "600k"))
    assert again.span == Span(date(2027, 1, 1), date(2027, 12, 31))
    assert office.plan(again.plan_id).period == Period.THIS_YEAR


def test_on_the_first_of_december_a_first_plan_is_proposed_for_the_next_year(
    office: Office,
) -> None:
    office.now = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    assert office.do(plan_drafts.goal_step, "U1").period is Period.NEXT_YEAR
