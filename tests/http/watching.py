"""What the tests of health and metrics read, and a health check whose parts are in the test's hands."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from prometheus_client.parser import text_string_to_metric_families
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import Basecoach
from bot.clock import SettableClock
from bot.database import Database
from bot.http.health_check import HealthCheck, HealthReport
from bot.scheduler import ClockGuard, Heartbeat
from bot.slack.delivery.sender import Sender
from bot.slack.receiving.payload_metrics import PayloadMetrics
from tests.patience import PATIENCE as PATIENCE


async def ready(bot: Basecoach, session: aiohttp.ClientSession) -> dict[str, Any]:
    """What /readyz says once the first tick has been."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with session.get(f"{bot.health_url}/readyz") as answer:
                found: dict[str, Any] = await answer.json()
                assert answer.status == (200 if found["ready"] else 503)
                if found["ready"]:
                    return found


async def metrics(bot: Basecoach, session: aiohttp.ClientSession) -> tuple[str, dict[str, float]]:
    """The text, and each sample without labels or with its labels' values behind its name."""
    async with session.get(f"{bot.health_url}/metrics") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/plain"
        text = await answer.text()
    samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            samples[" ".join([sample.name, *sample.labels.values()])] = sample.value
    return text, samples


# Each thing that can be wrong, by an health_check whose parts are in the test's hands.


@dataclass
class Line:
    """A way in that is as the test says."""

    name: str = "socket_mode"
    connected: bool = True
    cut_off_seconds: float = 0.0
    reconnects: int = 0
    gave_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None

    async def is_connected(self) -> bool:
        return self.connected


@dataclass
class Ward:
    """An health_check and what it examines."""

    database: Database
    clock: SettableClock
    seconds: float = 0.0
    monotonic: float = 1_000.0
    line: Line = field(default_factory=Line)
    payload_metrics: PayloadMetrics = field(default_factory=PayloadMetrics)

    def __post_init__(self) -> None:
        self.heartbeat = Heartbeat(
            guard=ClockGuard(wall=lambda: 1_700_000_000.0 + self.seconds, monotonic=lambda: 1_000.0)
        )
        self.heartbeat.add("tick", self.nothing, seconds=15)

    async def nothing(self) -> None:
        return None

    async def look(self) -> HealthReport:
        return await self.health_check().look()

    def health_check(self) -> HealthCheck:
        client = AsyncWebClient(base_url="http://127.0.0.1:9/")
        return HealthCheck(
            database=self.database,
            clock=self.clock,
            heartbeat=self.heartbeat,
            tick="tick",
            sender=Sender(database=self.database, client=client, clock=self.clock),
            transport=self.line,
            payload_metrics=self.payload_metrics,
            monotonic=lambda: self.monotonic,
        )
