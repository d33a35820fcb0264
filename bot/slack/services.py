"""The services that listeners need; the composition root gives them to each listener."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.clock import Clock
from bot.database import Database
from bot.failures import Failures
from bot.slack.profiles import Profiles
from bot.slack.responding.background import BackgroundTasks
from bot.slack.responding.redrawing import Redrawing
from bot.slack.responding.response_urls import ResponseUrls
from bot.slack.uploads import Uploads


@dataclass(frozen=True)
class Services:
    """The services that all listeners share. There is one object per app, and no other way to reach them."""

    database: Database
    clock: Clock
    profiles: Profiles
    responses: ResponseUrls
    background: BackgroundTasks
    redrawing: Redrawing
    uploads: Uploads
    failures: Failures = field(default_factory=Failures)
    admin_users: frozenset[str] = frozenset()
    """Slack user ids that count as admins in addition to Slack's admins (BASECOACH_ADMIN_USERS)."""
