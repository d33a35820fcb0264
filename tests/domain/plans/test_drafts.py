"""A rep writes a plan in three steps; what can't be read is said under its field, and nothing gets lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from bot.domain.plans import drafts as plan_drafts
from bot.domain.plans import overview as plans
from bot.domain.shown.plans import BEGINS_ON, ENDS_ON, PERIOD, GoalForm, OtherGoalForm
from bot.domain.tables import Conversation, Member, Opportunity, Plan, PlanOrigin, PlanState
from bot.rules import plan as rules
from bot.rules.periods import Period, Span
from bot.rules.ratios import Provenance, Step
from tests.domain.planning import GOAL, NEXT_MONDAY, Office, numbers


def sell(office: Office, *amounts: int, user: str = "U1", on: date = date(2026, 11, 2)) -> None:
    """Sales in the log, each with four conversations that began a day before; old enough to count."""

    def log(session: Session) -> None:
        member = session.exec(select(Member).where(Member.slack_user_id == user)).one()
        for number, amount in enumerate(amounts):
            deal = Opportunity(
                workspace_id=member.workspace_id,
                member_id=member.id,
                company=f"Company {on} {number}",
                company_key=f"company {on} {number}",
                base=4,
                status="won",
                created_at=office.now,
            )
            session.add(deal)
            session.flush()
            session.add(
                Conversation(
                    workspace_id=member.workspace_id,
                    member_id=member.id,
                    opportunity_id=deal.id,
                    held_on=on,
                    week=on - timedelta(days=on.weekday()),
                    base=4,
                    outcome="won",
                    amount=Decimal(amount),
                    moves=4,
                    request_key=f"{user} {on} {number}",
                    logged_at=office.now,
                )
            )

    office.database.write_now(log)


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

    shown = office.do(plan_drafts.propose, "U1", plan_id=second.plan_id, pairs={})
    assert (shown.version, shown.state, shown.plan) == (1, PlanState.PROPOSED, plan)
    assert office.desired_versions("plan") == {second.plan_id: 1}


def test_the_history_is_filled_in_and_labelled_and_may_be_overruled(office: Office) -> None:
    sell(office, *[10_000] * 4, on=date(2026, 2, 2))
    sell(office, 20_000)
    year = replace(GOAL, period="this_year", begins_on=None, ends_on=None, goal="80,000")
    step = office.draft(goal=year)
    assert (step.closed.value, step.closed.provenance) == (Decimal(60_000), Provenance.MEASURED)
    assert (step.average_sale.value, step.average_sale.sales) == (Decimal(12_000), 5)
    assert step.average_sale.provenance is Provenance.THIN
    assert step.average_sale.since == date(2026, 2, 2)
    first = step.ratios[0]
    assert (first.hits, first.provenance) == (5, Provenance.THIN)

    typed = numbers(closed="61,000", average_sale="12,000", working_weeks="6")
    shown = office.numbers(step.plan_id, form=typed).shown
    assert (shown.closed.value, shown.closed.logged) == (Decimal(61_000), Decimal(60_000))
    assert shown.closed.provenance is Provenance.OVERRULED
    assert shown.average_sale.provenance is Provenance.THIN
    assert shown.ratios[0].provenance is Provenance.OVERRULED
    assert (shown.ratios[0].percent, shown.ratios[0].hits) == (Decimal(20), 5)

    # Opened again after another sale, what was overruled stays and the rest is measured again.
    sell(office, 18_000, on=date(2026, 11, 19))
    again = office.do(plan_drafts.numbers_step, "U1", plan_id=step.plan_id)
    assert (again.closed.value, again.closed.logged) == (Decimal(61_000), Decimal(78_000))
    assert (again.average_sale.value, again.average_sale.sales) == (Decimal(13_000), 6)
    assert again.ratios[0].percent == Decimal(20)


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


def test_bad_input_in_the_second_step_is_answered_under_its_field(office: Office) -> None:
    plan_id = office.draft().plan_id
    number = "is not a number: type it in digits, like"
    cases: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({"closed": ""}, {rules.CLOSED: "Type a number, like $12,500."}),
        (
            {"closed": "-5"},
            {rules.CLOSED: "It can't be below zero: type 0 or more instead of “-5”."},
        ),
        (
            {"closed": "600,000"},
            {
                rules.CLOSED: "This goal is reached already: what is closed is as much. "
                "Type a higher goal."
            },
        ),
        ({"average_sale": "much"}, {rules.AVERAGE_SALE: f"“much” {number} $12,500."}),
        (
            {"average_sale": "0"},
            {rules.AVERAGE_SALE: "An average sale is above 0: type what one sale brings."},
        ),
        (
            {"working_weeks": "0"},
            {
                rules.WORKING_WEEKS: "A plan needs working weeks: "
                "type how many you will work until its end."
            },
        ),
        (
            {"working_weeks": "60"},
            {rules.WORKING_WEEKS: "Only 49 weeks are left until the end: type up to 49."},
        ),
        (
            {"working_weeks": "4.55"},
            {rules.WORKING_WEEKS: "“4.55” has more than one decimal: type it rounded, like 3.5."},
        ),
        (
            {"ratios": {"first": "0 %", "second": "101", "third": "half", "home": "45.55"}},
            {
                rules.RATIO
                + "first": "With 0 % nothing would ever get there: type a percentage above 0.",
                rules.RATIO
                + "second": "More than 100 % can't get on: type a percentage up to 100.",
                rules.RATIO + "third": f"“half” {number} 3.5.",
                rules.RATIO
                + "home": "“45.55” has more than one decimal: type it rounded, like 3.5.",
            },
        ),
        (
            {"ratios": {"first": "0.1", "second": "0.1"}, "average_sale": "1"},
            {
                rules.CLOSED: "These numbers would take 43,478,260,870 conversations a week: "
                "check the goal, the average sale and the ratios."
            },
        ),
    ]
    for changes, sentences in cases:
        form = numbers(**changes)
        said = office.problems(plan_drafts.save_numbers, "U1", plan_id=plan_id, form=form)
        assert said == sentences
    assert office.plan(plan_id).conversations is None


def test_numbers_are_read_in_the_reps_locale(office: Office) -> None:
    def germans(session: Session) -> None:
        session.exec(select(Member).where(Member.slack_user_id == "U1")).one().locale = "de_DE"

    office.database.write_now(germans)
    plan_id = office.draft(goal=replace(GOAL, goal="600.000")).plan_id
    typed = numbers(average_sale="20.000,00", ratios={"first": "20,5 %"}, working_weeks="45,5")
    shown = office.numbers(plan_id, form=typed).shown
    assert (shown.goal, shown.average_sale.value) == (Decimal(600_000), Decimal(20_000))
    assert shown.ratios[0].percent == Decimal("20.5")
    assert shown.working_weeks == Decimal("45.5")


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


def test_a_draft_that_lay_until_its_period_was_over_says_so(office: Office) -> None:
    plan_id = office.draft(goal=replace(GOAL, ends_on=date(2026, 11, 29))).plan_id
    office.numbers(plan_id, form=numbers(working_weeks="1"))
    office.now += timedelta(days=10)
    said = "This period is over: choose one that ends after today. Go back to the first step for that, with /plan."
    assert office.refused(plan_drafts.propose, "U1", plan_id=plan_id, pairs={}) == said
    assert office.refused(plan_drafts.numbers_step, "U1", plan_id=plan_id) == said
    step = office.do(plan_drafts.goal_step, "U1")
    assert step.dates == Span(date(2026, 11, 30), date(2026, 12, 6))


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
