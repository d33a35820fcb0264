"""The first message to somebody who was enrolled as a rep."""

from __future__ import annotations

from bot.domain.shown.welcome import WelcomeShown
from bot.slack.views import words
from bot.slack.views.blocks import Message, context, message, section
from bot.slack.views.mrkdwn import cut, escape, fill, join, literal, mention


def welcome_message(shown: WelcomeShown) -> Message:
    """What Basecoach is, when it asks, how to log, and who sees what."""
    when = (
        fill(
            "The next check-in comes *{when}*, your time.",
            when=words.day_and_time(shown.first_due_at, shown.reader),
        )
        if shown.first_due_at is not None
        else literal("Your check-ins are not planned yet.")
    )
    goals = join(
        (
            fill(
                "{name} {amount}",
                name=escape(name),
                amount=escape(words.number(amount, unit, shown.reader)),
            )
            for name, unit, amount in shown.targets
        ),
        " · ",
    )
    return message(
        fill("Welcome to Basecoach. You are in {team}.", team=escape(shown.team)),
        [
            section(
                fill(
                    ":wave: *Hi {name}, I'm Basecoach.* "
                    "{coach} coaches {team}, and you are in it.\n"
                    "Once a week I ask whether you met your goals: Yes or No, each with its number.",
                    name=escape(words.first_name(shown.name) or shown.name),
                    coach=mention(shown.coach),
                    team=escape(shown.team),
                )
            ),
            section(
                fill(
                    "{when}\n*Your goals by the week:* {goals}",
                    when=when,
                    goals=cut(goals, 2000) or literal("not set yet; your coach does that"),
                )
            ),
            section(
                literal(
                    "*Log a conversation in ten seconds*, from any channel:\n"
                    "`/log-conversation Acme 2nd`   or just `/log-conversation` for a form."
                )
            ),
            context(
                literal(
                    ":eyes: Your numbers are seen by you and your coach. "
                    "My *Home* tab shows your week at any time."
                )
            ),
        ],
    )
