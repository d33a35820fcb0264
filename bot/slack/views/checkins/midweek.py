"""The mid-week line, and how a rep switches it on and off."""

from __future__ import annotations

from bot.domain.shown.home import GoalShown
from bot.domain.shown.midweek import MidweekChoice, MidweekShown
from bot.domain.shown.reader import Reader
from bot.slack.views import words
from bot.slack.views.blocks import Block, Element, Message, actions, button, message, section
from bot.slack.views.coach_home import goal_target
from bot.slack.views.conversations.messages import OPEN_MODAL as LOG_CONVERSATION
from bot.slack.views.mrkdwn import Mrkdwn, escape, fill, join, literal

ON, OFF = "midweek.on", "midweek.off"


def midweek_message(shown: MidweekShown) -> Message:
    """`Thursday: Conversations 11 of 20 · Sales $4,000 of $10,000. 2 days left.`"""
    text = fill(
        "*Thursday:* {goals}. {left} left.",
        goals=join([_goal(goal, shown.reader) for goal in shown.goals], " · "),
        left=words.count(shown.days_left, "day"),
    )
    log = button("Log a conversation", action_id=LOG_CONVERSATION)
    return message(text, [section(text), actions(log, _off())])


def _goal(goal: GoalShown, reader: Reader) -> Mrkdwn:
    assert goal.logged is not None  # noqa: S101 - only goals that the log counts are told of
    return fill(
        "{name} {logged} of {target}{done}",
        name=escape(goal.name),
        logged=escape(words.bare_number(goal.logged, goal.unit, reader)),
        target=goal_target(goal, reader),
        done=literal(" :white_check_mark:") if goal.logged >= goal.target else literal(""),
    )


def choice_message(choice: MidweekChoice) -> Message:
    """What a rep is told who chose by word."""
    text = choice_words(choice)
    return message(text, [section(text)])


def choice_words(choice: MidweekChoice) -> Mrkdwn:
    """What was chosen, when it comes, and how to choose otherwise."""
    if choice.next_at is None:
        return literal("You get no mid-week line. `midweek on` brings it back.")
    return fill(
        "The mid-week line is on: on Thursday mornings it says where your goals stand, unless all are met or you "
        "are away. It counts as one of your messages of the week. The next one comes {when} at the earliest. "
        "`midweek off` ends it.",
        when=words.day_and_time(choice.next_at, choice.reader),
    )


def home_block(choice: MidweekChoice) -> Block:
    """The rep's choice on Home, with the button that changes it."""
    if choice.next_at is None:
        off = literal("*Mid-week line:* off. It says on Thursday mornings where your goals stand.")
        return section(
            off, accessory=button("Turn it on", action_id=ON, label="Turn the mid-week line on")
        )
    when = words.day(choice.next_at.astimezone(choice.reader.zone).date(), choice.reader)
    return section(fill("*Mid-week line:* on, next on {when}.", when=when), accessory=_off())


def _off() -> Element:
    return button("Turn it off", action_id=OFF, label="Turn the mid-week line off")
