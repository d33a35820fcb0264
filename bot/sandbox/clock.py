"""The clock of the workspace: buttons that move it, and the stream that the bot's own clock follows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.records import Clock

KEEP_ALIVE_SECONDS = 10.0


@dataclass(frozen=True)
class Jump:
    """A jump is a button that moves the clock to a moment worth seeing.

    `when` returns that moment, or None if there is nothing to jump to. `when_in` returns it by the
    clocks of an IANA zone, for a jump that depends on one.
    """

    label: str
    key: str
    when: Callable[[], Awaitable[datetime | None]]
    when_in: Callable[[str], Awaitable[datetime | None]] | None = None


class ClockControls:
    """Moves the workspace's clock. `jumps` are its buttons. Without any it makes two of its own."""

    def __init__(self, clock: Clock, jumps: Sequence[Jump] = ()) -> None:
        self._clock = clock
        self.jumps = list(jumps) or [
            _weekly(clock, "Next Monday 09:00", "next_check_in", weekday=0, hour=9),
            _weekly(clock, "Next Tuesday 17:00", "deadline", weekday=1, hour=17),
        ]

    def move(self, seconds: float) -> None:
        """Move the clock forward. Raises ValueError for a step back."""
        self._clock.move(seconds)

    async def jump(self, key: str, *, tz: str | None = None) -> datetime | None:
        """Move the clock to the moment of the jump with this key, in the zone `tz` if it goes by one.

        Returns the moment, or None if there is nothing ahead. Raises LookupError for an unknown key.
        """
        jump = next((jump for jump in self.jumps if jump.key == key), None)
        if jump is None:
            raise LookupError(f"no jump {key!r}")
        moment = await (jump.when_in(tz) if tz and jump.when_in else jump.when())
        ahead = (moment - self._clock.now()).total_seconds() if moment else 0
        if moment is None or ahead <= 0:
            return None
        self._clock.move(ahead)
        return moment


async def offset_lines(clock: Clock, stopping: asyncio.Event) -> AsyncIterator[bytes]:
    """Yield the clock's offset as a line of JSON, now and after each move, until `stopping` is set.

    Between them it yields an empty line every ten seconds, so that a reader notices a dead connection.
    """
    loop = asyncio.get_running_loop()
    moved = asyncio.Event()

    def wake() -> None:
        loop.call_soon_threadsafe(moved.set)

    forget = clock.subscribe(wake)
    try:
        while not stopping.is_set():
            moved.clear()
            yield json.dumps({"offset": clock.offset}).encode() + b"\n"
            while not moved.is_set() and not stopping.is_set():
                if not await _either(moved, stopping, timeout=KEEP_ALIVE_SECONDS):
                    yield b"\n"
    finally:
        forget()


def _weekly(clock: Clock, label: str, key: str, *, weekday: int, hour: int) -> Jump:
    """Make a jump to the next such hour of the week, in London unless a zone is given."""

    async def when_in(tz: str) -> datetime:
        local = clock.now().astimezone(ZoneInfo(tz))
        ahead = timedelta(days=(weekday - local.weekday()) % 7)
        moment = datetime.combine(local.date() + ahead, time(hour), tzinfo=local.tzinfo)
        if moment <= local:
            following = moment.date() + timedelta(days=7)
            moment = datetime.combine(following, time(hour), tzinfo=local.tzinfo)
        return moment.astimezone(UTC)

    return Jump(label, key, lambda: when_in("Europe/London"), when_in)


async def _either(first: asyncio.Event, second: asyncio.Event, *, timeout: float) -> bool:
    """Tell whether one of two events came within `timeout` seconds."""
    waits = [asyncio.ensure_future(event.wait()) for event in (first, second)]
    try:
        done, _ = await asyncio.wait(waits, timeout=timeout, return_when="FIRST_COMPLETED")
        return bool(done)
    finally:
        for wait in waits:
            wait.cancel()
