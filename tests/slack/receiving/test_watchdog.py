"""The watchdog says for how long a connection has been down, and gives up after minutes."""

from __future__ import annotations

from bot.slack.receiving.watchdog import Watchdog
from tests.slack.receiving.seconds import Seconds


async def test_it_gives_up_after_minutes_and_not_before(seconds: Seconds) -> None:
    up = True

    async def is_connected() -> bool:
        return up

    watchdog = Watchdog(is_connected=is_connected, monotonic=seconds)
    await watchdog.look()
    up = False
    start = seconds.now
    while seconds.now < start + 300:
        await watchdog.look()
        seconds.go_by(5)
    await watchdog.look()
    assert not watchdog.gave_up.is_set()
    assert watchdog.cut_off_seconds == 300
    seconds.go_by(5)
    await watchdog.look()
    assert watchdog.gave_up.is_set()


async def test_a_connection_in_time_starts_the_count_anew(seconds: Seconds) -> None:
    looks = iter([False, False, True, True, False, False, True, True])

    async def is_connected() -> bool:
        return next(looks)

    watchdog = Watchdog(is_connected=is_connected, monotonic=seconds, give_up_seconds=60)
    for _ in range(4):
        await watchdog.look()
        seconds.go_by(50)
        await watchdog.look()
    assert watchdog.cut_off_seconds == 0
    assert not watchdog.gave_up.is_set()
