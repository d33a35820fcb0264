"""What a rep's overview of plans holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.plans import overview as plans
from tests.domain.planning import GOAL, Office


def test_what_an_overview_holds(office: Office) -> None:
    nothing = office.do(plans.overview, "U1")
    assert (nothing.in_force, nothing.waiting, nothing.draft_id) == (None, None, None)
    assert nothing.versions == 0
    signed = office.signed()
    waiting = office.propose(goal=replace(GOAL, goal="700k"))
    for user, of in (("U1", None), ("UD", "U1")):
        found = office.do(plans.overview, user, slack_user_id=of)
        assert found.in_force is not None
        assert found.waiting is not None
        assert (found.in_force.plan_id, found.waiting.plan_id) == (signed, waiting)
        assert (found.rep_name, found.own, found.versions) == ("Priya", of is None, 2)
    office.now += timedelta(days=400)
    over = office.do(plans.overview, "U1").in_force
    assert over is not None
    assert over.ended
