"""Trigger ids: Slack hands one out with each interaction, and the bot opens one modal with it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.errors import SlackError

TRIGGER_SECONDS = 3.0


@dataclass
class Trigger:
    """A trigger lets the bot open one modal for one person, for three seconds in Slack.

    `view_id` is the modal that the person pressed in. It is None if they pressed somewhere else.
    """

    user: str
    view_id: str | None
    issued: float
    used: bool = False


class Triggers:
    """Keeps all trigger ids that were handed out. Each expires after `seconds` real seconds."""

    def __init__(self, monotonic: Callable[[], float], *, seconds: float = TRIGGER_SECONDS) -> None:
        self._monotonic = monotonic
        self._seconds = seconds
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user: str, *, view_id: str | None = None) -> str:
        """Make a new trigger id for this person."""
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}." + (
            secrets.token_hex(16)
        )
        self._triggers[trigger_id] = Trigger(user, view_id, self._monotonic())
        return trigger_id

    def check(self, trigger_id: str) -> Trigger:
        """Return the trigger, which is still unused.

        Raises SlackError if it is unknown ("invalid_trigger_id"), used ("exchanged_trigger_id") or too
        old ("expired_trigger_id").
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._monotonic() - trigger.issued > self._seconds:
            raise SlackError("expired_trigger_id")
        return trigger
