"""What a version of a plan shows, alone and beside another."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.domain.plans import overview as plans
from bot.domain.plans import sign_off as plan_sign_off
from tests.domain.planning import GOAL, NEXT_MONDAY, Office
from tests.domain.plans.steps import NOT_YOURS, versions


def test_versions_are_listed_newest_first_and_compared(office: Office) -> None:
    first = office.propose()
    office.do(plan_sign_off.send_back, "UC", plan_id=first, reason="Too high.")
    second = office.propose(goal=replace(GOAL, goal="550k"))
    office.approve(second)
    office.draft(goal=replace(GOAL, goal="1m"))  # a draft is no version yet

    own, coachs = versions(office, "U1"), versions(office, "UC", "U1")
    assert (own.own, coachs.own, own.more) == (True, False, 0)
    assert own.rows == coachs.rows
    assert [(row.version, row.state, row.goal) for row in own.rows] == [
        (2, "approved", Decimal(550_000)),
        (1, "sent_back", Decimal(600_000)),
    ]
    assert (own.rows[0].conversations, own.rows[0].from_week) == (21, NEXT_MONDAY)

    for pair in ((first, second), (second, first)):
        both = office.do(plans.compare, "UC", before_id=pair[0], after_id=pair[1])
        assert (both.before.version, both.after.version) == (1, 2)
        assert both.after.based_on == 1
    same = office.refused(plans.compare, "UC", before_id=first, after_id=first)
    assert same == "Choose two different versions of one plan to compare."
    other = office.propose("U2")
    assert office.refused(plans.compare, "UC", before_id=first, after_id=other) == same
    assert office.refused(plans.compare, "U1", before_id=first, after_id=other) == NOT_YOURS
