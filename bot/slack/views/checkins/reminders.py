"""The reminder of a check-in, and what follows when a rep puts it off."""

from __future__ import annotations

from bot.domain.shown.checkins import ReminderShown
from bot.slack.views import words
from bot.slack.views.blocks import Message, actions, button, context, message, section
from bot.slack.views.checkins.messages import OPEN_FORM, snooze_block
from bot.slack.views.mrkdwn import Mrkdwn, fill, literal


def reminder_message(shown: ReminderShown) -> Message:
    """A reminder; once the check-in is answered or closed it shrinks to a line that says so."""
    check_in = shown.check_in
    week = words.week(check_in.week, check_in.reader)
    if check_in.state != "open":
        return _nothing_left(check_in.state, week)
    left = words.count(shown.open_questions, "question")
    closes = (
        fill(
            " It closes {when}.",
            when=words.weekday_and_time(check_in.deadline_at, check_in.reader),
        )
        if check_in.deadline_at
        else literal("")
    )
    text = fill(
        "Your check-in about {week} still has {left} open.{closes}",
        week=week,
        left=left,
        closes=closes,
    )
    blocks = [
        section(fill(":wave: {text}", text=text)),
        actions(
            button(
                "Answer now",
                action_id=OPEN_FORM,
                value=str(check_in.check_in_id),
                style="primary",
            ),
            block_id="check_in.reminder",
        ),
        snooze_block(check_in.check_in_id),
    ]
    if shown.no_room is not None:
        said = fill(
            "No more reminders: this is message {messages} of {most} in this week.",
            messages=shown.no_room.messages,
            most=shown.no_room.most,
        )
        blocks.append(context(said))
    elif shown.next_reminder_at is not None:
        again = words.weekday_and_time(shown.next_reminder_at, check_in.reader)
        blocks.append(context(fill("I'll remind you once more {again}.", again=again)))
    return message(text, blocks)


def _nothing_left(state: str, week: Mrkdwn) -> Message:
    """The line that stands in the place of a reminder whose check-in takes no answers any more."""
    if state == "answered":
        said = fill(
            ":white_check_mark: Your check-in about {week} is answered. Thank you.", week=week
        )
        return message(literal("Your check-in is answered."), [context(said)])
    if state == "away":
        said = fill(
            ":palm_tree: You were away in the week {week}. Nothing is asked about it.", week=week
        )
        return message(literal("You were away."), [context(said)])
    said = fill("Your check-in about {week} is closed.", week=week)
    return message(literal("Your check-in is closed."), [context(said)])


def snoozed_words(when: Mrkdwn) -> Mrkdwn:
    """What a rep is told after snoozing."""
    return fill(":zzz: All right, I'll remind you {when}.", when=when)
