"""The line that Home has for a plan: the rep's own, and each rep's for the coach."""

from __future__ import annotations

from bot.domain.shown.home import CoachedRep, PlanInShort, RepHome
from bot.domain.shown.reader import Reader
from bot.slack.views.blocks import Block, Element, button, section
from bot.slack.views.mrkdwn import Mrkdwn, fill, literal, mention
from bot.slack.views.plans import words as plan_words
from bot.slack.views.plans.buttons import AFRESH, OPEN


def for_rep(rep: RepHome, reader: Reader) -> Block:
    """Where the rep's plan stands, with the one button that is the next thing to do."""
    plan, coach = rep.plan, mention(rep.coach)
    first_name = (rep.coach_name.split() or ["your coach"])[0]
    answer = f"Answer {first_name}"
    text, label, primary = {
        "none": (
            fill(
                "*You have no plan yet*; the targets above are {coach}’s. "
                "Say what you want to sell, and I work out the week for it.",
                coach=coach,
            ),
            "Write my plan",
            True,
        ),
        "draft": (
            literal("*Your plan is half written.* Nobody sees it yet."),
            "Go on with my plan",
            True,
        ),
        "proposed": (fill("*Your plan waits for* {coach}.", coach=coach), "See my plan", False),
        "suggested": (
            fill("{coach} *suggests other numbers for your plan.*", coach=coach),
            answer,
            True,
        ),
        "offered": (
            literal("*You met every goal, week after week.* Raise your sights?"),
            answer,
            True,
        ),
        "sent_back": (fill("{coach} *gave your plan back to you.*", coach=coach), answer, True),
        "ended": (_ended(plan, reader), "Start afresh", True),
    }.get(plan.state, (literal("*Your plan is signed.*"), "See my plan", False))
    if plan.state == "offered" and not plan.waits_for_rep:
        text, label, primary = (
            fill("*Your sights wait for* {coach}.", coach=coach),
            "See my plan",
            False,
        )
    elif plan.state == "offered":
        label = "Look at it"
    return section(
        fill(":dart: {text}{numbers}", text=text, numbers=numbers(plan, reader)),
        accessory=button(
            label,
            action_id=AFRESH if plan.state == "ended" else OPEN,
            style="primary" if primary else None,
        ),
    )


def _ended(plan: PlanInShort, reader: Reader) -> Mrkdwn:
    said = literal("*The time of your plan is over.*")
    if plan.targets_until is None:
        return said
    day = plan_words.day(plan.targets_until, reader)
    return fill("{said} Its targets stand until {day}.", said=said, day=day)


def numbers(plan: PlanInShort, reader: Reader) -> Mrkdwn:
    """The plan's goal and week, on a line of their own; nothing before there are any."""
    if plan.goal is None or plan.ends_on is None or plan.sales is None:
        return literal("")
    goal = plan_words.money(plan.goal, reader)
    week = plan_words.in_short(plan.conversations or 0, plan.base_moves or 0, plan.sales, reader)
    return fill(
        "\n{goal} by {day}: {week}", goal=goal, day=plan_words.day(plan.ends_on, reader), week=week
    )


def state_for_coach(plan: PlanInShort, reader: Reader) -> Mrkdwn | None:
    """`Plan: waits for you`, and the like; None where there is no plan yet, or a draft of the rep's own."""
    if plan.waits_for_coach:
        return literal("Plan: *waits for you*")
    if plan.state == "signed" and plan.ends_on is not None:
        return fill("Plan: signed, to {day}", day=plan_words.day(plan.ends_on, reader))
    return {
        "suggested": literal("Plan: your numbers wait for the rep"),
        "offered": literal("Plan: higher sights wait for the rep"),
        "sent_back": literal("Plan: sent back"),
        "ended": literal("Plan: its time is over"),
    }.get(plan.state)


def button_for_coach(rep: CoachedRep) -> Element:
    """*Decide*, for a plan that waits for the coach."""
    return button(
        "Decide",
        action_id=OPEN,
        value=rep.slack_user_id,
        style="primary",
        label=f"Decide on {rep.name}’s plan",
    )
