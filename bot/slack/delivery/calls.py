"""Calls to Slack, paced and made once, and what several parts of the delivery read and delete."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.slack.delivery.pacing import Pace
from bot.slack.outcomes import CallOutcome, RateLimited, classify

log = logging.getLogger(__name__)

HISTORY_LIMIT = 200
HISTORY_PAGES = 5

CANNOT_LOOK = frozenset({"missing_scope", "channel_not_found", "not_in_channel", "is_archived"})
"""Codes after which a conversation is not read back: it is closed to the bot, or the scope is missing."""


class SlackCalls:
    """Makes each call once. Raises what the SDK raises, and RateLimited for a method that has to wait."""

    def __init__(self, *, client: AsyncWebClient, clock: Clock, pace: Pace) -> None:
        self._client = client
        self._clock = clock
        self._pace = pace

    async def call(self, method: str, **arguments: Any) -> Any:
        """One call, made once.

        A 429 slows the method down for everything that follows. Rows that were claimed before it, and whose call
        has not begun, are held back, too.
        """
        if (pause := self._pace.pause(method, self._clock.now())) > 0:
            raise RateLimited(pause)
        try:
            answer = await getattr(self._client, method.replace(".", "_"))(**arguments)
        except Exception as error:
            failure = classify(error)
            if failure is not None and failure.outcome is CallOutcome.RATE_LIMITED:
                self._pace.refused(method, failure.retry_after, self._clock.now())
            raise
        self._pace.taken(method, self._clock.now())
        return answer

    async def copies(self, channel: str, token: str, oldest: datetime) -> list[str]:
        """The `ts` of every message since a moment that carries the token, oldest first."""
        found: list[str] = []
        cursor: str | None = None
        for _ in range(HISTORY_PAGES):
            answer = await self.call(
                "conversations.history",
                channel=channel,
                oldest=f"{oldest.timestamp():.6f}",
                inclusive=True,
                limit=HISTORY_LIMIT,
                include_all_metadata=True,
                cursor=cursor,
            )
            found += [
                str(message["ts"])
                for message in answer["messages"]
                if ((message.get("metadata") or {}).get("event_payload") or {}).get("token")
                == token
            ]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        return sorted(found)

    async def delete(self, channel: str, ts: str) -> None:
        """Delete a second copy of a message; one that is gone already counts as deleted."""
        try:
            await self.call("chat.delete", channel=channel, ts=ts)
            log.warning("a second copy was deleted", extra={"channel": channel})
        except SlackApiError as error:
            failure = classify(error)
            if failure is None or failure.outcome is not CallOutcome.STALE:
                raise


def cannot_look(error: SlackApiError) -> bool:
    """Whether the conversation can't be read back at all, so that another try would not help."""
    failure = classify(error)
    return failure is not None and failure.code in CANNOT_LOOK
