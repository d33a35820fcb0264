"""Answers that follow an ack: what is said, or put in the place of a message, through a response_url.

An answer is a courtesy on top of what was recorded, so it never delays an ack and never fails a listener.
Slack takes a response_url five times within half an hour:
https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.views.blocks import Message

log = logging.getLogger(__name__)

GOOD_FOR = timedelta(minutes=28)
"""How long a response_url can be relied on; Slack says 30 minutes."""

TIMEOUT_SECONDS = 10


class Replies:
    """Sends answers in tasks of their own and keeps hold of them until they are through."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, response_url: str, message: Message) -> None:
        """Show the message to the person who pressed or typed, below what is there."""
        self._start(response_url, {**message, "response_type": "ephemeral"})

    def replace(self, response_url: str, message: Message) -> None:
        """Put the message in the place of the one that the press came from."""
        self._start(response_url, {**message, "replace_original": True})

    async def drain(self) -> None:
        """Wait for the answers that are on their way."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def _start(self, response_url: str, body: Message) -> None:
        task = asyncio.create_task(_post(response_url, body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _post(response_url: str, body: Message) -> None:
    client = AsyncWebhookClient(response_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
    try:
        answer = await client.send_dict(body)
    except (aiohttp.ClientError, TimeoutError, OSError, SlackClientError) as error:
        log.warning("reply not sent", extra={"error": type(error).__name__})
        return
    if answer.status_code != 200:
        log.warning("reply refused", extra={"status": answer.status_code})
