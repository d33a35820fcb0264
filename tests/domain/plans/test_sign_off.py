"""Rep and coach decide about a version: what happens, who may, and the words for what can't be decided."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.checkins import scheduling
from bot.domain.plans import drafts as plan_drafts
from bot.domain.plans import overview as plans
from bot.domain.plans import sign_off as plan_sign_off
from bot.domain.refusals import Refusal
from bot.domain.setup import targets as target_setting
from bot.domain.shown.plans import GoalForm, SuggestForm
from bot.domain.shown.setup import NEXT_WEEK, THIS_WEEK, amount_field
from bot.domain.tables import Answer, CheckIn, Member, Metric, Plan, PlanState
from bot.rules import plan as rules
from tests.domain.planning import (
    GOAL,
    NEXT_MONDAY,
    SUGGESTION,
    TUESDAY,
    Office,
    numbers,
)
from tests.patience import PATIENCE

THIS_MONDAY = date(2026, 11, 16)
WORKED = {"conversations": Decimal(22), "base_moves": Decimal(9), "sales": Decimal(13_044)}


def set_by_coach(office: Office, week: str = THIS_WEEK, by: str = "UC", **amounts: str) -> bool:
    """Dana's targets for Priya, as typed into /coach targets."""

    def ids(session: Session) -> tuple[int, dict[str, int]]:
        member = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
        return member.id, {m.key: m.id for m in session.exec(select(Metric))}

    member_id, by_key = office.database.write_now(ids)
    texts = {by_key[key]: text for key, text in amounts.items()}
    return office.do(
        target_setting.set_targets, by, member_id=member_id, texts=texts, from_week=week
    ).changed


def test_propose_suggest_accept_approve_and_last_week_stays_as_it_was(office: Office) -> None:
    set_by_coach(office, conversations="10", base_moves="4", sales="5,000")
    mine = office.propose()
    shown = office.do(plans.version, "UC", plan_id=mine)
    assert shown.targets_now == {"conversations": 10, "base_moves": 4, "sales": 5_000}
    assert shown.next_week == NEXT_MONDAY

    hers = office.suggest(mine)
    assert office.plan(mine).state == PlanState.REPLACED
    suggested = office.do(plans.version, "U1", plan_id=hers)
    assert (suggested.version, suggested.state, suggested.origin) == (2, "suggested", "coach")
    assert (suggested.goal, suggested.reason) == (Decimal(500_000), SUGGESTION.reason)
    assert suggested.plan.weekly.conversations == 19
    assert suggested.coach_agreed_by == "UC"
    assert (office.desired_versions("plan"), office.desired_versions("plan_reply")) == (
        {mine: 2},
        {hers: 1},
    )

    accepted = office.do(plan_sign_off.accept, "U1", plan_id=hers)
    assert (accepted.state, accepted.version) == (PlanState.PROPOSED, 2)
    assert accepted.rep_agreed_at is not None
    assert office.desired_versions("plan")[hers] >= 1

    # The check-in about the week before is out by then.
    office.now = TUESDAY - timedelta(days=1)
    office.database.write_now(scheduling.schedule_due, now=office.now)
    office.now = TUESDAY
    approved = office.approve(hers)
    assert (approved.state, approved.from_week) == (PlanState.APPROVED, date(2026, 11, 30))
    assert approved.targets_now == {"conversations": 10, "base_moves": 4, "sales": 5_000}
    assert office.targets(NEXT_MONDAY)["conversations"] == Decimal(10)
    assert office.targets(date(2026, 11, 30)) == {
        "conversations": Decimal(19),
        "base_moves": Decimal(7),
        "sales": Decimal(10_870),
    }

    def asked(session: Session) -> list[tuple[date, Decimal]]:
        rows = session.exec(
            select(CheckIn.week, Answer.target)
            .join(Answer)
            .join(Metric)
            .where(Metric.key == "conversations")
            .order_by(CheckIn.week)
        )
        return [(week, target) for week, target in rows]

    assert office.database.write_now(asked) == [(THIS_MONDAY, Decimal(10))]
    for days in (6, 13):
        office.database.write_now(scheduling.schedule_due, now=TUESDAY + timedelta(days=days))
    assert office.database.write_now(asked) == [
        (THIS_MONDAY, Decimal(10)),
        (NEXT_MONDAY, Decimal(10)),
        (date(2026, 11, 30), Decimal(19)),
    ]


def test_a_plan_can_count_from_a_later_week(office: Office) -> None:
    plan_id = office.propose()
    weeks = office.do(plan_sign_off.approval, "UD", plan_id=plan_id).weeks
    assert weeks[:2] == (NEXT_MONDAY, date(2026, 11, 30))
    for wrong in (date(2026, 11, 16), date(2026, 12, 1), date(2028, 1, 3)):
        said = office.refused(plan_sign_off.approve, "UD", plan_id=plan_id, from_week=wrong)
        assert said == "Choose a Monday from Monday 23 November on and before the plan ends."
    office.approve(plan_id, "UD", from_week=date(2026, 12, 7))
    assert office.targets(date(2026, 11, 30)) == {}
    assert office.targets(date(2026, 12, 7)) == WORKED


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


def test_no_monday_left_is_said(office: Office) -> None:
    short = replace(GOAL, ends_on=date(2026, 12, 6))
    plan_id = office.propose(goal=short, form=numbers(working_weeks="2"))
    office.now += timedelta(days=14)
    said = office.refused(plan_sign_off.approve, "UC", plan_id=plan_id)
    assert said == (
        "No Monday is left in this plan’s period: send it back, so that Priya writes one for the next."
    )
    assert office.targets(date(2026, 12, 7)) == {}


def test_a_plan_is_sent_back_with_a_reason(office: Office) -> None:
    plan_id = office.propose()
    arguments = {"plan_id": plan_id}
    assert office.do(plan_sign_off.send_back_form, "UC", **arguments).version == 1
    for reason, sentence in (
        (" ", "Say in a few words what should be different."),
        ("x" * 1001, "The reason has 1001 characters. Shorten it to 1000."),
    ):
        said = office.refused(plan_sign_off.send_back, "UC", **arguments, reason=reason)
        assert said == sentence
    shown = office.do(plan_sign_off.send_back, "UC", **arguments, reason=" Too high. ")
    assert (shown.state, shown.reason, shown.decided_by) == ("sent_back", "Too high.", "UC")
    wanted = office.desired_versions("plan_reply"), office.desired_versions("plan")
    office.do(plan_sign_off.send_back, "UC", **arguments, reason="Too high.")
    assert (office.desired_versions("plan_reply"), office.desired_versions("plan")) == wanted
    assert office.do(plans.overview, "U1").sent_back == replace(
        shown, reader=office.do(plans.version, "U1", **arguments).reader
    )
    assert office.targets(NEXT_MONDAY) == {}


def test_a_rep_declines_and_writes_on_from_their_own_numbers(office: Office) -> None:
    mine = office.propose()
    hers = office.suggest(mine)
    shown = office.do(plan_sign_off.decline, "U1", plan_id=hers, reason="Too low.")
    assert (shown.state, shown.reason, shown.decided_by) == ("declined", "Too low.", "U1")
    assert set(office.desired_versions("plan")) == {mine, hers}
    again = office.do(plan_sign_off.decline, "U1", plan_id=hers)
    assert again == shown
    assert office.do(plan_drafts.goal_step, "U1").goal == Decimal(600_000)


def test_bad_suggestions_are_answered_under_their_fields(office: Office) -> None:
    plan_id = office.propose()
    step = office.do(plan_sign_off.suggest_step, "UC", plan_id=plan_id)
    assert (step.goal, step.working_weeks) == (Decimal(600_000), Decimal(46))
    bad = SuggestForm("x", "0", {"first": "0"}, "99", "")
    said = office.problems(plan_sign_off.suggest, "UC", plan_id=plan_id, form=bad, request_key="V1")
    assert set(said) == {rules.GOAL, rules.WORKING_WEEKS, *(rules.RATIO + s for s in step_names())}
    same = replace(SUGGESTION, goal="600,000")
    sentence = "These are the plan’s own numbers: change at least one of them."
    arguments: dict[str, Any] = {"plan_id": plan_id, "form": same, "request_key": "V1"}
    assert office.refused(plan_sign_off.suggest, "UC", **arguments) == sentence
    zero = office.problems(
        plan_sign_off.suggest, "UC", **{**arguments, "form": replace(same, average_sale="0")}
    )
    assert zero == {rules.AVERAGE_SALE: "An average sale is above 0: type what one sale brings."}
    assert office.count(Plan) == 1


def step_names() -> list[str]:
    return ["first", "second", "third", "home"]


def test_a_suggestion_sent_twice_is_one_version(office: Office) -> None:
    plan_id = office.propose()
    first = office.suggest(plan_id, key="V1")
    office.do(plan_sign_off.decline, "U1", plan_id=first)
    assert office.suggest(plan_id, key="V1") == first
    assert office.count(Plan) == 2


def test_numbers_are_suggested_for_a_signed_plan_and_nothing_changes_until_both_agree(
    office: Office,
) -> None:
    signed = office.signed()
    office.now = TUESDAY
    step = office.do(plan_sign_off.suggest_step, "UC", plan_id=signed)
    assert (step.first_week, step.working_weeks) == (date(2026, 11, 30), Decimal(48))
    hers = office.suggest(signed)
    assert office.plan(signed).state == PlanState.APPROVED
    assert office.targets(date(2026, 12, 7)) == WORKED
    office.do(plan_sign_off.accept, "U1", plan_id=hers)
    assert office.targets(date(2026, 12, 7)) == WORKED
    office.approve(hers)
    assert office.targets(date(2026, 11, 23)) == WORKED
    assert office.targets(date(2026, 11, 30))["conversations"] == Decimal(19)
    assert [office.plan(p).state for p in (signed, hers)] == [PlanState.APPROVED] * 2


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


def test_of_two_coaches_at_once_one_signs(database: Database) -> None:
    office = Office(database)
    plan_id = office.propose()
    ready = threading.Barrier(2)

    def press(user: str) -> str:
        ready.wait(timeout=PATIENCE)
        try:
            return office.approve(plan_id, user, from_week=None).state
        except Refusal as refusal:
            return refusal.sentence

    with ThreadPoolExecutor(2) as threads:
        said = sorted(threads.map(press, ["UC", "UD"]))
    assert said[1] == "approved"
    assert said[0].endswith("approved this version already: it counts from Monday 23 November on.")
