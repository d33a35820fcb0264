"""Listeners for the log: conversations, and numbers of a team's own metrics."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.slack.listeners.conversations import entries, listing, logging
from bot.slack.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the commands, buttons and forms of the log."""
    logging.register(app, services)
    listing.register(app, services)
    entries.register(app, services)
