"""What speaks against a plan."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.plans import drafts as plan_drafts
from bot.domain.plans import overview as plans
from bot.domain.shown.plans import (
    PAIR,
)
from bot.domain.tables import GoalPair
from bot.rules.conflicts import Kind
from tests.domain.planning import GOAL, Office
from tests.domain.plans.steps import RUN


def test_pairs_that_no_arithmetic_can_judge_are_asked_once(office: Office) -> None:
    plan_id = office.draft().plan_id
    office.numbers(plan_id)
    (pair,) = office.goal(plan_id, RUN).pairs
    assert (pair.first, pair.second) == ("Sales goal ($600,000)", "Run every week")
    name = f"{pair.first_key}:{pair.second_key}"
    for said in ({}, {name: "perhaps"}):
        sentences = office.problems(plan_drafts.propose, "U1", plan_id=plan_id, pairs=said)
        assert sentences == {PAIR + name: "Choose yes or no: only you can tell."}
    assert office.count(GoalPair) == 0

    office.do(plan_drafts.propose, "U1", plan_id=plan_id, pairs={name: "yes"})
    shown = office.do(plans.version, "U1", plan_id=plan_id)
    assert [conflict.kind for conflict in shown.conflicts] == [Kind.PULLS_APART]
    # In the next version the pair is known, and still pulls apart.
    changed = office.draft(goal=replace(GOAL, goal="650k")).plan_id
    review = office.numbers(changed)
    assert review.pairs == ()
    assert [conflict.kind for conflict in review.shown.conflicts] == [Kind.PULLS_APART]
