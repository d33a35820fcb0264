"""One row of the outbox, brought to Slack.

It is drawn from current state, then posted, updated or published; no call is made inside a transaction. After
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
from bot.domain.deliveries import Posted
from bot.domain.outbox import sending
from bot.domain.outbox.sending import Claimed, Report, Suspect
from bot.slack.delivery.drawing import (
    Drawn,
    ToChannel,
    ToHome,
    ToMember,
    Wanted,
    conversations,
    draw,
    draw_together,
)
from bot.slack.delivery.pacing import Pace
from bot.slack.outcomes import Failure, HeldBack, Outcome, understand

log = logging.getLogger(__name__)

LOOK_AFTER = timedelta(seconds=60)
"""Between an unknown outcome and a look, and between two looks: by then Slack shows an accepted post."""

LOOKS = 2

HISTORY_LIMIT = 200
HISTORY_PAGES = 5

HEAL_LIMIT = 20
HEAL_SPAN = timedelta(hours=1)
"""How long before the noted message a second copy may have been posted."""

CANNOT_LOOK = frozenset({"missing_scope", "channel_not_found", "not_in_channel", "is_archived"})
"""Codes after which looking for a second copy is given up."""

METADATA_EVENT = "basecoach_delivery"

NO_VERSION = 0
"""The version that a message shows of which only that it stands is known."""


class NotNoted(Exception):
    """Slack has the message, but the database could not be told. The row must stay claimed: when its lease
    ends it comes back as one whose outcome is unknown, and the message is found.
    """


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

        Raises NotNoted, and whatever drawing the surface raised; the row is then still claimed.
        """
        drawn = await self._database.read_together(
            draw_together, Wanted(claimed.surface, claimed.subject_id, self._clock.now())
        )
        if drawn is None:
            await self._database.write(
                sending.give_up, claimed=claimed, sender=self._sender, because="nothing to show"
            )
            return
        started = self._clock.now()
        try:
            if isinstance(drawn, ToHome):
                await self._call("views.publish", user_id=drawn.slack_user_id, view=drawn.view)
                await self._shown(claimed)
            elif claimed.ts is not None:
                await self._call(
                    "chat.update",
                    channel=claimed.channel,
                    ts=claimed.ts,
                    metadata=_metadata(claimed),
                    **drawn.message,
                )
                await self._shown(claimed)
            else:
                await self._post(claimed, drawn)
        except Exception as error:
            understood = understand(error)
            if understood is None:
                raise
            await self._failed(claimed, drawn, understood, started)

    async def _post(self, claimed: Claimed, drawn: ToMember | ToChannel) -> None:
        if isinstance(drawn, ToChannel) and await self._waits_for_slot(claimed, drawn.channel):
            return
        if claimed.uncertain_since is not None:
            if await self._found(claimed, drawn, claimed.uncertain_since):
                return
            if claimed.looks + 1 < LOOKS:
                await self._unknown(claimed, looked=True)
                return
        if isinstance(drawn, ToMember) and await self._comes_at_a_wrong_time(claimed, drawn):
            return
        answer = await self._post_or_plainly(claimed, drawn)
        try:
            await self._posted(claimed, drawn, str(answer["channel"]), str(answer["ts"]))
        except Exception as error:
            raise NotNoted from error

    async def _post_or_plainly(self, claimed: Claimed, drawn: ToMember | ToChannel) -> Any:
        """Post the message; where Slack does not take its blocks, its plain text, once."""
        arguments = {
            "channel": _destination(drawn),
            "metadata": _metadata(claimed),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        try:
            return await self._call("chat.postMessage", **arguments, **drawn.message)
        except SlackApiError as error:
            failure = understand(error)
            if failure is None or failure.outcome is not Outcome.PAYLOAD:
                raise
            facts = {**ids(claimed), "code": failure.code, "detail": failure.detail}
            log.error("posted as plain text", extra=facts)
            text = drawn.message["text"]
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

    async def _comes_at_a_wrong_time(self, claimed: Claimed, drawn: ToMember) -> bool:
        """Whether a first post was put off to working hours, or given up because it comes too late."""
        now = self._clock.now()
        if drawn.latest is not None and now > drawn.latest:
            await self._database.write(
                sending.give_up, claimed=claimed, sender=self._sender, because="too late"
            )
            return True
        if drawn.earliest is not None and now < drawn.earliest:
            await self.put_back(claimed, drawn.earliest, counts=False)
            return True
        return False

    async def _channel(self, drawn: ToMember | ToChannel) -> str:
        """The conversation to look into."""
        if isinstance(drawn, ToChannel):
            return drawn.channel
        if drawn.dm_channel is not None:
            return drawn.dm_channel
        answer = await self._call("conversations.open", users=drawn.slack_user_id)
        channel = str(answer["channel"]["id"])
        await self._database.write(deliveries.dm_opened, member_id=drawn.member_id, channel=channel)
        return channel

    async def _found(self, claimed: Claimed, drawn: ToMember | ToChannel, began: datetime) -> bool:
        """Whether the message of an earlier attempt stands somewhere; then it is noted."""
        for place in await self._database.read(
            conversations, surface=claimed.surface, subject_id=claimed.subject_id, drawn=drawn
        ):
            try:
                channel = await self._channel(place)
                copies = await self._copies(channel, claimed.token, began - sending.LEASE)
            except SlackApiError as error:
                failure = understand(error)
                if failure is None or failure.code not in CANNOT_LOOK:
                    raise
                # Nobody can look there: after the wait it is sent again (see `doctor`).
                facts = {**ids(claimed), "code": failure.code, "detail": failure.detail}
                log.warning("cannot look back", extra=facts)
                continue
            if copies:
                log.info("found in history", extra=ids(claimed))
                # What it shows was drawn by that attempt, and is drawn anew: much may have changed since.
                of_then = replace(claimed, wanted=NO_VERSION)
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

    async def heal(self) -> None:
        """Delete second copies of messages that had to be posted again; the first noted one stays."""
        suspects = await self._database.write(
            sending.suspects, now=self._clock.now(), limit=HEAL_LIMIT
        )
        for suspect in suspects:
            try:
                await self._heal(suspect)
            except Exception as error:
                if understand(error) is None:
                    raise
                continue  # it comes back later
            await self._database.write(sending.healed, suspect_id=suspect.id)

    async def _heal(self, suspect: Suspect) -> None:
        drawn = await self._database.read(
            draw, surface=suspect.surface, subject_id=suspect.subject_id, now=self._clock.now()
        )
        channels = {suspect.channel}
        if isinstance(drawn, (ToMember, ToChannel)):
            for place in await self._database.read(
                conversations, surface=suspect.surface, subject_id=suspect.subject_id, drawn=drawn
            ):
                known = place.channel if isinstance(place, ToChannel) else place.dm_channel
                channels |= {known} if known is not None else set()
        oldest = suspect.posted_at - HEAL_SPAN
        for channel in sorted(channels):
            try:
                copies = await self._copies(channel, suspect.token, oldest)
            except SlackApiError as error:
                failure = understand(error)
                if failure is None or failure.code not in CANNOT_LOOK:
                    raise
                continue
            for ts in copies:
                if (channel, ts) != (suspect.channel, suspect.ts):
                    await self._delete(channel, ts)

    async def _delete(self, channel: str, ts: str) -> None:
        try:
            await self._call("chat.delete", channel=channel, ts=ts)
            log.warning("a second copy was deleted", extra={"channel": channel})
        except SlackApiError as error:
            failure = understand(error)
            if failure is None or failure.outcome is not Outcome.STALE:
                raise  # gone already is as good as deleted

    async def _call(self, method: str, **arguments: Any) -> Any:
        """One call, made once. A 429 slows the method down for everything that follows; what was claimed
        before it, and has not called yet, is held back, too.
        """
        if (pause := self._pace.pause(method, self._clock.now())) > 0:
            raise HeldBack(pause)
        try:
            answer = await getattr(self._client, method.replace(".", "_"))(**arguments)
        except Exception as error:
            failure = understand(error)
            if failure is not None and failure.outcome is Outcome.RATE_LIMITED:
                self._pace.refused(method, failure.retry_after, self._clock.now())
            raise
        self._pace.taken(method, self._clock.now())
        return answer

    # What is reported back.

    async def _posted(
        self, claimed: Claimed, drawn: ToMember | ToChannel, channel: str, ts: str
    ) -> None:
        self.last_at = now = self._clock.now()
        first = await self._database.write_together(
            deliveries.posted,
            Posted(
                Report(claimed, self._sender, now, channel=channel, ts=ts),
                new_dm_of=drawn.member_id
                if isinstance(drawn, ToMember) and drawn.dm_channel != channel
                else None,
            ),
        )
        if first:
            log.info("posted", extra=ids(claimed))
        else:
            await self._delete(channel, ts)

    async def _shown(self, claimed: Claimed) -> None:
        self.last_at = now = self._clock.now()
        await self._database.write_together(sending.mark_shown, Report(claimed, self._sender, now))

    async def put_back(
        self,
        claimed: Claimed,
        due_at: datetime,
        *,
        counts: bool,
        dies_of: str | None = None,
        may_arrive_since: datetime | None = None,
    ) -> None:
        """Nothing was done for the row: it is due again at `due_at`; see `sending.put_back`."""
        await self._database.write(
            sending.put_back,
            claimed=claimed,
            sender=self._sender,
            due_at=due_at,
            counts=counts,
            dies_of=dies_of,
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
        self, claimed: Claimed, drawn: Drawn, failure: Failure, started: datetime
    ) -> None:
        """Decide what a failed call means for the row."""
        now = self._clock.now()
        facts = {**ids(claimed), "code": failure.code, "detail": failure.detail}
        log.warning("not delivered", extra=facts)
        posting = not isinstance(drawn, ToHome) and claimed.ts is None
        match failure.outcome:
            case Outcome.RATE_LIMITED:
                later = now + timedelta(seconds=failure.retry_after)
                await self.put_back(claimed, later, counts=False)
            case Outcome.UNKNOWN if posting:
                await self._unknown(claimed, looked=False, since=started)
            case Outcome.UNKNOWN | Outcome.NOT_DONE:
                await self.put_back(
                    claimed,
                    now + backoff(claimed.attempts),
                    counts=True,
                    may_arrive_since=started if failure.outcome is Outcome.UNKNOWN else None,
                )
            case Outcome.PAUSED | Outcome.TOKEN_DEAD | Outcome.OPERATOR:
                if failure.outcome is Outcome.TOKEN_DEAD:
                    await self._database.write(
                        deliveries.token_died,
                        workspace_id=claimed.workspace_id,
                        because=failure.code,
                    )
                await self.put_back(claimed, now + timedelta(hours=1), counts=False)
            case Outcome.CHANNEL_UNUSABLE if isinstance(drawn, ToChannel) and posting:
                await self._database.write(
                    deliveries.channel_failed,
                    claimed=claimed,
                    sender=self._sender,
                    code=failure.code,
                    now=now,
                )
            case Outcome.CHANNEL_UNUSABLE | Outcome.RECIPIENT_GONE if claimed.ts is not None:
                # The message stands where nothing can be changed now. That is nobody's fault, and when a
                # channel is mended what it shows is brought up to date.
                in_dm = isinstance(drawn, ToMember) and claimed.channel == drawn.dm_channel
                await self.put_back(
                    claimed,
                    now + timedelta(hours=1),
                    counts=in_dm,
                    dies_of=failure.code if in_dm else None,
                )
            case Outcome.RECIPIENT_GONE | Outcome.CHANNEL_UNUSABLE if isinstance(
                drawn, (ToMember, ToHome)
            ):
                await self._database.write(
                    deliveries.recipient_gone,
                    claimed=claimed,
                    sender=self._sender,
                    member_id=drawn.member_id,
                    because=failure.code,
                    now=now,
                )
            case Outcome.STALE if claimed.ts is not None:
                await self._database.write(
                    sending.forget_post, claimed=claimed, sender=self._sender, now=now
                )
            case _:
                await self._database.write(
                    sending.give_up, claimed=claimed, sender=self._sender, because=failure.code
                )


def _destination(drawn: ToMember | ToChannel) -> str:
    if isinstance(drawn, ToChannel):
        return drawn.channel
    # Slack opens a DM by itself for a user id, and answers which one it is.
    return drawn.dm_channel or drawn.slack_user_id


def _metadata(claimed: Claimed) -> dict[str, Any]:
    return {"event_type": METADATA_EVENT, "event_payload": {"token": claimed.token}}


def backoff(attempts: int) -> timedelta:
    """2 s, 4 s, 8 s … up to a quarter of an hour."""
    return timedelta(seconds=min(2.0 ** min(attempts + 1, 10), 900.0))


def ids(claimed: Claimed) -> dict[str, Any]:
    """The row for a log line."""
    return {"row": claimed.id, "surface": claimed.surface, "subject": claimed.subject_id}
