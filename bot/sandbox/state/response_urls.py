"""Response URLs: secret addresses where the bot may answer an interaction."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.errors import SlackError
from bot.sandbox.records import Clock, Message

RESPONSE_URL_USES = 5
RESPONSE_URL_LIFE = timedelta(minutes=30)


@dataclass
class ResponseUrl:
    """At this address the bot may answer one interaction: five times, within half an hour.

    `message` is the message that was pressed. The bot may replace it or delete it.
    """

    channel: str
    user: str
    issued: datetime
    message: Message | None
    uses_left: int = RESPONSE_URL_USES


class IssuedResponseUrls:
    """Keeps all response URLs by their secrets. They expire by the workspace's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._urls: dict[str, ResponseUrl] = {}

    def issue(self, channel: str, user: str, *, message: Message | None = None) -> str:
        """Make a new response URL and return its secret, which is the last part of its path."""
        secret = secrets.token_urlsafe(24)
        self._urls[secret] = ResponseUrl(channel, user, self._clock.now(), message)
        return secret

    def find(self, secret: str) -> ResponseUrl:
        """Return the response URL with this secret.

        Raises SlackError if it is unknown ("invalid_url"), too old ("expired_url") or used up
        ("used_url").
        """
        url = self._urls.get(secret)
        if url is None:
            raise SlackError("invalid_url")
        if self._clock.now() - url.issued > RESPONSE_URL_LIFE:
            raise SlackError("expired_url")
        if url.uses_left == 0:
            raise SlackError("used_url")
        return url
