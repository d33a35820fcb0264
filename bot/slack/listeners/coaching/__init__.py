"""The coaching loop: what a rep says, what was agreed and what became of it, how acts are done."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.slack.listeners.coaching import agreements, briefs, card, guides, numbers, words
from bot.slack.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to everything about it but the alert's own buttons."""
    words.register(app, services)
    agreements.register(app, services)
    briefs.register(app, services)
    card.register(app, services)
    guides.register(app, services)
    numbers.register(app, services)
