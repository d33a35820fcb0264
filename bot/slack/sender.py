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
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.database import Database
from bot.domain import deliveries, outbox
from bot.domain.outbox import Claimed
from bot.slack.drawing import Drawn, ToChannel, ToHome, ToMember, draw
from bot.slack.outcomes import Failure, Outcome, understand

log = logging.getLogger(__name__)

CLAIM_LIMIT = 64
CONCURRENCY = 8

LONGEST_WAIT = timedelta(seconds=60)
"""A row whose call has not begun this long after its claim goes back: the lease must outlast the call."""

LOOK_AFTER = timedelta(seconds=60)
"""Between an unknown outcome and a look, and between two looks: by then Slack shows an accepted post."""

LOOKS = 2
HISTORY_LIMIT = 50

IDLE_CHECK = 15.0
"""Seconds after which the sender looks for work even if nothing woke it (another replica's rows)."""

METADATA_EVENT = "basecoach_delivery"


class Sender:
    """One process's sender; any number of them may work on one PostgreSQL."""

    def __init__(self, *, database: Database, client: AsyncWebClient, clock: Clock) -> None:
        self.name = secrets.token_hex(8)
        self.last_delivery_at: datetime | None = None
        self._database = database
        self._client = client
        self._clock = clock
        self._wake = asyncio.Event()
        self._stopping = False
        self._places = asyncio.Semaphore(CONCURRENCY)
        self._in_hand: set[asyncio.Task[None]] = set()
        self._paused: dict[str, datetime] = {}
        self._loop = asyncio.get_running_loop()

    def wake(self) -> None:
        """There may be work. Safe to call from any thread."""
        self._loop.call_soon_threadsafe(self._wake.set)

    def stop(self) -> None:
        """Claim nothing more; `run` returns when what is in hand is done."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until `stop` is called."""
        while not self._stopping:
            self._wake.clear()
            try:
                worked = await self._start_due()
            except Exception:
                # The database is away, say: what was claimed comes back when its lease ends.
                log.exception("the sender could not work")
                worked = False
            if not worked and not self._stopping:
                await self._wait()
        await asyncio.gather(*self._in_hand)

    async def send_due(self) -> bool:
        """Claim one batch and bring each row of it to an end; False when nothing was due."""
        worked = await self._start_due()
        await asyncio.gather(*self._in_hand)
        return worked

    async def _start_due(self) -> bool:
        """Claim one batch and begin each row of it as places come free; False when nothing was due."""
        now = self._clock.now()
        due_at = await self._database.read(outbox.next_due_at)
        if due_at is None or due_at > now:
            return False
        batch = await self._database.write(
            outbox.claim, sender=self.name, now=now, limit=CLAIM_LIMIT
        )
        claimed_at = self._loop.time()
        for claimed in batch:
            await self._places.acquire()
            task = asyncio.create_task(self._in_turn(claimed, claimed_at))
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)
        return bool(batch)

    async def _wait(self) -> None:
        due_at = await self._database.read(outbox.next_due_at)
        seconds = IDLE_CHECK
        if due_at is not None:
            seconds = min(max((due_at - self._clock.now()).total_seconds(), 0.05), IDLE_CHECK)
        try:
            await asyncio.wait_for(self._wake.wait(), timeout=seconds)
        except TimeoutError:
            return

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
        finally:
            self._places.release()

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
        except _MethodPaused as paused:
            failure = Failure(Outcome.RATE_LIMITED, "paused", retry_after=paused.seconds)
            await self._failed(claimed, drawn, failure, started)
        except Exception as error:
            understood = understand(error)
            if understood is None:
                raise
            await self._failed(claimed, drawn, understood, started)

    async def _post(self, claimed: Claimed, drawn: ToMember | ToChannel) -> None:
        channel = await self._channel(drawn)
        if claimed.uncertain_since is not None:
            ts = await self._look(claimed, channel)
            if ts is not None:
                log.info("found in history", extra=_ids(claimed))
                await self._posted(claimed, channel, ts)
                return
            if claimed.looks + 1 < LOOKS:
                await self._unknown(claimed, looked=True)
                return
        answer = await self._call(
            "chat.postMessage",
            channel=channel,
            metadata=_metadata(claimed),
            unfurl_links=False,
            unfurl_media=False,
            **drawn.message,
        )
        await self._posted(claimed, str(answer["channel"]), str(answer["ts"]))

    async def _channel(self, drawn: ToMember | ToChannel) -> str:
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
        oldest = claimed.uncertain_since - outbox.LEASE
        try:
            answer = await self._call(
                "conversations.history",
                channel=channel,
                oldest=f"{oldest.timestamp():.6f}",
                inclusive=True,
                limit=HISTORY_LIMIT,
                include_all_metadata=True,
            )
        except Exception as error:
            failure = understand(error)
            if failure is None or failure.code != "missing_scope":
                raise
            # Without the scope nobody can look: after the wait it is sent again (see `doctor`).
            log.warning("cannot look back", extra={**_ids(claimed), "detail": failure.detail})
            return None
        for message in answer["messages"]:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("token") == claimed.token:
                return str(message["ts"])
        return None

    async def _call(self, method: str, **arguments: Any) -> Any:
        """One call, made once. A method that Slack told us to leave alone is left alone."""
        until = self._paused.get(method)
        if until is not None and (wait := (until - self._clock.now()).total_seconds()) > 0:
            raise _MethodPaused(wait)
        try:
            return await getattr(self._client, method.replace(".", "_"))(**arguments)
        except Exception as error:
            failure = understand(error)
            if failure is not None and failure.outcome is Outcome.RATE_LIMITED:
                self._paused[method] = self._clock.now() + timedelta(seconds=failure.retry_after)
            raise

    # What is reported back.

    async def _posted(self, claimed: Claimed, channel: str, ts: str) -> None:
        self.last_delivery_at = self._clock.now()
        await self._database.write(
            deliveries.posted,
            claimed=claimed,
            sender=self.name,
            channel=channel,
            ts=ts,
            now=self._clock.now(),
        )
        log.info("posted", extra=_ids(claimed))

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
                due_at = now + timedelta(seconds=failure.retry_after)
                if claimed.uncertain_since is not None and posting:
                    # Certainly not done now, but what went before is still not known.
                    await self._database.write(
                        outbox.mark_unknown,
                        claimed=claimed,
                        sender=self.name,
                        since=claimed.uncertain_since,
                        due_at=due_at,
                        looked=False,
                    )
                else:
                    await self._put_back(claimed, due_at, counts=False)
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


class _MethodPaused(Exception):
    """Slack asked for a pause of this method that is not over."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.1f} s left")
        self.seconds = seconds


def _metadata(claimed: Claimed) -> dict[str, Any]:
    return {"event_type": METADATA_EVENT, "event_payload": {"token": claimed.token}}


def _backoff(attempts: int) -> timedelta:
    """2 s, 4 s, 8 s … up to a quarter of an hour."""
    return timedelta(seconds=min(2.0 ** (attempts + 1), 900.0))


def _ids(claimed: Claimed) -> dict[str, Any]:
    return {"row": claimed.id, "surface": claimed.surface, "subject": claimed.subject_id}
