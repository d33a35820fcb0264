"""One row of the outbox, brought to Slack.

It is rendered from current state, then posted, updated or published; no call is made inside a transaction. After
every call one of three outcomes is reported: done, certainly not done, or unknown. After an unknown one the
conversation is read back by the token in the message's metadata, twice and well apart, before anything is
posted again.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.database import Database
from bot.domain import deliveries
from bot.domain.deliveries import PostReport
from bot.domain.outbox import sending
from bot.domain.outbox.sending import Claimed, PossibleDuplicate, Report
from bot.slack.delivery.pacing import Pace
from bot.slack.delivery.rendering import (
    Rendered,
    RenderRequest,
    ToChannel,
    ToHome,
    ToMember,
    conversations,
    render,
    render_many,
)
from bot.slack.outcomes import CallOutcome, Failure, RateLimited, UnrecordedPost, classify

log = logging.getLogger(__name__)

LOOK_AFTER = timedelta(seconds=60)
"""Between an unknown outcome and a look, and between two looks: by then Slack shows an accepted post."""

LOOKS = 2

HISTORY_LIMIT = 200
HISTORY_PAGES = 5

DUPLICATE_CHECK_LIMIT = 20
DUPLICATE_SPAN = timedelta(hours=1)
"""How long before the noted message a second copy may have been posted."""

CANNOT_LOOK = frozenset({"missing_scope", "channel_not_found", "not_in_channel", "is_archived"})
"""Codes after which looking for a second copy is given up."""

METADATA_EVENT = "basecoach_delivery"

NO_VERSION = 0
"""The version that a message shows of which only that it stands is known."""


class Delivery:
    """Brings rows to Slack in the name of one sender."""

    def __init__(
        self, *, database: Database, client: AsyncWebClient, clock: Clock, pace: Pace, sender: str
    ) -> None:
        self.last_at: datetime | None = None
        self._database = database
        self._client = client
        self._clock = clock
        self._pace = pace
        self._sender = sender
        self._booked: dict[int, datetime] = {}

    async def deliver(self, claimed: Claimed) -> None:
        """Show the row's surface as it should look now, and report what became of it.

        Raises UnrecordedPost, and whatever drawing the surface raised; the row is then still claimed.
        """
        rendered = await self._database.read_batched(
            render_many, RenderRequest(claimed.surface, claimed.subject_id, self._clock.now())
        )
        if rendered is None:
            await self._database.write(
                sending.give_up, claimed=claimed, sender=self._sender, because="nothing to show"
            )
            return
        started = self._clock.now()
        try:
            if isinstance(rendered, ToHome):
                await self._call(
                    "views.publish", user_id=rendered.slack_user_id, view=rendered.view
                )
                await self._shown(claimed)
            elif claimed.ts is not None:
                await self._call(
                    "chat.update",
                    channel=claimed.channel,
                    ts=claimed.ts,
                    metadata=_metadata(claimed),
                    **rendered.message,
                )
                await self._shown(claimed)
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
        """Post the message; where Slack does not take its blocks, its plain text, once."""
        arguments = {
            "channel": _destination(rendered),
            "metadata": _metadata(claimed),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        try:
            return await self._call("chat.postMessage", **arguments, **rendered.message)
        except SlackApiError as error:
            failure = classify(error)
            if failure is None or failure.outcome is not CallOutcome.PAYLOAD:
                raise
            facts = {**ids(claimed), "code": failure.code, "detail": failure.detail}
            log.error("posted as plain text", extra=facts)
            text = rendered.message["text"]
            return await self._call("chat.postMessage", **arguments, text=text)

    async def _waits_for_slot(self, claimed: Claimed, channel: str) -> bool:
        """Whether the row was put back until the channel takes its next message."""
        now = self._clock.now()
        slot = self._booked.pop(claimed.id, None) or self._pace.channel_slot(channel, now)
        if slot <= now:
            return False
        self._booked[claimed.id] = slot
        await self.put_back(claimed, slot, counts=False)
        return True

    async def _comes_at_a_wrong_time(self, claimed: Claimed, rendered: ToMember) -> bool:
        """Whether a first post was put off to working hours, or given up because it comes too late."""
        now = self._clock.now()
        if rendered.latest is not None and now > rendered.latest:
            await self._database.write(
                sending.give_up, claimed=claimed, sender=self._sender, because="too late"
            )
            return True
        if rendered.earliest is not None and now < rendered.earliest:
            await self.put_back(claimed, rendered.earliest, counts=False)
            return True
        return False

    async def _channel(self, rendered: ToMember | ToChannel) -> str:
        """The conversation to look into."""
        if isinstance(rendered, ToChannel):
            return rendered.channel
        if rendered.dm_channel is not None:
            return rendered.dm_channel
        answer = await self._call("conversations.open", users=rendered.slack_user_id)
        channel = str(answer["channel"]["id"])
        await self._database.write(
            deliveries.dm_opened, member_id=rendered.member_id, channel=channel
        )
        return channel

    async def _found(
        self, claimed: Claimed, rendered: ToMember | ToChannel, began: datetime
    ) -> bool:
        """Whether the message of an earlier attempt stands somewhere; then it is noted."""
        for place in await self._database.read(
            conversations, surface=claimed.surface, subject_id=claimed.subject_id, rendered=rendered
        ):
            try:
                channel = await self._channel(place)
                copies = await self._copies(channel, claimed.token, began - sending.LEASE)
            except SlackApiError as error:
                failure = classify(error)
                if failure is None or failure.code not in CANNOT_LOOK:
                    raise
                # Nobody can look there: after the wait it is sent again (see `doctor`).
                facts = {**ids(claimed), "code": failure.code, "detail": failure.detail}
                log.warning("cannot look back", extra=facts)
                continue
            if copies:
                log.info("found in history", extra=ids(claimed))
                # What it shows was rendered by that attempt, and is rendered anew: much may have changed since.
                of_then = replace(claimed, desired_version=NO_VERSION)
                await self._posted(of_then, place, channel, copies[0])
                return True
        return False

    async def _copies(self, channel: str, token: str, oldest: datetime) -> list[str]:
        """The `ts` of every message since a moment that carries the token, oldest first."""
        found: list[str] = []
        cursor: str | None = None
        for _ in range(HISTORY_PAGES):
            answer = await self._call(
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

    async def remove_duplicates(self) -> None:
        """Delete second copies of messages that had to be posted again; the first noted one stays."""
        possible_duplicates = await self._database.write(
            sending.possible_duplicates, now=self._clock.now(), limit=DUPLICATE_CHECK_LIMIT
        )
        for duplicate in possible_duplicates:
            try:
                await self._remove_duplicates_of(duplicate)
            except Exception as error:
                if classify(error) is None:
                    raise
                continue  # it comes back later
            await self._database.write(sending.duplicates_removed, item_id=duplicate.id)

    async def _remove_duplicates_of(self, duplicate: PossibleDuplicate) -> None:
        rendered = await self._database.read(
            render,
            surface=duplicate.surface,
            subject_id=duplicate.subject_id,
            now=self._clock.now(),
        )
        channels = {duplicate.channel}
        if isinstance(rendered, (ToMember, ToChannel)):
            for place in await self._database.read(
                conversations,
                surface=duplicate.surface,
                subject_id=duplicate.subject_id,
                rendered=rendered,
            ):
                known = place.channel if isinstance(place, ToChannel) else place.dm_channel
                channels |= {known} if known is not None else set()
        oldest = duplicate.posted_at - DUPLICATE_SPAN
        for channel in sorted(channels):
            try:
                copies = await self._copies(channel, duplicate.token, oldest)
            except SlackApiError as error:
                failure = classify(error)
                if failure is None or failure.code not in CANNOT_LOOK:
                    raise
                continue
            for ts in copies:
                if (channel, ts) != (duplicate.channel, duplicate.ts):
                    await self._delete(channel, ts)

    async def _delete(self, channel: str, ts: str) -> None:
        try:
            await self._call("chat.delete", channel=channel, ts=ts)
            log.warning("a second copy was deleted", extra={"channel": channel})
        except SlackApiError as error:
            failure = classify(error)
            if failure is None or failure.outcome is not CallOutcome.STALE:
                raise  # gone already is as good as deleted

    async def _call(self, method: str, **arguments: Any) -> Any:
        """One call, made once. A 429 slows the method down for everything that follows; what was claimed
        before it, and has not called yet, is held back, too.
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

    # What is reported back.

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
            await self._delete(channel, ts)

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
        """Nothing was done for the row: it is due again at `due_at`; see `sending.put_back`."""
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
        """Decide what a failed call means for the row."""
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
                await self.put_back(
                    claimed,
                    now + backoff(claimed.attempts),
                    counts=True,
                    may_arrive_since=started if failure.outcome is CallOutcome.UNKNOWN else None,
                )
            case CallOutcome.PAUSED | CallOutcome.TOKEN_DEAD | CallOutcome.OPERATOR:
                if failure.outcome is CallOutcome.TOKEN_DEAD:
                    await self._database.write(
                        deliveries.token_died,
                        workspace_id=claimed.workspace_id,
                        because=failure.code,
                    )
                await self.put_back(claimed, now + timedelta(hours=1), counts=False)
            case CallOutcome.CHANNEL_UNUSABLE if isinstance(rendered, ToChannel) and posting:
                await self._database.write(
                    deliveries.channel_failed,
                    claimed=claimed,
                    sender=self._sender,
                    code=failure.code,
                    now=now,
                )
            case CallOutcome.CHANNEL_UNUSABLE | CallOutcome.RECIPIENT_GONE if (
                claimed.ts is not None
            ):
                # The message stands where nothing can be changed now. That is nobody's fault, and when a
                # channel is mended what it shows is brought up to date.
                in_dm = isinstance(rendered, ToMember) and claimed.channel == rendered.dm_channel
                await self.put_back(
                    claimed,
                    now + timedelta(hours=1),
                    counts=in_dm,
                    fails_with=failure.code if in_dm else None,
                )
            case CallOutcome.RECIPIENT_GONE | CallOutcome.CHANNEL_UNUSABLE if isinstance(
                rendered, (ToMember, ToHome)
            ):
                await self._database.write(
                    deliveries.recipient_gone,
                    claimed=claimed,
                    sender=self._sender,
                    member_id=rendered.member_id,
                    because=failure.code,
                    now=now,
                )
            case CallOutcome.STALE if claimed.ts is not None:
                await self._database.write(
                    sending.forget_post, claimed=claimed, sender=self._sender, now=now
                )
            case _:
                await self._database.write(
                    sending.give_up, claimed=claimed, sender=self._sender, because=failure.code
                )


def _destination(rendered: ToMember | ToChannel) -> str:
    if isinstance(rendered, ToChannel):
        return rendered.channel
    # Slack opens a DM by itself for a user id, and answers which one it is.
    return rendered.dm_channel or rendered.slack_user_id


def _metadata(claimed: Claimed) -> dict[str, Any]:
    return {"event_type": METADATA_EVENT, "event_payload": {"token": claimed.token}}


def backoff(attempts: int) -> timedelta:
    """2 s, 4 s, 8 s … up to a quarter of an hour."""
    return timedelta(seconds=min(2.0 ** min(attempts + 1, 10), 900.0))


def ids(claimed: Claimed) -> dict[str, Any]:
    """The row for a log line."""
    return {"row": claimed.id, "surface": claimed.surface, "subject": claimed.subject_id}
