"""Reads a channel from Slack (conversations.info), before anybody decides to post there."""

from __future__ import annotations

import asyncio
import logging

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.refusals import Refusal
from bot.domain.shown.setup import CHANNEL, Channel
from bot.slack.outcomes import classify

log = logging.getLogger(__name__)

ANSWER_WITHIN = 2.0
"""How many seconds a read may take while a person waits."""

NOT_TO_BE_SEEN = frozenset({"channel_not_found", "channel_is_limited_access", "missing_scope"})


async def read_channel(client: AsyncWebClient, channel_id: str) -> Channel | None:
    """Return the channel, or None if the bot can't see it; raises Refusal if Slack does not answer."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            answer = await client.conversations_info(channel=channel_id, include_num_members=True)
    except Exception as error:
        failure = classify(error)
        if failure is None:
            raise
        if failure.code in NOT_TO_BE_SEEN:
            return None
        log.warning("channel not read", extra={"channel": channel_id, "error": failure.code})
    else:
        found = answer.get("channel")
        if isinstance(found, dict) and found.get("id"):
            if found.get("is_im") or found.get("is_mpim"):
                return None
            is_member = bool(found.get("is_member"))
            members = found.get("num_members")
            return Channel(
                id=channel_id,
                name=str(found.get("name") or channel_id),
                is_private=bool(found.get("is_private")),
                is_member=is_member,
                is_archived=bool(found.get("is_archived")),
                is_shared=any(
                    found.get(flag) for flag in ("is_ext_shared", "is_pending_ext_shared")
                ),
                members=max(members - is_member, 0) if isinstance(members, int) else None,
            )
    raise Refusal(
        "Slack did not tell about this channel: wait a moment, then try again.", field=CHANNEL
    )
