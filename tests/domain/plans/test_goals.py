"""The goals beside the sales goal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.domain.plans import drafts as plan_drafts
from bot.domain.plans import goals as plan_goals
from bot.domain.shown.plans import (
    AMOUNT,
    COMMISSION,
    FIRST_DAY,
    HOURS,
    LAST_DAY,
    METRIC,
    UNIT,
    WORDS,
    OtherGoalForm,
)
from bot.domain.tables import Goal
from bot.rules.conflicts import Kind
from tests.domain.planning import GOAL, Office, numbers
from tests.domain.plans.steps import INCOME, LEAVE, RUN, own_metric


def test_goals_of_every_kind_stand_beside_the_sales_goal(office: Office) -> None:
    demos = own_metric(office)
    plan_id = office.draft().plan_id
    office.numbers(plan_id)
    step = office.do(plan_goals.other_goal_step, "U1", plan_id=plan_id, kind="metric")
    assert [name for _, name, _ in step.metrics] == [
        "Conversations",
        "Base moves",
        "Sales",
        "Demos",
    ]
    for form in (INCOME, RUN, LEAVE, OtherGoalForm("metric", "", amount="5", metric_id=demos)):
        review = office.goal(plan_id, form)
    income, run, leave, metric = review.shown.goals
    assert (income.words, income.amount, income.unit) == ("Income", Decimal(60_000), "money")
    assert income.commission == Decimal(10)
    assert (run.amount, run.unit, run.hours) == (Decimal(500), "km", Decimal("3.5"))
    assert (leave.words, leave.begins_on, leave.ends_on) == (
        "Skiing",
        date(2027, 2, 8),
        date(2027, 2, 19),
    )
    assert (metric.words, metric.metric, metric.amount) == ("Demos", "Demos", Decimal(5))


def test_leave_shortens_the_weeks_that_the_calendar_gives_and_raises_what_a_week_asks(
    office: Office,
) -> None:
    plan_id = office.draft().plan_id
    before = office.numbers(plan_id, form=numbers(working_weeks="49")).shown
    after = office.goal(plan_id, LEAVE).shown
    assert (before.working_weeks, after.working_weeks) == (Decimal(49), Decimal(47))
    assert after.plan.weekly.sales > before.plan.weekly.sales
    assert office.do(plan_drafts.numbers_step, "U1", plan_id=plan_id).days_away == 10
    assert after.conflicts == ()

    # Who insists on more weeks than that plans to work through the leave.
    insists = office.numbers(plan_id, form=numbers(working_weeks="49")).shown
    assert [conflict.kind for conflict in insists.conflicts] == [Kind.LEAVE]
    gone = office.do(plan_goals.remove_other_goal, "U1", goal_id=insists.goals[0].goal_id)
    assert (gone.shown.goals, gone.shown.conflicts) == ((), ())
    assert gone.shown.plan == before.plan


def test_leave_that_leaves_no_week_is_refused(office: Office) -> None:
    plan_id = office.draft(goal=replace(GOAL, ends_on=date(2026, 11, 29))).plan_id
    office.numbers(plan_id, form=numbers(working_weeks="1"))
    away = replace(LEAVE, begins_on=date(2026, 11, 20), ends_on=date(2026, 12, 10))
    said = office.problems(
        plan_goals.save_other_goal, "U1", plan_id=plan_id, goal_id=None, form=away
    )
    assert said == {LAST_DAY: "No working week is left: choose a later end, or less leave."}
    assert office.count(Goal) == 0


def test_a_goal_is_changed_and_removed_and_never_added_twice(office: Office) -> None:
    plan_id = office.draft().plan_id
    office.numbers(plan_id)
    (goal,) = office.goal(plan_id, RUN).shown.goals
    assert office.goal(plan_id, RUN).shown.goals == (goal,)
    step = office.do(
        plan_goals.other_goal_step, "U1", plan_id=plan_id, kind="income", goal_id=goal.goal_id
    )
    assert (step.goal, step.kind) == (goal, "personal")
    changed = office.do(
        plan_goals.save_other_goal,
        "U1",
        plan_id=plan_id,
        goal_id=goal.goal_id,
        form=replace(RUN, amount="600"),
    )
    (after,) = changed.shown.goals
    assert (after.goal_id, after.key, after.amount) == (goal.goal_id, goal.key, Decimal(600))

    office.do(plan_goals.remove_other_goal, "U1", goal_id=goal.goal_id)
    gone = "This goal is gone already. Go on with your plan with /plan."
    assert office.refused(plan_goals.remove_other_goal, "U1", goal_id=goal.goal_id) == gone
    said = office.refused(
        plan_goals.save_other_goal, "U1", plan_id=plan_id, goal_id=goal.goal_id, form=RUN
    )
    assert said == gone


def test_bad_input_is_answered_under_its_field(office: Office) -> None:
    metric, other_teams = own_metric(office), own_metric(office, "Visits", team="Quay")
    plan_id = office.draft().plan_id
    office.numbers(plan_id)
    number = "is not a number: type it in digits, like"
    demos = OtherGoalForm("metric", "", amount="5", metric_id=metric)
    within = (
        "The plan goes from Monday 23 November to Sunday 31 October 2027: choose days within it."
    )
    cases: list[tuple[OtherGoalForm, dict[str, str]]] = [
        (
            replace(INCOME, amount="", commission="x"),
            {AMOUNT: "Type a number, like $12,500.", COMMISSION: f"“x” {number} 3.5."},
        ),
        (
            replace(INCOME, amount="0", commission="101 %"),
            {
                AMOUNT: "A goal of 0 asks for nothing: type a number above 0.",
                COMMISSION: "More than 100 % can't get on: type a percentage up to 100.",
            },
        ),
        (
            replace(RUN, words=" ", amount="far", hours="200"),
            {
                WORDS: "Say in a few words what you want to reach.",
                AMOUNT: f"“far” {number} 3.5.",
                HOURS: "A week has 168 hours: type fewer.",
            },
        ),
        (
            replace(RUN, words="x" * 201, amount="", hours="-1"),
            {
                WORDS: "Say it shorter: 200 characters at the most.",
                AMOUNT: "Type how many km, or leave the unit empty as well.",
                HOURS: "It can't be below zero: type 0 or more instead of “-1”.",
            },
        ),
        (replace(RUN, unit="u" * 31), {UNIT: "Say it shorter: 30 characters at the most."}),
        (replace(demos, metric_id=None), {METRIC: "Choose what is to be counted."}),
        (
            replace(demos, metric_id=other_teams),
            {METRIC: "This metric is not there any more: choose another one."},
        ),
        (
            replace(demos, amount="2.5"),
            {AMOUNT: "“2.5” is not a whole number: type one without decimals, like 17."},
        ),
        (
            OtherGoalForm("leave", ""),
            {
                FIRST_DAY: "Choose the first day of the leave.",
                LAST_DAY: "Choose the last day of the leave.",
            },
        ),
        (
            replace(LEAVE, ends_on=date(2027, 2, 7)),
            {LAST_DAY: "The last day is before the first: choose a later one."},
        ),
        (
            replace(LEAVE, begins_on=date(2026, 1, 1), ends_on=date(2026, 1, 9)),
            {LAST_DAY: "That is over: choose a day to come."},
        ),
        (
            replace(LEAVE, begins_on=date(2028, 1, 3), ends_on=date(2028, 1, 9)),
            {FIRST_DAY: within},
        ),
    ]
    for form, sentences in cases:
        arguments = {"plan_id": plan_id, "goal_id": None, "form": form}
        assert office.problems(plan_goals.save_other_goal, "U1", **arguments) == sentences
    kind = office.refused(plan_goals.other_goal_step, "U1", plan_id=plan_id, kind="world peace")
    assert kind == "Choose what the goal is about."
    assert office.count(Goal) == 0


def test_a_plan_holds_ten_goals(office: Office) -> None:
    plan_id = office.draft().plan_id
    office.numbers(plan_id)
    for number in range(10):
        office.goal(plan_id, replace(RUN, words=f"Run {number}"))
    said = office.refused(plan_goals.save_other_goal, "U1", plan_id=plan_id, goal_id=None, form=RUN)
    assert said == "A plan holds up to 10 goals beside the sales goal: remove one first."
