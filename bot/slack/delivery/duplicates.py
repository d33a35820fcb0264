"""Finds second copies of messages that were posted again, by their token, and deletes them."""

from __future__ import annotations

from datetime import timedelta

from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.database import Database
from bot.domain.outbox import duplicates
from bot.domain.outbox.duplicates import PossibleDuplicate
from bot.slack.delivery.addressing import ToChannel, ToMember
from bot.slack.delivery.calls import SlackCalls, cannot_look
from bot.slack.delivery.rendering import conversations, render
from bot.slack.outcomes import classify

DUPLICATE_CHECK_LIMIT = 20

DUPLICATE_SPAN = timedelta(hours=1)
"""How long before the recorded message a second copy may have been posted."""


class DuplicateRemoval:
    """Deletes second copies; the copy whose `ts` was recorded first stays."""

    def __init__(self, *, database: Database, calls: SlackCalls, clock: Clock) -> None:
        self._database = database
        self._calls = calls
        self._clock = clock

    async def run(self) -> None:
        """Check the messages whose check is due; a check that fails is repeated later."""
        due = await self._database.write(
            duplicates.possible_duplicates, now=self._clock.now(), limit=DUPLICATE_CHECK_LIMIT
        )
        for item in due:
            try:
                await self._remove_copies_of(item)
            except Exception as error:
                if classify(error) is None:
                    raise
                continue
            await self._database.write(duplicates.duplicates_removed, item_id=item.id)

    async def _remove_copies_of(self, item: PossibleDuplicate) -> None:
        oldest = item.posted_at - DUPLICATE_SPAN
        for channel in sorted(await self._channels(item)):
            try:
                copies = await self._calls.copies(channel, item.token, oldest)
            except SlackApiError as error:
                if not cannot_look(error):
                    raise
                continue
            for ts in copies:
                if (channel, ts) != (item.channel, item.ts):
                    await self._calls.delete(channel, ts)

    async def _channels(self, item: PossibleDuplicate) -> set[str]:
        """Return every conversation known to the bot in which a copy may have been posted."""
        rendered = await self._database.read(
            render, surface=item.surface, subject_id=item.subject_id, now=self._clock.now()
        )
        channels = {item.channel}
        if isinstance(rendered, (ToMember, ToChannel)):
            for place in await self._database.read(
                conversations, surface=item.surface, subject_id=item.subject_id, rendered=rendered
            ):
                known = place.channel if isinstance(place, ToChannel) else place.dm_channel
                channels |= {known} if known is not None else set()
        return channels
