"""Delivers one row of the outbox to Slack.

The surface is rendered from current state, then posted, updated or published; no call is made inside a
transaction. After every call one of three outcomes is reported: done, certainly not done, or unknown. After an
unknown outcome the sender searches the conversation twice, LOOK_AFTER apart, for the token in the message's
metadata before it posts anything again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import NoResultFound

from bot.clock import Clock
from bot.database import Database
from bot.domain import deliveries
from bot.domain.calendars import reading_hours
from bot.domain.deliveries import PostReport
from bot.domain.handover import messages as moving
from bot.domain.outbox import erased, given_up, sending
from bot.domain.outbox.outbox import ERASED, EXPORT, NOTHING_TO_SHOW, TOO_LATE, Lane
from bot.domain.outbox.sending import Claimed, Report
from bot.slack.delivery.addressing import (
    Misplaced,
    NobodyYet,
    OnlyRedrawn,
    Rendered,
    RenderRequest,
    ToChannel,
    ToHome,
    ToMember,
)
from bot.slack.delivery.calls import SlackCalls, cannot_look
from bot.slack.delivery.charts import Charts
from bot.slack.delivery.erasing import Erasing
from bot.slack.delivery.exporting import Exporting
from bot.slack.delivery.pacing import Pace
from bot.slack.delivery.probing import pause_after
from bot.slack.delivery.refusals import (
    LOOK_TRIES,
    TRIES,
    Refusals,
    ids,
    may_be_plain,
    place_of,
)
from bot.slack.delivery.rendering import conversations, places_in_turn, render_many
from bot.slack.outcomes import PASSING, CallOutcome, UnrecordedPost, classify

log = logging.getLogger(__name__)

Shown = ToMember | ToChannel | ToHome | OnlyRedrawn
"""What a call can show."""

LOOKS = 2

METADATA_EVENT = "basecoach_delivery"

NO_VERSION = 0
"""The version of a message that is known to exist, but not with which content."""


class Delivery:
    """Delivers rows to Slack for one sender."""

    def __init__(
        self,
        *,
        database: Database,
        client: AsyncWebClient,
        calls: SlackCalls,
        clock: Clock,
        pace: Pace,
        refusals: Refusals,
        sender: str,
    ) -> None:
        self.last_at: datetime | None = None
        self.on_opened: Callable[[Lane], None] = lambda lane: None
        """Called when Slack takes a call of a lane that was closed."""
        self._database = database
        self._calls = calls
        self._clock = clock
        self._pace = pace
        self._refusals = refusals
        self._sender = sender
        self._charts = Charts(database=database, calls=calls, clock=clock)
        self._exporting = Exporting(
            database=database,
            client=client,
            calls=calls,
            clock=clock,
            refusals=refusals,
            sender=sender,
        )
        self._erasing = Erasing(
            database=database, calls=calls, clock=clock, refusals=refusals, sender=sender
        )

    async def deliver(self, claimed: Claimed) -> None:
        """Show the row's surface in its current state, and report the outcome.

        Raises UnrecordedPost, and any error that rendering the surface raised; the row then stays claimed.
        """
        if claimed.surface in ERASED:
            await self._erasing.carry_out(claimed)
            return
        if claimed.surface == EXPORT and await self._exporting.carry_out(claimed):
            return
        try:
            rendered = await self._render(claimed)
        except (KeyError, NoResultFound):
            if not await self._database.read(erased.was_taken_out, claimed.id):
                raise
            # What it shows was deleted since the row was claimed: now its message has to go.
            await self._refusals.put_back(claimed, self._clock.now(), counts=False)
            return
        if rendered is None:
            if not await self._may_stand(claimed):
                await self._refusals.give_up(claimed, NOTHING_TO_SHOW)
            return
        if isinstance(rendered, NobodyYet):
            await self._refusals.waits_for_coach(claimed)
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
        if claimed.attempts >= TRIES and claimed.ts is None:
            rendered = await self._another_place(claimed, rendered)
        rendered = await self._charts.fitted(claimed, rendered)
        started = self._clock.now()
        try:
            if isinstance(rendered, ToHome):
                await self._calls.call(
                    "views.publish", user_id=rendered.slack_user_id, view=rendered.view
                )
                await self._shown(claimed)
            elif claimed.ts is not None:
                place = {"channel": claimed.channel, "ts": claimed.ts}
                await self._charts.call(
                    "chat.update", claimed, rendered.message, **place, metadata=_metadata(claimed)
                )
                await self._shown(claimed)
            elif isinstance(rendered, OnlyRedrawn):
                await self._refusals.give_up(claimed, NOTHING_TO_SHOW)
            else:
                await self._post(claimed, rendered)
        except Exception as error:
            understood = classify(error)
            if understood is None:
                raise
            await self._refusals.report(claimed, rendered, understood, started)

    async def _render(self, claimed: Claimed) -> Rendered | None:
        return await self._database.read_batched(
            render_many,
            RenderRequest(
                claimed.surface,
                claimed.subject_id,
                self._clock.now(),
                stands_in=claimed.channel if claimed.ts is not None else None,
            ),
        )

    async def _another_place(self, claimed: Claimed, rendered: Shown) -> Shown:
        """Return the place whose turn it is, after a place has refused a message to coaches several times.

        The coach channel, the coach and the second coach of today take turns until one of them takes the message.
        An outage of Slack's or the network's is no refusal.
        """
        if (
            not isinstance(rendered, (ToMember, ToChannel))
            or claimed.surface not in deliveries.TO_COACHES
        ):
            return rendered
        if claimed.refused_because is None or given_up.passes(claimed.refused_because):
            return rendered
        if claimed.unknown_since is not None:
            return rendered  # it may stand in its place already
        places = await self._database.read(
            places_in_turn,
            surface=claimed.surface,
            subject_id=claimed.subject_id,
            rendered=rendered,
        )
        return places[claimed.attempts // TRIES % len(places)]

    async def _post(self, claimed: Claimed, rendered: ToMember | ToChannel) -> None:
        if claimed.unknown_since is not None:
            if await self._is_found_or_waits(claimed, rendered, claimed.unknown_since):
                return
            if claimed.lookbacks + 1 < LOOKS:
                await self._refusals.unknown(claimed, looked=True)
                return
        if isinstance(rendered, ToMember) and await self._comes_at_a_wrong_time(claimed, rendered):
            return
        if await self._waits_for_its_reader(claimed, rendered):
            return
        if await self._waits_for_slot(claimed, place_of(rendered)):
            return
        answer, shows = await self._post_or_plainly(claimed, rendered)
        try:
            await self._posted(shows, rendered, str(answer["channel"]), str(answer["ts"]))
        except Exception as error:
            raise UnrecordedPost from error

    async def _post_or_plainly(
        self, claimed: Claimed, rendered: ToMember | ToChannel
    ) -> tuple[Any, Claimed]:
        """Post the message; if Slack rejects its content, post its plain text.

        Returns Slack's answer, and the row with the version that it shows now. A message that went out plain shows
        none, so it is updated to its blocks soon, and again with growing pauses while Slack rejects them.
        """
        arguments = {
            "channel": _destination(rendered),
            "metadata": _metadata(claimed),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        try:
            answer = await self._charts.call(
                "chat.postMessage", claimed, rendered.message, **arguments
            )
        except SlackApiError as error:
            if not may_be_plain(error, claimed):
                raise
            text = rendered.message["text"]
            answer = await self._calls.call("chat.postMessage", **arguments, text=text)
            log.error("posted as plain text", extra={**ids(claimed), **_facts(error)})
            return answer, replace(claimed, desired_version=NO_VERSION)
        return answer, claimed

    async def _waits_for_slot(self, claimed: Claimed, place: str) -> bool:
        """Return whether the row was put back until the conversation accepts its next message."""
        now = self._clock.now()
        slot = self._pace.channel_slot(place, claimed.id, now)
        if slot <= now:
            return False
        self._pace.give_back("chat.postMessage", now)
        await self._refusals.put_back(claimed, slot, counts=False)
        return True

    async def _waits_for_its_reader(self, claimed: Claimed, rendered: ToMember | ToChannel) -> bool:
        """Return whether a first post was postponed to its reader's working hours."""
        reader = rendered.member_id if isinstance(rendered, ToMember) else rendered.reader_id
        if claimed.surface not in reading_hours.HELD or reader is None:
            return False
        now = self._clock.now()
        opens_at = await self._database.read_batched(
            reading_hours.opening, reading_hours.Reading(reader, now)
        )
        if opens_at <= now:
            return False
        self._pace.give_back("chat.postMessage", now)
        await self._refusals.put_back(claimed, opens_at, counts=False)
        return True

    async def _comes_at_a_wrong_time(self, claimed: Claimed, rendered: ToMember) -> bool:
        """Return whether a first post was postponed to working hours, or given up because it is too late."""
        now = self._clock.now()
        if rendered.latest is not None and now > rendered.latest:
            await self._refusals.give_up(claimed, claimed.refused_because or TOO_LATE)
            return True
        if rendered.earliest is not None and now < rendered.earliest:
            self._pace.give_back("chat.postMessage", now)
            await self._refusals.put_back(claimed, rendered.earliest, counts=False)
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

    async def _may_stand(self, claimed: Claimed) -> bool:
        """Search for a message to coaches that belongs nowhere now, but whose post had an unknown outcome.

        Return whether the row waits: for another search, or, if the message stands, for being withdrawn.
        """
        since = claimed.unknown_since
        if since is None or claimed.ts is not None or claimed.surface not in deliveries.TO_COACHES:
            return False
        try:
            if await self._is_found_or_waits(claimed, None, since):
                return True
        except Exception as error:
            understood = classify(error)
            if understood is None:
                raise
            later = self._clock.now() + pause_after(claimed.attempts)
            await self._refusals.put_back(
                claimed, later, counts=True, refused_because=understood.code
            )
            return True
        if claimed.lookbacks + 1 < LOOKS:
            await self._refusals.unknown(claimed, looked=True)
            return True
        return False

    async def _is_found_or_waits(
        self, claimed: Claimed, rendered: ToMember | ToChannel | None, began: datetime
    ) -> bool:
        """Search for the message of an earlier attempt, and return whether nothing else is to be done for now.

        A message that exists is recorded. If Slack refuses the look, the row is put back, LOOK_TRIES times.
        """
        for place in await self._database.read(
            conversations, surface=claimed.surface, subject_id=claimed.subject_id, rendered=rendered
        ):
            try:
                channel = await self._channel(place)
                copies = await self._calls.copies(channel, claimed.token, began - sending.LEASE)
            except SlackApiError as error:
                failure = classify(error)
                if failure is None or failure.outcome in PASSING | {CallOutcome.TOKEN_DEAD}:
                    raise
                if not cannot_look(error) and claimed.attempts < LOOK_TRIES:
                    await self._refusals.look_refused(claimed, failure)
                    return True
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
        now = self._taken(Lane.POST)
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
        now = self._taken(Lane.PUBLISH if claimed.channel is None else Lane.UPDATE)
        await self._database.write_batched(sending.mark_shown, Report(claimed, self._sender, now))

    def _taken(self, lane: Lane) -> datetime:
        """Note that Slack took a call of the lane; return the moment."""
        self.last_at = now = self._clock.now()
        if self._refusals.probing[lane].taken():
            log.warning("Slack takes messages again", extra={"lane": lane.value})
            self.on_opened(lane)
        return now


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
