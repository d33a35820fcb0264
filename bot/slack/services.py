"""What every listener needs, handed to it by the composition root."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clock import Clock
from bot.database import Database
from bot.slack.profiles import Profiles
from bot.slack.responding.background import BackgroundTasks
from bot.slack.responding.redrawing import Redrawing
from bot.slack.responding.response_urls import ResponseUrls


@dataclass(frozen=True)
class Services:
    """The parts that listeners share. One per app; nothing here is reached any other way."""

    database: Database
    clock: Clock
    profiles: Profiles
    responses: ResponseUrls
    background: BackgroundTasks
    redrawing: Redrawing
    admin_users: frozenset[str] = frozenset()
    """Slack user ids that count as admins besides Slack's own (BASECOACH_ADMIN_USERS)."""
