"""The line that Home has for a plan: the rep's own, and each rep's for the coach."""

from __future__ import annotations

from bot.domain.shown.home import CoachedRep, PlanInShort, RepHome
from bot.domain.shown.reader import Reader
from bot.slack.views.blocks import Block, Element, button, escape, mention, section
from bot.slack.views.plans import words as plan_words
from bot.slack.views.plans.buttons import AFRESH, OPEN


def for_rep(rep: RepHome, reader: Reader) -> Block:
    """Where the rep's plan stands, with the one button that is the next thing to do."""
    plan, coach = rep.plan, mention(rep.coach)
    first_name = (rep.coach_name.split() or ["your coach"])[0]
    answer = f"Answer {first_name}"
    text, label, primary = {
        "none": (
            f"*You have no plan yet*; the targets above are {coach}’s. "
            "Say what you want to sell, and I work out the week for it.",
            "Write my plan",
            True,
        ),
        "draft": ("*Your plan is half written.* Nobody sees it yet.", "Go on with my plan", True),
        "proposed": (f"*Your plan waits for* {coach}.", "See my plan", False),
        "suggested": (f"{coach} *suggests other numbers for your plan.*", answer, True),
        "offered": ("*You met every goal, week after week.* Raise your sights?", answer, True),
        "sent_back": (f"{coach} *gave your plan back to you.*", answer, True),
        "ended": ("*The time of your plan is over.*", "Start afresh", True),
    }.get(plan.state, ("*Your plan is signed.*", "See my plan", False))
    if plan.state == "offered" and not plan.waits_for_rep:
        text, label, primary = (
            f"*Your sights wait for* {coach}.",
            "See my plan",
            False,
        )
    elif plan.state == "offered":
        label = "Look at it"
    return section(
        f":dart: {text}{_numbers(plan, reader)}",
        accessory=button(
            label,
            action_id=AFRESH if plan.state == "ended" else OPEN,
            style="primary" if primary else None,
        ),
    )


def _numbers(plan: PlanInShort, reader: Reader) -> str:
    if plan.goal is None or plan.ends_on is None or plan.sales is None:
        return ""
    goal = escape(plan_words.money(plan.goal, reader))
    week = plan_words.in_short(plan.conversations or 0, plan.base_moves or 0, plan.sales, reader)
    return f"\n{goal} by {plan_words.day(plan.ends_on, reader)}: {week}"


def state_for_coach(plan: PlanInShort, reader: Reader) -> str:
    """`Plan: waits for you`, and the like."""
    if plan.waits_for_coach:
        return "Plan: *waits for you*"
    if plan.state == "signed" and plan.ends_on is not None:
        return f"Plan: signed, to {plan_words.day(plan.ends_on, reader)}"
    return {
        "suggested": "Plan: your numbers wait for the rep",
        "offered": "Plan: higher sights wait for the rep",
        "sent_back": "Plan: sent back",
        "ended": "Plan: its time is over",
    }.get(plan.state, "Plan: none yet")


def button_for_coach(rep: CoachedRep) -> Element | None:
    """*Decide* where a plan waits for the coach, *See plan* where there is one."""
    if rep.plan.state in {"none", "draft"}:
        return None
    waits = rep.plan.waits_for_coach
    return button(
        "Decide" if waits else "See plan",
        action_id=OPEN,
        value=rep.slack_user_id,
        style="primary" if waits else None,
        label=f"{'Decide on' if waits else 'See'} {rep.name}’s plan",
    )
