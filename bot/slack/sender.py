"""The sender: brings Slack into line with the outbox.

It claims rows that are behind, draws them from current state, and posts, updates or publishes. No call to Slack
is made inside a transaction. After every call it reports one of three outcomes: done, certainly not done, or
unknown; after an unknown one the conversation is read back by the token in the message's metadata, twice and
well apart, before anything is posted again.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.database import Database
from bot.domain import deliveries, outbox
from bot.domain.outbox import Claimed, Lane
from bot.slack.drawing import Drawn, ToChannel, ToHome, ToMember, draw
from bot.slack.outcomes import Failure, Outcome, understand
from bot.slack.pacing import Pace

log = logging.getLogger(__name__)

METHODS = {
    Lane.POST: "chat.postMessage",
    Lane.UPDATE: "chat.update",
    Lane.PUBLISH: "views.publish",
}
"""The method whose limit paces each lane."""

CLAIM_LIMIT = 64
CONCURRENCY = 8
"""Calls in flight at once, in each lane."""

LONGEST_WAIT = timedelta(seconds=60)
"""A row whose call has not begun this long after its claim goes back: the lease must outlast the call."""

LOOK_AFTER = timedelta(seconds=60)
"""Between an unknown outcome and a look, and between two looks: by then Slack shows an accepted post."""

LOOKS = 2
HISTORY_LIMIT = 50

IDLE_CHECK = 15.0
"""Seconds after which a lane looks for work even if nothing woke it (another replica's rows)."""

HELD_CHECK = 1.0
"""The same while the clock is not to be trusted."""

BUSY_CHECK = 1.0
"""The same where rows are due that others hold, or that must wait for a workspace."""

HEAL_LIMIT = 20

METADATA_EVENT = "basecoach_delivery"


class Sender:
    """One process's sender; any number of them may work on one PostgreSQL."""

    def __init__(
        self,
        *,
        database: Database,
        client: AsyncWebClient,
        clock: Clock,
        pace: Pace | None = None,
        holds: Callable[[], bool] = lambda: False,
    ) -> None:
        """`holds` says whether nothing may be claimed just now: the machine's clock was set."""
        self.name = secrets.token_hex(8)
        self.last_delivery_at: datetime | None = None
        self._database = database
        self._client = client
        self._clock = clock
        self._pace = pace or Pace()
        self._holds = holds
        self._wakes = {lane: asyncio.Event() for lane in Lane}
        self._places = {lane: asyncio.Semaphore(CONCURRENCY) for lane in Lane}
        self._stopping = False
        self._in_hand: set[asyncio.Task[None]] = set()
        self._booked: dict[int, datetime] = {}
        self._loop = asyncio.get_running_loop()

    def wake(self) -> None:
        """There may be work. Safe to call from any thread."""
        self._loop.call_soon_threadsafe(self._wake_all)

    def stop(self) -> None:
        """Claim nothing more; `run` returns when what is in hand is done."""
        self._stopping = True
        self._wake_all()

    async def run(self) -> None:
        """Work until `stop` is called. The lanes run side by side: none waits for another."""
        await asyncio.gather(*(self._run_lane(lane) for lane in Lane))
        await asyncio.gather(*self._in_hand)

    async def send_due(self) -> None:
        """Claim one batch of every lane and bring each row of it to an end."""
        for lane in Lane:
            await self._start_due(lane)
        await asyncio.gather(*self._in_hand)

    async def _run_lane(self, lane: Lane) -> None:
        while not self._stopping:
            self._wakes[lane].clear()
            try:
                seconds = await self._start_due(lane)
            except Exception:
                # The database is away, say: what was claimed comes back when its lease ends.
                log.exception("the sender could not work", extra={"lane": lane})
                seconds = BUSY_CHECK
            if seconds > 0 and not self._stopping:
                await self._rest(lane, seconds)

    async def _rest(self, lane: Lane, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._wakes[lane].wait(), timeout=seconds)
        except TimeoutError:
            return

    async def _start_due(self, lane: Lane) -> float:
        """Claim what may be sent now and begin it as places come free; the seconds to rest afterwards."""
        if self._holds():
            return HELD_CHECK
        now, method = self._clock.now(), METHODS[lane]
        due_at = await self._database.read(outbox.next_due_at, lane)
        if due_at is None:
            return IDLE_CHECK
        if due_at > now:
            return min((due_at - now).total_seconds(), IDLE_CHECK)
        allowance = self._pace.allowance(method, now)
        if allowance < 1:
            ready = (self._pace.ready_at(method, now) - now).total_seconds()
            return min(max(ready, 0.01), IDLE_CHECK)
        batch = await self._database.write(
            outbox.claim, sender=self.name, lane=lane, now=now, limit=min(allowance, CLAIM_LIMIT)
        )
        self._pace.spend(method, len(batch), now)
        claimed_at = self._loop.time()
        for claimed in batch:
            await self._places[lane].acquire()
            task = asyncio.create_task(self._in_turn(claimed, claimed_at))
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)
            task.add_done_callback(lambda _: self._places[lane].release())
        return 0.0 if batch else BUSY_CHECK

    def _wake_all(self) -> None:
        for wake in self._wakes.values():
            wake.set()

    async def _in_turn(self, claimed: Claimed, claimed_at: float) -> None:
        try:
            if self._stopping or self._loop.time() - claimed_at > LONGEST_WAIT.total_seconds():
                await self._put_back(claimed, self._clock.now(), counts=False)
                return
            await self._deliver(claimed)
        except Exception:
            # One row that can't be drawn, or a bug in it, must not hold up the others.
            log.exception("delivery failed", extra=_ids(claimed))
            try:
                later = self._clock.now() + _backoff(claimed.attempts)
                await self._put_back(claimed, later, counts=True, because="internal error")
            except Exception:
                log.exception("not even put back; its lease will end", extra=_ids(claimed))

    async def _deliver(self, claimed: Claimed) -> None:
        drawn = await self._database.read(
            draw, surface=claimed.surface, subject_id=claimed.subject_id, now=self._clock.now()
        )
        if drawn is None:
            await self._database.write(
                outbox.give_up, claimed=claimed, sender=self.name, because="nothing to show"
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
            channel = await self._channel(drawn)
            ts = await self._look(claimed, channel)
            if ts is not None:
                log.info("found in history", extra=_ids(claimed))
                await self._posted(claimed, drawn, channel, ts)
                return
            if claimed.looks + 1 < LOOKS:
                await self._unknown(claimed, looked=True)
                return
        answer = await self._post_or_plainly(claimed, drawn)
        await self._posted(claimed, drawn, str(answer["channel"]), str(answer["ts"]))

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
            facts = {**_ids(claimed), "code": failure.code, "detail": failure.detail}
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
        await self._put_back(claimed, slot, counts=False)
        return True

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

    async def _look(self, claimed: Claimed, channel: str) -> str | None:
        """The `ts` of the message that carries the row's token, if the conversation shows it."""
        assert claimed.uncertain_since is not None  # noqa: S101 - the caller saw to it
        try:
            copies = await self._copies(channel, claimed.token, claimed.uncertain_since)
        except SlackApiError as error:
            failure = understand(error)
            if failure is None or failure.code != "missing_scope":
                raise
            # Without the scope nobody can look: after the wait it is sent again (see `doctor`).
            log.warning("cannot look back", extra={**_ids(claimed), "detail": failure.detail})
            return None
        return copies[0] if copies else None

    async def _copies(self, channel: str, token: str, since: datetime) -> list[str]:
        """The `ts` of every message of ours in the conversation that carries the token, oldest first."""
        answer = await self._call(
            "conversations.history",
            channel=channel,
            oldest=f"{(since - outbox.LEASE).timestamp():.6f}",
            inclusive=True,
            limit=HISTORY_LIMIT,
            include_all_metadata=True,
        )
        return sorted(
            str(message["ts"])
            for message in answer["messages"]
            if ((message.get("metadata") or {}).get("event_payload") or {}).get("token") == token
        )

    async def heal(self) -> None:
        """Delete second copies of messages that had to be posted again; the first noted one stays."""
        suspects = await self._database.write(
            outbox.suspects, now=self._clock.now(), limit=HEAL_LIMIT
        )
        for suspect in suspects:
            try:
                copies = await self._copies(suspect.channel, suspect.token, suspect.posted_at)
                for ts in copies:
                    if ts != suspect.ts:
                        await self._delete(suspect.channel, ts)
            except Exception as error:
                failure = understand(error)
                if failure is None:
                    raise
                if failure.code != "missing_scope":
                    continue  # it comes back later
            await self._database.write(outbox.healed, suspect_id=suspect.id)

    async def _delete(self, channel: str, ts: str) -> None:
        try:
            await self._call("chat.delete", channel=channel, ts=ts)
            log.warning("a second copy was deleted", extra={"channel": channel})
        except SlackApiError as error:
            failure = understand(error)
            if failure is None or failure.outcome is not Outcome.STALE:
                raise  # gone already is as good as deleted

    async def _call(self, method: str, **arguments: Any) -> Any:
        """One call, made once. A 429 slows the method down for everything that follows."""
        try:
            return await getattr(self._client, method.replace(".", "_"))(**arguments)
        except Exception as error:
            failure = understand(error)
            if failure is not None and failure.outcome is Outcome.RATE_LIMITED:
                self._pace.refused(method, failure.retry_after, self._clock.now())
            raise

    # What is reported back.

    async def _posted(
        self, claimed: Claimed, drawn: ToMember | ToChannel, channel: str, ts: str
    ) -> None:
        self.last_delivery_at = self._clock.now()
        first = await self._database.write(
            deliveries.posted,
            claimed=claimed,
            sender=self.name,
            member_id=drawn.member_id if isinstance(drawn, ToMember) else None,
            channel=channel,
            ts=ts,
            now=self._clock.now(),
        )
        if first:
            log.info("posted", extra=_ids(claimed))
        else:
            await self._delete(channel, ts)

    async def _shown(self, claimed: Claimed) -> None:
        self.last_delivery_at = self._clock.now()
        await self._database.write(
            outbox.mark_shown,
            claimed=claimed,
            sender=self.name,
            channel=None,
            ts=None,
            now=self._clock.now(),
        )

    async def _put_back(
        self, claimed: Claimed, due_at: datetime, *, counts: bool, because: str | None = None
    ) -> None:
        await self._database.write(
            outbox.put_back,
            claimed=claimed,
            sender=self.name,
            due_at=due_at,
            counts=counts,
            because=because,
        )

    async def _unknown(
        self, claimed: Claimed, *, looked: bool, since: datetime | None = None
    ) -> None:
        now = self._clock.now()
        await self._database.write(
            outbox.mark_unknown,
            claimed=claimed,
            sender=self.name,
            since=since or now,
            due_at=now + LOOK_AFTER,
            looked=looked,
        )

    async def _failed(
        self, claimed: Claimed, drawn: Drawn, failure: Failure, started: datetime
    ) -> None:
        """Decide what a failed call means for the row."""
        now = self._clock.now()
        facts = {**_ids(claimed), "code": failure.code, "detail": failure.detail}
        log.warning("not delivered", extra=facts)
        posting = not isinstance(drawn, ToHome) and claimed.ts is None
        match failure.outcome:
            case Outcome.RATE_LIMITED:
                later = now + timedelta(seconds=failure.retry_after)
                await self._put_back(claimed, later, counts=False)
            case Outcome.UNKNOWN if posting:
                await self._unknown(claimed, looked=False, since=started)
            case Outcome.UNKNOWN | Outcome.NOT_DONE:
                await self._put_back(
                    claimed, now + _backoff(claimed.attempts), counts=True, because=failure.code
                )
            case Outcome.PAUSED | Outcome.TOKEN_DEAD | Outcome.OPERATOR:
                if failure.outcome is Outcome.TOKEN_DEAD:
                    await self._database.write(
                        deliveries.token_died,
                        workspace_id=claimed.workspace_id,
                        because=failure.code,
                    )
                await self._put_back(claimed, now + timedelta(hours=1), counts=False)
            case Outcome.CHANNEL_UNUSABLE if isinstance(drawn, ToChannel) and posting:
                await self._database.write(
                    deliveries.channel_failed,
                    claimed=claimed,
                    sender=self.name,
                    code=failure.code,
                    now=now,
                )
            case Outcome.RECIPIENT_GONE | Outcome.CHANNEL_UNUSABLE if isinstance(
                drawn, (ToMember, ToHome)
            ):
                await self._database.write(
                    deliveries.recipient_gone,
                    claimed=claimed,
                    sender=self.name,
                    member_id=drawn.member_id,
                    because=failure.code,
                    now=now,
                )
            case Outcome.STALE if claimed.ts is not None:
                await self._database.write(
                    outbox.forget_post, claimed=claimed, sender=self.name, now=now
                )
            case _:
                await self._database.write(
                    outbox.give_up, claimed=claimed, sender=self.name, because=failure.code
                )


def _destination(drawn: ToMember | ToChannel) -> str:
    if isinstance(drawn, ToChannel):
        return drawn.channel
    # Slack opens a DM by itself for a user id, and answers which one it is.
    return drawn.dm_channel or drawn.slack_user_id


def _metadata(claimed: Claimed) -> dict[str, Any]:
    return {"event_type": METADATA_EVENT, "event_payload": {"token": claimed.token}}


def _backoff(attempts: int) -> timedelta:
    """2 s, 4 s, 8 s … up to a quarter of an hour."""
    return timedelta(seconds=min(2.0 ** (attempts + 1), 900.0))


def _ids(claimed: Claimed) -> dict[str, Any]:
    return {"row": claimed.id, "surface": claimed.surface, "subject": claimed.subject_id}
