"""A rep's check-in: the message, the form, and `/checkin`."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.slack.listeners.checkins import answers, commands, forms
from bot.slack.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to everything a rep does with a check-in."""
    answers.register(app, services)
    forms.register(app, services)
    commands.register(app, services)
