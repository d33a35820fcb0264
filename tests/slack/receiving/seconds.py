"""A monotonic clock that only tests move, and pauses that take no time."""

from __future__ import annotations

import asyncio


class Seconds:
    """A monotonic clock that only tests move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def go_by(self, seconds: float) -> None:
        self.now += seconds


class Pauses:
    """Takes the place of `asyncio.sleep`: it notes for how long it was asked to wait, and lets others go first."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await asyncio.sleep(0)
