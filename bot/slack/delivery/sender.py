"""The sender: makes Slack show what the outbox says.

It claims stale rows, in lanes that each keep one of Slack's limits, and hands them to `Delivery`. Any number of
processes may do so at the same time.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot import failures
from bot.clock import Clock
from bot.database import Database
from bot.domain.outbox import sending
from bot.domain.outbox.outbox import Lane
from bot.domain.outbox.sending import Claimed
from bot.failures import Failures
from bot.slack.causes import cause
from bot.slack.delivery.calls import SlackCalls
from bot.slack.delivery.delivery import Delivery
from bot.slack.delivery.duplicates import DuplicateRemoval
from bot.slack.delivery.pacing import Pace
from bot.slack.delivery.probing import pause_after
from bot.slack.delivery.refusals import Refusals, ids
from bot.slack.delivery.token_check import TokenCheck
from bot.slack.outcomes import UnrecordedPost

log = logging.getLogger(__name__)

METHODS = {
    Lane.POST: "chat.postMessage",
    Lane.UPDATE: "chat.update",
    Lane.PUBLISH: "views.publish",
}
"""The Slack method whose limit sets each lane's pace."""

CLAIM_LIMIT = 512
"""The largest number of rows in one claim, where the pace allows so many calls."""

CONCURRENCY = 256
"""The largest number of rows in hand in each lane: being rendered, called or reported. Those that wait for the
database at the same moment share its statements, so many rows in hand cost less each than few.
"""

SWIFT = timedelta(seconds=2)
"""All calls of a claim usually begin within this time. Where Slack is slow to answer, they take longer, and the
next claim takes no more rows than can begin at once: rows of a process that dies wait for their lease to end.
"""

LONGEST_WAIT = timedelta(seconds=60)
"""A row whose call has not begun this long after its claim is put back: the lease must outlast the call."""

LOOKS_APART = 0.05
"""The least number of seconds between two looks at a lane; when commits come fast, one look serves many."""

IDLE_CHECK = 15.0
"""Seconds after which a lane looks for work even if nothing woke it (another replica's rows)."""

HELD_CHECK = 1.0
"""The same, in seconds, while the machine's clock can't be trusted."""

BUSY_CHECK = 1.0
"""The same, in seconds, when due rows are claimed by other senders or must wait for a workspace."""


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
        failed: Failures | None = None,
    ) -> None:
        """`holds` returns whether nothing may be claimed now, because the machine's clock was set."""
        self.name = secrets.token_hex(8)
        self._database = database
        self._clock = clock
        self._pace = pace or Pace()
        calls = SlackCalls(client=client, clock=clock, pace=self._pace)
        self._token = TokenCheck(database=database, calls=calls, clock=clock)
        self._refusals = Refusals(
            database=database, calls=calls, clock=clock, token=self._token, sender=self.name
        )
        self._delivery = Delivery(
            database=database,
            client=client,
            calls=calls,
            clock=clock,
            pace=self._pace,
            refusals=self._refusals,
            sender=self.name,
        )
        self._delivery.on_opened = self._wake
        self._duplicates = DuplicateRemoval(database=database, calls=calls, clock=clock)
        self._holds = holds
        self._failed = failed or Failures()
        self._wakes = {lane: asyncio.Event() for lane in Lane}
        self._places = {lane: asyncio.Semaphore(CONCURRENCY) for lane in Lane}
        self._stopping = False
        self._in_hand: dict[Lane, set[asyncio.Task[None]]] = {lane: set() for lane in Lane}
        self._is_swift = dict.fromkeys(Lane, True)
        self._loop = asyncio.get_running_loop()

    @property
    def last_delivery_at(self) -> datetime | None:
        """Return when Slack last accepted a call of this sender."""
        return self._delivery.last_at

    async def remove_duplicates(self) -> None:
        """Delete second copies of messages that were posted again."""
        await self._duplicates.run()

    async def ask_about_token(self) -> None:
        """Ask Slack about a token that it refused, when it is time to; if it works again, sending goes on."""
        await self._token.ask_again()

    def wake(self) -> None:
        """Tell the lanes that there may be work. Any thread may call this."""
        self._loop.call_soon_threadsafe(self._wake_all)

    def stop(self) -> None:
        """Claim no more rows; `run` returns when the calls in progress are finished."""
        self._stopping = True
        self._wake_all()

    async def run(self) -> None:
        """Work until `stop` is called. The lanes run concurrently: none waits for another."""
        await asyncio.gather(*(self._run_lane(lane) for lane in Lane))
        await self._finish()

    async def send_due(self) -> None:
        """Claim one batch of every lane and finish each of its rows."""
        for lane in Lane:
            await self._start_due(lane)
        await self._finish()

    async def _finish(self) -> None:
        await asyncio.gather(*itertools.chain.from_iterable(self._in_hand.values()))

    async def _run_lane(self, lane: Lane) -> None:
        while not self._stopping:
            looked_at = self._loop.time()
            self._wakes[lane].clear()
            try:
                seconds = await self._start_due(lane)
            except Exception as error:
                # The database may be unavailable: claimed rows can be claimed again when their lease ends.
                log.exception(
                    "the sender could not work", extra={"lane": lane, **self._note(error, lane)}
                )
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
        """Claim the rows that may be sent now and begin their calls as places become free.

        Returns the number of seconds to rest afterwards.
        """
        if self._holds():
            return HELD_CHECK
        now, method = self._clock.now(), METHODS[lane]
        probe_at = self._refusals.probing[lane].next_at
        if probe_at is not None and (probe_at > now or self._in_hand[lane]):
            return min(max((probe_at - now).total_seconds(), BUSY_CHECK), IDLE_CHECK)
        due_at = await self._database.read(sending.next_due_at, lane)
        if due_at is None:
            return IDLE_CHECK
        if due_at > now:
            return min((due_at - now).total_seconds(), IDLE_CHECK)
        allowance = self._pace.allowance(method, now)
        if allowance < 1:
            ready = (self._pace.ready_at(method, now) - now).total_seconds()
            return min(max(ready, 0.01), IDLE_CHECK)
        limit = min(allowance, CLAIM_LIMIT if self._is_swift[lane] else self._free_places(lane))
        if probe_at is not None:
            limit = 1  # Slack refuses everybody: one row finds out whether it still does
        batch = await self._database.write(
            sending.claim, sender=self.name, lane=lane, now=now, limit=limit
        )
        self._pace.spend(method, len(batch), now)
        claimed_at = self._loop.time()
        for claimed in batch:
            await self._places[lane].acquire()
            task = asyncio.create_task(self._in_turn(claimed, claimed_at))
            self._in_hand[lane].add(task)
            task.add_done_callback(self._in_hand[lane].discard)
            task.add_done_callback(lambda _: self._places[lane].release())
        self._is_swift[lane] = self._loop.time() - claimed_at < SWIFT.total_seconds()
        if batch:
            return 0.0
        # When a refused token works again, the lanes are woken.
        return IDLE_CHECK if self._token.is_refused else BUSY_CHECK

    def _free_places(self, lane: Lane) -> int:
        return max(CONCURRENCY - len(self._in_hand[lane]), 1)

    def _wake(self, lane: Lane) -> None:
        self._wakes[lane].set()

    def _wake_all(self) -> None:
        for wake in self._wakes.values():
            wake.set()

    def _note(self, error: Exception, kind: str) -> dict[str, object]:
        """Count a failure that is not Slack's answer to a message, and return its cause for the log."""
        why = cause(error)
        self._failed.note(error, part=failures.SENDER, kind=str(kind), cause=why)
        return {"cause": why}

    async def _in_turn(self, claimed: Claimed, claimed_at: float) -> None:
        try:
            if self._stopping or self._loop.time() - claimed_at > LONGEST_WAIT.total_seconds():
                await self._refusals.put_back(claimed, self._clock.now(), counts=False)
                return
            await self._delivery.deliver(claimed)
        except UnrecordedPost as error:
            facts = {**ids(claimed), **self._note(error, claimed.surface)}
            log.exception("posted, but not noted; its lease will end", extra=facts)
        except Exception as error:
            # A row that can't be rendered, or that reveals a bug, must not stop the others.
            facts = {**ids(claimed), **self._note(error, claimed.surface)}
            log.exception("delivery failed", extra=facts)
            try:
                later = self._clock.now() + pause_after(claimed.attempts, within_window=False)
                await self._refusals.put_back(
                    claimed, later, counts=True, refused_because="internal error"
                )
            except Exception:
                log.exception("not even put back; its lease will end", extra=ids(claimed))
