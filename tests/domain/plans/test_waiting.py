"""A version that waits, and what becomes of it when its rep moves or leaves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from sqlmodel import Session, select

from bot.domain.people import enrolments
from bot.domain.plans import drafts as plan_drafts
from bot.domain.plans import sign_off as plan_sign_off
from bot.domain.shown.plans import OtherGoalForm
from bot.domain.tables import Member
from tests.domain.planning import GOAL, NEXT_MONDAY, Office
from tests.domain.plans.steps import own_metric, shown


def test_who_moves_to_another_team_takes_along_what_is_signed(office: Office) -> None:
    demos = OtherGoalForm("metric", "", amount="5", metric_id=own_metric(office))
    signed = office.propose(others=(demos,))
    office.approve(signed)
    assert office.targets(NEXT_MONDAY)["demos"] == Decimal(5)
    waiting = office.propose(goal=replace(GOAL, goal="700k"))
    office.database.write_now(office.enrol, "U1", "Quay", now=office.now)
    withdrawn = shown(office, waiting)
    assert (withdrawn.state, withdrawn.reason) == (
        "declined",
        "Priya moved to Quay, which does not count everything that this plan has goals for.",
    )
    assert withdrawn.decided_by is None
    assert office.desired_versions("plan")[waiting] == 3
    assert office.targets(NEXT_MONDAY)["conversations"] == Decimal(22)

    said = office.refused(plan_sign_off.approve, "UC", plan_id=waiting)
    assert said == "Only the coaches of Quay can act on this plan."
    hers = office.suggest(signed, "UN")  # the new coach goes on from there
    assert shown(office, hers).team_name == "Quay"
    office.do(plan_sign_off.accept, "U1", plan_id=hers)
    office.approve(hers, "UN")
    assert office.targets(NEXT_MONDAY)["conversations"] == Decimal(19)
    assert "demos" not in office.targets(NEXT_MONDAY)  # which only the old team counts


def test_who_leaves_has_nothing_waiting_any_more(office: Office) -> None:
    hers = office.suggest(office.propose())

    def leave(session: Session) -> None:
        priya = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
        enrolments.end(session, member=priya, now=office.now)

    office.database.write_now(leave)
    assert shown(office, hers).reason == "Priya left the team."
    said = office.refused(plan_sign_off.suggest_step, "UC", plan_id=hers)
    assert said == "Priya is in no team any more: there is nothing to decide."
    assert office.refused(plan_drafts.goal_step, "U1").startswith("You are not in a sales team")
