"""Delivers one row of the outbox to Slack.

The surface is rendered from current state, then posted, updated or published; no call is made inside a
transaction. After every call one of three outcomes is reported: done, certainly not done, or unknown. After an
unknown outcome the sender searches the conversation twice, LOOK_AFTER apart, for the token in the message's
metadata before it posts anything again.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.database import Database
from bot.domain import deliveries
from bot.domain.deliveries import PostReport
from bot.domain.handover import messages as moving
from bot.domain.outbox import sending
from bot.domain.outbox.sending import Claimed, Report
from bot.slack.delivery.calls import SlackCalls, cannot_look
from bot.slack.delivery.pacing import Pace
from bot.slack.delivery.rendering import (
    Misplaced,
    OnlyRedrawn,
    Rendered,
    RenderRequest,
    ToChannel,
    ToHome,
    ToMember,
    conversations,
    render_many,
)
from bot.slack.outcomes import CallOutcome, Failure, UnrecordedPost, classify

log = logging.getLogger(__name__)

LOOK_AFTER = timedelta(seconds=60)
"""The time between an unknown outcome and a look, and between two looks: Slack shows an accepted post by then."""

LOOKS = 2

REFUSED_FOR = timedelta(hours=1)
"""The time between two attempts at a row that the workspace, the channel or the person refuses."""

METADATA_EVENT = "basecoach_delivery"

NO_VERSION = 0
"""The version of a message that is known to exist, but not with which content."""


class Delivery:
    """Delivers rows to Slack for one sender."""

    def __init__(
        self, *, database: Database, calls: SlackCalls, clock: Clock, pace: Pace, sender: str
    ) -> None:
        self.last_at: datetime | None = None
        self._database = database
        self._calls = calls
        self._clock = clock
        self._pace = pace
        self._sender = sender
        self._booked: dict[int, datetime] = {}

    async def deliver(self, claimed: Claimed) -> None:
        """Show the row's surface in its current state, and report the outcome.

        Raises UnrecordedPost, and any error that rendering the surface raised; the row then stays claimed.
        """
        rendered = await self._database.read_batched(
            render_many,
            RenderRequest(
                claimed.surface,
                claimed.subject_id,
                self._clock.now(),
                stands_in=claimed.channel if claimed.ts is not None else None,
            ),
        )
        if rendered is None:
            await self._give_up(claimed, "nothing to show")
            return
        if isinstance(rendered, Misplaced):
            await self._database.write(
                moving.move,
                claimed=claimed,
                sender=self._sender,
                is_open=rendered.is_open,
                now=self._clock.now(),
            )
            return
        started = self._clock.now()
        try:
            if isinstance(rendered, ToHome):
                await self._calls.call(
                    "views.publish", user_id=rendered.slack_user_id, view=rendered.view
                )
                await self._shown(claimed)
            elif claimed.ts is not None:
                await self._calls.call(
                    "chat.update",
                    channel=claimed.channel,
                    ts=claimed.ts,
                    metadata=_metadata(claimed),
                    **rendered.message,
                )
                await self._shown(claimed)
            elif isinstance(rendered, OnlyRedrawn):
                await self._give_up(claimed, "nothing to show")
            else:
                await self._post(claimed, rendered)
        except Exception as error:
            understood = classify(error)
            if understood is None:
                raise
            await self._failed(claimed, rendered, understood, started)

    async def _post(self, claimed: Claimed, rendered: ToMember | ToChannel) -> None:
        if isinstance(rendered, ToChannel) and await self._waits_for_slot(
            claimed, rendered.channel
        ):
            return
        if claimed.unknown_since is not None:
            if await self._found(claimed, rendered, claimed.unknown_since):
                return
            if claimed.lookbacks + 1 < LOOKS:
                await self._unknown(claimed, looked=True)
                return
        if isinstance(rendered, ToMember) and await self._comes_at_a_wrong_time(claimed, rendered):
            return
        answer = await self._post_or_plainly(claimed, rendered)
        try:
            await self._posted(claimed, rendered, str(answer["channel"]), str(answer["ts"]))
        except Exception as error:
            raise UnrecordedPost from error

    async def _post_or_plainly(self, claimed: Claimed, rendered: ToMember | ToChannel) -> Any:
        """Post the message; if Slack rejects its blocks, post its plain text, once."""
        arguments = {
            "channel": _destination(rendered),
            "metadata": _metadata(claimed),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        try:
            return await self._calls.call("chat.postMessage", **arguments, **rendered.message)
        except SlackApiError as error:
            failure = classify(error)
            if failure is None or failure.outcome is not CallOutcome.PAYLOAD:
                raise
            log.error("posted as plain text", extra={**ids(claimed), **_facts(error)})
            text = rendered.message["text"]
            return await self._calls.call("chat.postMessage", **arguments, text=text)

    async def _waits_for_slot(self, claimed: Claimed, channel: str) -> bool:
        """Return whether the row was put back until the channel accepts its next message."""
        now = self._clock.now()
        slot = self._booked.pop(claimed.id, None) or self._pace.channel_slot(channel, now)
        if slot <= now:
            return False
        self._booked[claimed.id] = slot
        await self.put_back(claimed, slot, counts=False)
        return True

    async def _comes_at_a_wrong_time(self, claimed: Claimed, rendered: ToMember) -> bool:
        """Return whether a first post was postponed to working hours, or given up because it is too late."""
        now = self._clock.now()
        if rendered.latest is not None and now > rendered.latest:
            await self._give_up(claimed, "too late")
            return True
        if rendered.earliest is not None and now < rendered.earliest:
            await self.put_back(claimed, rendered.earliest, counts=False)
            return True
        return False

    async def _channel(self, rendered: ToMember | ToChannel) -> str:
        """Return the conversation that has to be searched for the message."""
        if isinstance(rendered, ToChannel):
            return rendered.channel
        if rendered.dm_channel is not None:
            return rendered.dm_channel
        answer = await self._calls.call("conversations.open", users=rendered.slack_user_id)
        channel = str(answer["channel"]["id"])
        await self._database.write(
            deliveries.dm_opened, member_id=rendered.member_id, channel=channel
        )
        return channel

    async def _found(
        self, claimed: Claimed, rendered: ToMember | ToChannel, began: datetime
    ) -> bool:
        """Search for the message of an earlier attempt; record it if it exists, and return whether it does."""
        for place in await self._database.read(
            conversations, surface=claimed.surface, subject_id=claimed.subject_id, rendered=rendered
        ):
            try:
                channel = await self._channel(place)
                copies = await self._calls.copies(channel, claimed.token, began - sending.LEASE)
            except SlackApiError as error:
                if not cannot_look(error):
                    raise
                # The bot can't read the conversation, so after the wait the message is sent again (see `doctor`).
                log.warning("cannot look back", extra={**ids(claimed), **_facts(error)})
                continue
            if copies:
                log.info("found in history", extra=ids(claimed))
                # The earlier attempt rendered this message; it is rendered again, because much may have changed
                # since.
                of_then = replace(claimed, desired_version=NO_VERSION)
                await self._posted(of_then, place, channel, copies[0])
                return True
        return False

    # Reports to the outbox.

    async def _posted(
        self, claimed: Claimed, rendered: ToMember | ToChannel, channel: str, ts: str
    ) -> None:
        self.last_at = now = self._clock.now()
        first = await self._database.write_batched(
            deliveries.posted,
            PostReport(
                Report(claimed, self._sender, now, channel=channel, ts=ts),
                new_dm_of=rendered.member_id
                if isinstance(rendered, ToMember) and rendered.dm_channel != channel
                else None,
            ),
        )
        if first:
            log.info("posted", extra=ids(claimed))
        else:
            await self._calls.delete(channel, ts)

    async def _shown(self, claimed: Claimed) -> None:
        self.last_at = now = self._clock.now()
        await self._database.write_batched(sending.mark_shown, Report(claimed, self._sender, now))

    async def put_back(
        self,
        claimed: Claimed,
        due_at: datetime,
        *,
        counts: bool,
        fails_with: str | None = None,
        may_arrive_since: datetime | None = None,
    ) -> None:
        """Report that nothing was done for the row, which is due again at `due_at`; see `sending.put_back`."""
        await self._database.write(
            sending.put_back,
            claimed=claimed,
            sender=self._sender,
            due_at=due_at,
            counts=counts,
            fails_with=fails_with,
            may_arrive_since=may_arrive_since,
        )

    async def _unknown(
        self, claimed: Claimed, *, looked: bool, since: datetime | None = None
    ) -> None:
        now = self._clock.now()
        await self._database.write(
            sending.mark_unknown,
            claimed=claimed,
            sender=self._sender,
            since=since or now,
            due_at=now + LOOK_AFTER,
            looked=looked,
        )

    async def _failed(
        self, claimed: Claimed, rendered: Rendered, failure: Failure, started: datetime
    ) -> None:
        """Report what a failed call means for the row."""
        now = self._clock.now()
        facts = {**ids(claimed), "code": failure.code, "detail": failure.detail}
        log.warning("not delivered", extra=facts)
        posting = not isinstance(rendered, ToHome) and claimed.ts is None
        match failure.outcome:
            case CallOutcome.RATE_LIMITED:
                later = now + timedelta(seconds=failure.retry_after)
                await self.put_back(claimed, later, counts=False)
            case CallOutcome.UNKNOWN if posting:
                await self._unknown(claimed, looked=False, since=started)
            case CallOutcome.UNKNOWN | CallOutcome.NOT_DONE:
                unknown = failure.outcome is CallOutcome.UNKNOWN
                await self.put_back(
                    claimed,
                    now + backoff(claimed.attempts),
                    counts=True,
                    may_arrive_since=started if unknown else None,
                )
            case CallOutcome.TOKEN_DEAD:
                await self._database.write(
                    deliveries.token_died, workspace_id=claimed.workspace_id, because=failure.code
                )
                await self.put_back(claimed, now + REFUSED_FOR, counts=False)
            case CallOutcome.PAUSED | CallOutcome.OPERATOR:
                await self.put_back(claimed, now + REFUSED_FOR, counts=False)
            case CallOutcome.CHANNEL_UNUSABLE | CallOutcome.RECIPIENT_GONE:
                await self._place_refused(claimed, rendered, failure)
            case CallOutcome.STALE if claimed.ts is not None:
                await self._database.write(
                    sending.forget_post, claimed=claimed, sender=self._sender, now=now
                )
            case _:
                await self._give_up(claimed, failure.code)

    async def _place_refused(self, claimed: Claimed, rendered: Rendered, failure: Failure) -> None:
        """Handle a channel that the bot can't post in, or a person whom it can't write to."""
        now = self._clock.now()
        channel_refused = failure.outcome is CallOutcome.CHANNEL_UNUSABLE
        if claimed.ts is not None:
            # The message exists where the bot can't change it now. That counts as no failure; once a channel works
            # again, its messages are updated.
            in_dm = isinstance(rendered, ToMember) and claimed.channel == rendered.dm_channel
            await self.put_back(
                claimed,
                now + REFUSED_FOR,
                counts=in_dm,
                fails_with=failure.code if in_dm else None,
            )
        elif isinstance(rendered, ToChannel) and channel_refused:
            await self._database.write(
                deliveries.channel_failed,
                claimed=claimed,
                sender=self._sender,
                code=failure.code,
                now=now,
            )
        elif isinstance(rendered, (ToMember, ToHome)):
            await self._database.write(
                deliveries.recipient_gone,
                claimed=claimed,
                sender=self._sender,
                member_id=rendered.member_id,
                because=failure.code,
                now=now,
            )
        else:
            await self._give_up(claimed, failure.code)

    async def _give_up(self, claimed: Claimed, because: str) -> None:
        await self._database.write(
            sending.give_up, claimed=claimed, sender=self._sender, because=because
        )


def _destination(rendered: ToMember | ToChannel) -> str:
    if isinstance(rendered, ToChannel):
        return rendered.channel
    # For a user id Slack opens the DM itself, and its answer names the DM.
    return rendered.dm_channel or rendered.slack_user_id


def _metadata(claimed: Claimed) -> dict[str, Any]:
    return {"event_type": METADATA_EVENT, "event_payload": {"token": claimed.token}}


def _facts(error: Exception) -> dict[str, Any]:
    failure = classify(error)
    return {} if failure is None else {"code": failure.code, "detail": failure.detail}


def backoff(attempts: int) -> timedelta:
    """Return the wait before the next attempt: 2 s, 4 s, 8 s … up to a quarter of an hour."""
    return timedelta(seconds=min(2.0 ** min(attempts + 1, 10), 900.0))


def ids(claimed: Claimed) -> dict[str, Any]:
    """Return the ids of the row for a log line."""
    return {"row": claimed.id, "surface": claimed.surface, "subject": claimed.subject_id}
