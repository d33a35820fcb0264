"""The first message to somebody who was enrolled as a rep."""

from __future__ import annotations

from bot.domain.shown.welcome import WelcomeShown
from bot.slack.views import words
from bot.slack.views.blocks import Message, context, escape, mention, message, section


def welcome_message(shown: WelcomeShown) -> Message:
    """What Basecoach is, when it asks, how to log, and who sees what."""
    when = (
        f"The first check-in comes *{words.day_and_time(shown.first_due_at, shown.reader)}*, your time."
        if shown.first_due_at is not None
        else "Your check-ins are not planned yet."
    )
    goals = " · ".join(
        f"{escape(name)} {escape(words.number(amount, unit, shown.reader))}"
        for name, unit, amount in shown.targets
    )
    return message(
        f"Welcome to Basecoach. You are in {escape(shown.team)}.",
        [
            section(
                f":wave: *Hi {escape(shown.name.split()[0])}, I'm Basecoach.* "
                f"{mention(shown.coach)} coaches {escape(shown.team)}, and you are in it.\n"
                "Once a week I ask whether you met your goals: Yes or No, each with its number."
            ),
            section(
                f"{when}\n*Your goals by the week:* {goals or 'not set yet; your coach does that'}"
            ),
            section(
                "*Log a conversation in ten seconds*, from any channel:\n"
                "`/log-conversation Acme 2nd`   or just `/log-conversation` for a form."
            ),
            context(
                ":eyes: Your numbers are seen by you and your coach. "
                "My *Home* tab shows your week at any time."
            ),
        ],
    )
