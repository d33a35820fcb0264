"""Deliveries to the bot: each goes over Socket Mode or HTTP, as the manifest says, and events are retried."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import uuid
from collections.abc import Sequence

from bot.sandbox.delivery.http import HttpDelivery
from bot.sandbox.delivery.socket_mode import SocketMode
from bot.sandbox.records import Delivery, Json
from bot.sandbox.state.workspace import WorkspaceState


class Dispatcher:
    """Sends payloads to the bot and records each attempt among the workspace's deliveries."""

    def __init__(
        self,
        state: WorkspaceState,
        *,
        socket_mode: SocketMode,
        http: HttpDelivery,
        retry_delays: Sequence[float],
    ) -> None:
        self.in_flight = 0
        """How many deliveries are under way. An event that waits for its next attempt is not."""
        self.retry_delays = tuple(retry_delays)
        self._state = state
        self._socket_mode = socket_mode
        self._http = http
        self._started = False
        self._not_started: list[Json] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to deliver. Events that happened before are delivered now."""
        self._started = True
        early, self._not_started = self._not_started, []
        for payload in early:
            self.send_event(payload)

    async def stop(self) -> None:
        """Close the connections and give up what is on its way."""
        self._started = False
        await self._socket_mode.close_all(1001)
        tasks, self._tasks = list(self._tasks), set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._http.stop()

    @property
    def connected(self) -> bool:
        """Whether there is a bot to deliver to, as far as the workspace can know."""
        return bool(self._socket_mode.connections) or self._state.manifest.over_http

    async def deliver(self, kind: str, payload: Json) -> Delivery:
        """Deliver a command or an interaction, once. The delivery tells how it went."""
        return await self._attempt(kind, payload)

    def send_event(self, payload: Json) -> None:
        """Deliver an event in the background, and send it again if it is not acknowledged."""
        if not self._started:
            self._not_started.append(payload)
            return
        self.in_flight += 1
        task = asyncio.get_running_loop().create_task(self._deliver_event(payload))
        self._tasks.add(task)
        task.add_done_callback(self._event_ended)

    def _event_ended(self, task: asyncio.Task[None]) -> None:
        # A task that is cancelled before its first step runs nothing of its own, so the count is kept here.
        self._tasks.discard(task)
        self.in_flight -= 1
        self._state.touch()

    async def _deliver_event(self, payload: Json) -> None:
        reason: str | None = None
        for attempt, delay in enumerate((0.0, *self.retry_delays)):
            if delay:
                await self._wait_to_retry(delay)
            delivery = await self._attempt(
                "events_api", payload, retry_attempt=attempt, retry_reason=reason
            )
            if delivery.acked or delivery.no_retry:
                return
            reason = self._retry_reason(delivery)

    def _retry_reason(self, delivery: Delivery) -> str:
        if delivery.result == "timeout":
            return "http_timeout" if self._state.manifest.over_http else "timeout"
        return "http_error" if delivery.result == "http_error" else "connection_failed"

    async def _wait_to_retry(self, delay: float) -> None:
        """Wait for `delay` seconds. A bot that connects anew ends the wait."""
        connected = self._socket_mode.next_connection()
        self.in_flight -= 1
        self._state.touch()
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await asyncio.shield(connected)
        finally:
            self.in_flight += 1

    async def _attempt(
        self, kind: str, payload: Json, *, retry_attempt: int = 0, retry_reason: str | None = None
    ) -> Delivery:
        delivery = Delivery(
            envelope_id=str(uuid.UUID(bytes=secrets.token_bytes(16), version=4)),
            type=kind,
            payload=payload,
            at=self._state.clock.now(),
            retry_attempt=retry_attempt,
            retry_reason=retry_reason,
        )
        self._state.deliveries.append(delivery)
        self.in_flight += 1
        self._state.touch()
        try:
            await self._send(delivery)
        finally:
            self.in_flight -= 1
            self._state.touch()
        return delivery

    async def _send(self, delivery: Delivery) -> None:
        manifest = self._state.manifest
        if not manifest.over_http:
            await self._socket_mode.send(delivery)
            return
        url = manifest.url_for(delivery.type, delivery.payload)
        if url is None:
            delivery.result = "no_connection"
        else:
            await self._http.send(delivery, url)
