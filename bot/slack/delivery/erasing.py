"""Deletes from Slack what was deleted from the database: messages, files, and what a Home shows.

An order (`bot.domain.outbox.erased`) ends when Slack says that nothing is there any more. Until then it is tried
again with growing pauses, whatever Slack answers.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.database import Database
from bot.domain.outbox import erased, sending
from bot.domain.outbox.outbox import ERASED_FILE, ERASED_HOME
from bot.domain.outbox.sending import Claimed
from bot.slack.delivery.calls import SlackCalls
from bot.slack.delivery.probing import pause_after
from bot.slack.delivery.refusals import Refusals, ids
from bot.slack.outcomes import CallOutcome, Failure, classify
from bot.slack.views.privacy import erased_home_view

log = logging.getLogger(__name__)

LOOKS = 2
"""How often a conversation is searched for a message whose post is in doubt before there is none."""

NOT_THERE = frozenset({"message_not_found", "file_not_found", "file_deleted", "not_found"})
"""Error codes that mean that Slack has nothing to delete."""

NOBODY = frozenset({"user_not_found", "users_not_found", "user_disabled", "cannot_dm_bot"})
"""Error codes that mean that there is no person who could see anything."""


class Erasing:
    """Carries out orders to delete, for one sender."""

    def __init__(
        self,
        *,
        database: Database,
        calls: SlackCalls,
        clock: Clock,
        refusals: Refusals,
        sender: str,
    ) -> None:
        self._database = database
        self._calls = calls
        self._clock = clock
        self._refusals = refusals
        self._sender = sender

    async def carry_out(self, claimed: Claimed) -> None:
        """Delete what the order names, and end it; put it back where Slack does not do so now."""
        try:
            is_done = await self._delete(claimed)
        except Exception as error:
            failure = classify(error)
            if failure is None:
                raise
            if not _is_gone(claimed, failure):
                await self._refused(claimed, failure)
                return
            is_done = True
        if is_done:
            log.info("erased", extra=ids(claimed))
            await self._database.write(erased.done, claimed=claimed, sender=self._sender)
        else:
            await self._refusals.unknown(claimed, looked=True)

    async def _delete(self, claimed: Claimed) -> bool:
        """Return whether nothing is left; False where a message may still turn up."""
        if claimed.channel is None:
            return True  # it was never posted
        if claimed.surface == ERASED_HOME:
            await self._calls.call(
                "views.publish", user_id=claimed.channel, view=erased_home_view()
            )
        elif claimed.surface == ERASED_FILE:
            await self._calls.call("files.delete", file=claimed.channel)
        elif claimed.ts is not None:
            await self._calls.call("chat.delete", channel=claimed.channel, ts=claimed.ts)
        elif claimed.unknown_since is not None:
            return await self._search(claimed, claimed.channel)
        return True

    async def _search(self, claimed: Claimed, place: str) -> bool:
        """Delete every copy of the message in the place; return whether no other can turn up."""
        oldest = (claimed.unknown_since or self._clock.now()) - sending.LEASE - timedelta(hours=1)
        if place.startswith(("U", "W")):
            answer = await self._calls.call("conversations.open", users=place)
            place = str(answer["channel"]["id"])
        copies = await self._calls.copies(place, claimed.token, oldest)
        for ts in copies:
            try:
                await self._calls.call("chat.delete", channel=place, ts=ts)
            except SlackApiError as error:
                failure = classify(error)
                if failure is None or failure.code not in NOT_THERE:
                    raise
        return bool(copies) or claimed.lookbacks + 1 >= LOOKS

    async def _refused(self, claimed: Claimed, failure: Failure) -> None:
        log.warning("not erased", extra={**ids(claimed), "code": failure.code})
        now = self._clock.now()
        if failure.outcome is CallOutcome.TOKEN_DEAD and await self._refusals.token_refused(
            claimed, failure
        ):
            return
        limited = failure.outcome is CallOutcome.RATE_LIMITED
        wait = (
            timedelta(seconds=failure.retry_after)
            if limited
            else pause_after(claimed.attempts, within_window=False)
        )
        await self._refusals.put_back(
            claimed, now + wait, counts=not limited, refused_because=failure.code
        )


def _is_gone(claimed: Claimed, failure: Failure) -> bool:
    """Return whether Slack's refusal means that nobody can see anything of it any more."""
    if failure.code in NOT_THERE:
        return True
    in_person = claimed.surface == ERASED_HOME or (claimed.channel or "").startswith(("U", "W"))
    if in_person:
        return failure.code in NOBODY
    return failure.code == "channel_not_found" and (claimed.channel or "").startswith("D")
