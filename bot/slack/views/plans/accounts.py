"""The account of a plan's period, to rep and coach: at its end, and when its goal is reached before that."""

from __future__ import annotations

from datetime import date

from bot.domain.shown.plan_accounts import AccountShown
from bot.rules.numbers import unit_word
from bot.slack.views import words
from bot.slack.views.blocks import Block, Element, Message, actions, button, message, section
from bot.slack.views.mrkdwn import Mrkdwn, escape, fill, join, literal, mention
from bot.slack.views.plans import words as plan_words
from bot.slack.views.plans.buttons import AFRESH, SEE

_RESULTS = (
    ("met", "met"),
    ("missed", "missed"),
    ("silent", "without an answer"),
    ("away", "away"),
    ("skipped", "not asked about"),
)
"""The results of weeks in the order in which they are said."""


def ended_message(shown: AccountShown) -> Message:
    """The end of a plan's period, for the rep's coach."""
    head = fill(
        ":checkered_flag: *The time of the plan of* {rep} *is over*, {which}, {span}.",
        rep=mention(shown.rep),
        which=plan_words.version(shown.version),
        span=plan_words.span(shown.span, shown.reader),
    )
    fallback = fill("The time of {name}’s plan is over.", name=escape(shown.rep_name))
    return _message(fallback, head, shown, _until(shown, whose=literal("the rep’s")), [])


def ended_reply_message(shown: AccountShown) -> Message:
    """The same for the rep, with the fresh start."""
    head = fill(
        ":checkered_flag: *The time of your plan is over*, {which}, {span}.",
        which=plan_words.version(shown.version),
        span=plan_words.span(shown.span, shown.reader),
    )
    fallback = literal("The time of your plan is over.")
    return _message(fallback, head, shown, _until(shown, whose=literal("your")), _afresh(shown))


def reached_message(shown: AccountShown) -> Message:
    """A goal that was reached before the period's end, for the rep's coach."""
    head = fill(
        ":trophy: {rep} *reached the goal of the plan early*, {which}, {left}.",
        rep=mention(shown.rep),
        which=plan_words.version(shown.version),
        left=_left(shown),
    )
    fallback = fill("{name} reached the plan’s goal early.", name=escape(shown.rep_name))
    return _message(fallback, head, shown, _stands(shown), [])


def reached_reply_message(shown: AccountShown) -> Message:
    """The same for the rep, with the fresh start."""
    head = fill(
        ":trophy: *You reached the goal of your plan early*, {which}, {left}.",
        which=plan_words.version(shown.version),
        left=_left(shown),
    )
    fallback = literal("You reached the goal of your plan early.")
    return _message(fallback, head, shown, _stands(shown), _afresh(shown))


def _message(
    fallback: Mrkdwn, head: Mrkdwn, shown: AccountShown, what_next: Mrkdwn, buttons: list[Element]
) -> Message:
    blocks: list[Block] = [
        section(join([head, *_account(shown)], "\n")),
        section(what_next),
        actions(
            *buttons,
            button(
                "See all of it",
                action_id=SEE,
                value=str(shown.plan_id),
                label=f"See the plan of {shown.rep_name}, version {shown.version}",
            ),
        ),
    ]
    return message(fallback, blocks)


def _account(shown: AccountShown) -> list[Mrkdwn]:
    """What was planned and what happened, a line each."""
    reader = shown.reader
    short = shown.goal - shown.closed
    beyond = (
        fill("{money} short", money=plan_words.money(short, reader))
        if short > 0
        else fill("{money} above it", money=plan_words.money(-short, reader))
        if short < 0
        else literal("all of it")
    )
    lines = [
        fill(
            "*{closed}* sold of the *{goal}* planned: {beyond}",
            closed=plan_words.money(shown.closed, reader),
            goal=plan_words.money(shown.goal, reader),
            beyond=beyond,
        )
    ]
    lines += [
        fill(
            "*{done}* of *{asked}* {name}",
            done=plan_words.count(each.done, reader),
            asked=plan_words.count(each.asked, reader),
            name=escape(unit_word(each.asked, each.name.lower())),
        )
        for each in shown.sums
    ]
    if weeks := _weeks(shown):
        lines.append(escape(weeks))
    return lines


def _weeks(shown: AccountShown) -> str:
    """`46 weeks: 40 met, 4 missed, 2 away`; nothing where no week was asked about."""
    parts = [
        f"{shown.weeks[result]} {said}" for result, said in _RESULTS if shown.weeks.get(result)
    ]
    if not parts:
        return ""
    return f"{words.count(sum(shown.weeks.values()), 'week')}: {', '.join(parts)}"


def _left(shown: AccountShown) -> Mrkdwn:
    if not shown.weeks_left:
        return literal("in its last week")
    return fill("{weeks} before its end", weeks=words.count(shown.weeks_left, "week"))


def _until(shown: AccountShown, *, whose: Mrkdwn) -> Mrkdwn:
    """Until when the plan's targets stand, and what follows."""
    if shown.next_from is not None:
        return fill(
            "The next plan, {which}, counts from {day} on.",
            which=plan_words.version(shown.next_version),
            day=_day(shown.next_from, shown),
        )
    if shown.targets_until is None:
        return fill("What {whose} targets were set to since then stays.", whose=whose)
    return fill(
        "Its targets stand until {day}. After that nothing that the plan set is asked about, "
        "until a new plan is signed or the coach sets targets.",
        day=_day(shown.targets_until, shown),
    )


def _stands(shown: AccountShown) -> Mrkdwn:
    return fill(
        "Its targets stand until the plan ends on {day}. A fresh start is for the time after it.",
        day=_day(shown.span.last, shown),
    )


def _day(when: date, shown: AccountShown) -> Mrkdwn:
    return plan_words.day(when, shown.reader)


def _afresh(shown: AccountShown) -> list[Element]:
    if not shown.can_start:
        return []
    return [
        button(
            "Start afresh",
            action_id=AFRESH,
            value=str(shown.plan_id),
            style="primary",
            label="Start a new plan from the last one",
        )
    ]
