"""Makes calls to Slack, paced and each only once; reads message copies back and deletes second copies."""

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
"""Error codes that mean that the bot can't read the conversation: it has no access, or the scope is missing."""


class SlackCalls:
    """Makes each call once. Raises what the SDK raises, and RateLimited for a method that has to wait."""

    def __init__(self, *, client: AsyncWebClient, clock: Clock, pace: Pace) -> None:
        self._client = client
        self._clock = clock
        self._pace = pace

    async def call(self, method: str, **arguments: Any) -> Any:
        """Make one call, once.

        A 429 slows the method down for all later calls, also for rows that were claimed earlier but whose call has
        not begun.
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
        """Return the `ts` of every message since `oldest` that carries the token, oldest first."""
        return sorted(
            str(message["ts"])
            for message in await self.messages_since(channel, oldest)
            if ((message.get("metadata") or {}).get("event_payload") or {}).get("token") == token
        )

    async def messages_since(self, channel: str, oldest: datetime) -> list[dict[str, Any]]:
        """Return the newest messages of a conversation since `oldest`, with their metadata, page by page."""
        found: list[dict[str, Any]] = []
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
            found += answer["messages"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        return found

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
    """Return whether the bot can't read the conversation at all, so that another attempt would not help."""
    failure = classify(error)
    return failure is not None and failure.code in CANNOT_LOOK
