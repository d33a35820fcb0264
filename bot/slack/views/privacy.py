"""What people read about their own data: the Home of somebody who was deleted, and answers to `export`."""

from __future__ import annotations

from bot.slack.views.blocks import Message, View, home, message, section
from bot.slack.views.mrkdwn import Mrkdwn, escape, fill, literal


def erased_home_view() -> View:
    """The Home of a person who was deleted."""
    return home(
        [
            section(
                literal(
                    "*Nothing is stored about you.* Your record was deleted, "
                    "and nothing is asked of you any more."
                )
            )
        ]
    )


MISSING_SCOPE = "missing_scope"
"""Slack's code where the app may not send files."""


def export_begun_message() -> Message:
    """The answer to `export`, before the files are there."""
    text = literal("Your files come here in a moment.")
    return message(text, [section(text)])


def record_comment() -> Mrkdwn:
    """What stands above the files of a person's own record."""
    return literal(
        "This is everything that Basecoach stores about you: once as JSON for programs, "
        "and as CSV files that spreadsheets open. Only you see this message."
    )


def weeks_comment(*, with_answers: bool) -> Mrkdwn:
    """What stands above the file with the weeks of teams."""
    if with_answers:
        return literal(
            "These are the weeks of the reps whom you coach today. "
            "Please treat the file as you treat their numbers."
        )
    return literal(
        "This is what your teams were asked each week. Answers are for their coaches only."
    )


def export_failed_message(code: str, slack_user_id: str) -> Message:
    """What somebody is told whose files Slack did not take, or could not be made: `code` is then a sentence."""
    if " " in code:
        return export_refused_message(code)
    if code == MISSING_SCOPE:
        text = fill(
            "Basecoach may not send files in this workspace. Ask whoever runs it for your record: "
            "`basecoach export member {who}` makes it.",
            who=escape(slack_user_id),
        )
    else:
        text = fill(
            "Slack did not take the files ({code}). Try again in a few minutes; if that does not "
            "help, whoever runs Basecoach can make them with `basecoach export`.",
            code=escape(code),
        )
    return message(text, [section(text)])


def export_refused_message(sentence: str) -> Message:
    """What somebody is told whose files could not be made."""
    text = escape(sentence)
    return message(text, [section(text)])
