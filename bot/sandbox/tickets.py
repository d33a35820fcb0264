"""The two tickets that Slack hands out with an interaction: trigger ids and response URLs."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.errors import SlackError
from bot.sandbox.records import Clock, Message

TRIGGER_SECONDS = 3.0
RESPONSE_URL_USES = 5
RESPONSE_URL_LIFE = timedelta(minutes=30)


@dataclass
class Trigger:
    """The right of the bot to open one modal for one person, for three seconds.

    `view_id` is the modal that the person pressed in, if it was one.
    """

    user: str
    view_id: str | None
    issued: float
    used: bool = False


class Triggers:
    """All trigger ids handed out; they live by real seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user: str, *, view_id: str | None = None) -> str:
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}." + (
            secrets.token_hex(16)
        )
        self._triggers[trigger_id] = Trigger(user, view_id, self._monotonic())
        return trigger_id

    def check(self, trigger_id: str) -> Trigger:
        """The trigger, still unused. Raises SlackError if it is unknown, used or too old."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._monotonic() - trigger.issued > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        return trigger


@dataclass
class ResponseUrl:
    """A secret address where the bot may answer one interaction: five times, for half an hour.

    `message` is the message that was pressed, which the bot may replace or delete.
    """

    channel: str
    user: str
    issued: datetime
    message: Message | None
    uses_left: int = RESPONSE_URL_USES


class IssuedResponseUrls:
    """All response URLs handed out, by their secret; they live by the workspace's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._urls: dict[str, ResponseUrl] = {}

    def issue(self, channel: str, user: str, *, message: Message | None = None) -> str:
        secret = secrets.token_urlsafe(24)
        self._urls[secret] = ResponseUrl(channel, user, self._clock.now(), message)
        return secret

    def find(self, secret: str) -> ResponseUrl:
        """Raises SlackError("used_url" | "expired_url" | "invalid_url")."""
        url = self._urls.get(secret)
        if url is None:
            raise SlackError("invalid_url")
        if self._clock.now() - url.issued > RESPONSE_URL_LIFE:
            raise SlackError("expired_url")
        if url.uses_left == 0:
            raise SlackError("used_url")
        return url
