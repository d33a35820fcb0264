"""The sender: brings Slack into line with the outbox.

It claims rows that are behind, in lanes that each keep one of Slack's limits, and hands them to `Delivery`. Any
number of processes may do so at once.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.database import Database
from bot.domain.outbox import sending
from bot.domain.outbox.outbox import Lane
from bot.domain.outbox.sending import Claimed
from bot.slack.delivery.calls import SlackCalls
from bot.slack.delivery.delivery import Delivery, backoff, ids
from bot.slack.delivery.duplicates import DuplicateRemoval
from bot.slack.delivery.pacing import Pace
from bot.slack.outcomes import UnrecordedPost

log = logging.getLogger(__name__)

METHODS = {
    Lane.POST: "chat.postMessage",
    Lane.UPDATE: "chat.update",
    Lane.PUBLISH: "views.publish",
}
"""The method whose limit paces each lane."""

CLAIM_LIMIT = 128
CONCURRENCY = 64
"""Calls in flight at once, in each lane."""

LONGEST_WAIT = timedelta(seconds=60)
"""A row whose call has not begun this long after its claim goes back: the lease must outlast the call."""

LOOKS_APART = 0.05
"""Seconds from one look at a lane to the next that a commit wakes it for: in a rush, one look is for many."""

IDLE_CHECK = 15.0
"""Seconds after which a lane looks for work even if nothing woke it (another replica's rows)."""

HELD_CHECK = 1.0
"""The same while the clock is not to be trusted."""

BUSY_CHECK = 1.0
"""The same where rows are due that others hold, or that must wait for a workspace."""


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
        self._database = database
        self._clock = clock
        self._pace = pace or Pace()
        calls = SlackCalls(client=client, clock=clock, pace=self._pace)
        self._delivery = Delivery(
            database=database, calls=calls, clock=clock, pace=self._pace, sender=self.name
        )
        self._duplicates = DuplicateRemoval(database=database, calls=calls, clock=clock)
        self._holds = holds
        self._wakes = {lane: asyncio.Event() for lane in Lane}
        self._places = {lane: asyncio.Semaphore(CONCURRENCY) for lane in Lane}
        self._stopping = False
        self._in_hand: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()

    @property
    def last_delivery_at(self) -> datetime | None:
        """When Slack last took something of ours."""
        return self._delivery.last_at

    async def remove_duplicates(self) -> None:
        """Delete second copies of messages that had to be posted again."""
        await self._duplicates.run()

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
            looked_at = self._loop.time()
            self._wakes[lane].clear()
            try:
                seconds = await self._start_due(lane)
            except Exception:
                # The database is away, say: what was claimed comes back when its lease ends.
                log.exception("the sender could not work", extra={"lane": lane})
                seconds = BUSY_CHECK
            if seconds > 0 and not self._stopping:
                await self._rest(lane, seconds, looked_at)

    async def _rest(self, lane: Lane, seconds: float, looked_at: float) -> None:
        try:
            await asyncio.wait_for(self._wakes[lane].wait(), timeout=seconds)
        except TimeoutError:
            return
        await asyncio.sleep(looked_at + LOOKS_APART - self._loop.time())

    async def _start_due(self, lane: Lane) -> float:
        """Claim what may be sent now and begin it as places come free; the seconds to rest afterwards."""
        if self._holds():
            return HELD_CHECK
        now, method = self._clock.now(), METHODS[lane]
        due_at = await self._database.read(sending.next_due_at, lane)
        if due_at is None:
            return IDLE_CHECK
        if due_at > now:
            return min((due_at - now).total_seconds(), IDLE_CHECK)
        allowance = self._pace.allowance(method, now)
        if allowance < 1:
            ready = (self._pace.ready_at(method, now) - now).total_seconds()
            return min(max(ready, 0.01), IDLE_CHECK)
        batch = await self._database.write(
            sending.claim, sender=self.name, lane=lane, now=now, limit=min(allowance, CLAIM_LIMIT)
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
                await self._delivery.put_back(claimed, self._clock.now(), counts=False)
                return
            await self._delivery.deliver(claimed)
        except UnrecordedPost:
            log.exception("posted, but not noted; its lease will end", extra=ids(claimed))
        except Exception:
            # One row that can't be rendered, or a bug in it, must not hold up the others.
            log.exception("delivery failed", extra=ids(claimed))
            try:
                later = self._clock.now() + backoff(claimed.attempts)
                await self._delivery.put_back(
                    claimed, later, counts=True, fails_with="internal error"
                )
            except Exception:
                log.exception("not even put back; its lease will end", extra=ids(claimed))
