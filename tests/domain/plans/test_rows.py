"""The rows of a version, copied from another."""

from __future__ import annotations

from bot.domain.plans import drafts as plan_drafts
from bot.domain.shown.plans import (
    OtherGoalForm,
)
from tests.domain.planning import Office
from tests.domain.plans.steps import RUN, own_metric


def test_a_rep_who_changes_teams_leaves_the_old_teams_metrics_behind(office: Office) -> None:
    demos = own_metric(office)
    plan_id = office.draft().plan_id
    office.numbers(plan_id)
    office.goal(plan_id, OtherGoalForm("metric", "", amount="5", metric_id=demos))
    office.goal(plan_id, RUN)
    office.database.write_now(office.enrol, "U1", "Quay", now=office.now)
    review = office.do(plan_drafts.review_step, "U1", plan_id=plan_id)
    assert [goal.words for goal in review.shown.goals] == ["Run every week"]
    assert review.shown.team_name == "Quay"
