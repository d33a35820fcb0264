"""The coach suggests other numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.plans import sign_off as plan_sign_off
from bot.domain.shown.plans import SuggestForm
from bot.domain.tables import Plan, PlanState
from bot.rules import plan as rules
from tests.domain.planning import (
    SUGGESTION,
    TUESDAY,
    Office,
)
from tests.domain.plans.steps import WORKED


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


def test_a_request_key_that_another_coach_used_is_no_obstacle(office: Office) -> None:
    first, second = office.propose(), office.propose("U2")
    one = office.do(plan_sign_off.suggest, "UC", plan_id=first, form=SUGGESTION, request_key="V1")
    other = office.do(
        plan_sign_off.suggest, "UD", plan_id=second, form=SUGGESTION, request_key="V1"
    )
    assert one.plan_id != other.plan_id
