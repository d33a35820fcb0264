"""Who may decide what of a plan, and what each state of a version says to each decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.access import Caller
from bot.domain.plans import overview as plans
from bot.domain.plans import sights
from bot.domain.plans import sign_off as plan_sign_off
from bot.domain.refusals import Refusal
from bot.domain.tables import PlanState
from tests.domain.planning import GOAL, SUGGESTION, Office

OUTSIDE = "Only the coaches of Harbor can act on this plan."
OTHERS = "This is somebody else’s plan. Open yours with /plan."
NO_TEAM = (
    "You are not in a sales team yet. Ask your coach or a workspace admin to enrol you with /coach."
)


def test_who_may_decide(office: Office) -> None:
    waiting = office.propose()
    reason = {"reason": "No."}
    for user in ("U1", "U2", "UA", "UN"):
        for use_case, more in (
            (plan_sign_off.approve, {}),
            (plan_sign_off.approval, {}),
            (plan_sign_off.send_back_form, {}),
            (plan_sign_off.send_back, reason),
            (plan_sign_off.suggest_step, {}),
            (plan_sign_off.suggest, {"form": SUGGESTION, "request_key": "V1"}),
        ):
            assert office.refused(use_case, user, plan_id=waiting, **more) == OUTSIDE
    hers = office.suggest(waiting)
    for use_case in (plan_sign_off.accept, plan_sign_off.decline):
        assert office.refused(use_case, "UC", plan_id=hers) == NO_TEAM
        assert office.refused(use_case, "U2", plan_id=hers) == OTHERS
    offer = office.offered(office.signed("U3", by="UN"))
    for use_case in (sights.agree, sights.not_now):
        said = office.refused(use_case, "UC", plan_id=offer)
        assert said == "Only the rep and their coaches can decide this."
    stranger = Caller(office.workspace_id + 1, "UC")
    with pytest.raises(Refusal):
        office.database.write_now(plans.version, caller=stranger, plan_id=waiting, now=office.now)
    assert office.plan(hers).state == PlanState.SUGGESTED
    assert office.refused(plan_sign_off.approve, "UC", plan_id=4711) == (
        "This plan is no longer there. Open the one that counts with /plan."
    )


ACTIONS: dict[str, tuple[str, Callable[..., object], dict[str, Any]]] = {
    "approve": ("UD", plan_sign_off.approve, {}),
    "send_back": ("UD", plan_sign_off.send_back, {"reason": "No."}),
    "suggest": (
        "UD",
        plan_sign_off.suggest,
        {"form": replace(SUGGESTION, goal="450k"), "request_key": "V9"},
    ),
    "accept": ("U1", plan_sign_off.accept, {}),
    "decline": ("U1", plan_sign_off.decline, {"reason": "No."}),
    "agree": ("UD", sights.agree, {}),
    "not_now": ("UD", sights.not_now, {}),
}
"""Who does what: Drew, who has decided nothing before, and the rep."""

WAITS = "This version waits for a coach: approve it or send it back."
HAS_THEM = "Priya has these numbers to accept: wait for the answer."
OFFER = "This is an offer to raise the sights: press Raise it or Not now."
SIGNED = "Dana approved this version already: it counts from Monday 23 November on."
BACK = "Dana sent this version back already."
GONE = "Another version took this one’s place: open it with /plan."

REFUSED: dict[str, dict[str, str]] = {
    "proposed": {
        "accept": "This version waits for your coach. Change it with /plan if you want to.",
        "decline": "This version waits for your coach. Change it with /plan if you want to.",
        "agree": WAITS,
        "not_now": WAITS,
    },
    "suggested": dict.fromkeys(["approve", "send_back", "agree", "not_now"], HAS_THEM),
    "offered": dict.fromkeys(["approve", "send_back", "suggest", "accept", "decline"], OFFER),
    "approved": dict.fromkeys(
        ["approve", "send_back", "accept", "decline", "agree", "not_now"], SIGNED
    ),
    "sent_back": dict.fromkeys(ACTIONS, BACK),
    "declined": {
        **dict.fromkeys(
            ["approve", "send_back", "suggest", "agree", "not_now"],
            "Priya said no to this version already.",
        ),
        "accept": "You said no to this version already.",
    },
    "replaced": dict.fromkeys(ACTIONS, GONE),
}
"""By state, what is refused and with which words; everything else goes (see the tests above)."""


def in_state(office: Office, state: str) -> int:
    """A version of Priya's in this state, decided by Dana where somebody has."""
    if state == "offered":
        return office.offered(office.signed())
    plan_id = office.propose()
    if state == "approved":
        office.approve(plan_id)
    elif state == "sent_back":
        office.do(plan_sign_off.send_back, "UC", plan_id=plan_id, reason="Too high.")
    elif state in {"suggested", "declined"}:
        plan_id = office.suggest(plan_id)
        if state == "declined":
            office.do(plan_sign_off.decline, "U1", plan_id=plan_id)
    elif state == "replaced":
        office.propose(goal=replace(GOAL, goal="700k"))
    return plan_id


@pytest.mark.parametrize("state", REFUSED)
def test_every_state_refuses_what_does_not_fit_and_takes_the_rest(
    office: Office, state: str
) -> None:
    plan_id = in_state(office, state)
    before = office.plan(plan_id)
    assert before.state == state
    for action, sentence in REFUSED[state].items():
        user, use_case, more = ACTIONS[action]
        assert office.refused(use_case, user, plan_id=plan_id, **more) == sentence, action
    assert office.plan(plan_id) == before
    fits = [action for action in ACTIONS if action not in REFUSED[state]]
    for action in fits[:1]:
        user, use_case, more = ACTIONS[action]
        office.do(use_case, user, plan_id=plan_id, **more)
