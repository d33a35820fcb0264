"""When a press_burst of presses counts as over, on a loop whose time is a number."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from bot.slack.responding.press_burst import CALM_AFTER, MANY, PressBurst
from tests.simulation.virtual_time import VirtualLoop

Seconds = Callable[[Coroutine[Any, Any, float]], float]


@pytest.fixture
def seconds() -> Iterator[Seconds]:
    """Runs a coroutine in virtual time."""
    loop = VirtualLoop()
    yield loop.run_until_complete
    loop.close()


async def _until_over(press_burst: PressBurst) -> float:
    """The loop's time when the press_burst is over."""
    await press_burst.wait_until_over(within=1.0)
    return asyncio.get_running_loop().time()


def test_without_a_rush_nothing_waits(seconds: Seconds) -> None:
    async def a_few() -> float:
        burst = PressBurst()
        with ExitStack() as presses:
            for _ in range(MANY - 1):
                presses.enter_context(burst.recording())
            return await _until_over(burst)

    assert seconds(a_few()) == 0.0


def test_presses_that_end_together_do_not_end_the_rush(seconds: Seconds) -> None:
    async def one_group() -> float:
        burst = PressBurst()
        with ExitStack() as presses:
            for _ in range(MANY):
                presses.enter_context(burst.recording())
        return await _until_over(burst)

    assert seconds(one_group()) == pytest.approx(CALM_AFTER)


def test_every_further_group_puts_the_end_off(seconds: Seconds) -> None:
    async def three_groups() -> float:
        burst = PressBurst()
        for _ in range(3):
            with ExitStack() as presses:
                for _ in range(MANY):
                    presses.enter_context(burst.recording())
            await asyncio.sleep(CALM_AFTER / 2)
        return await _until_over(burst)

    assert seconds(three_groups()) == pytest.approx(2 * CALM_AFTER)


def test_nobody_waits_longer_than_they_said(seconds: Seconds) -> None:
    async def endless() -> float:
        burst = PressBurst()

        async def rushing() -> None:
            while True:
                with ExitStack() as presses:
                    for _ in range(MANY):
                        presses.enter_context(burst.recording())
                await asyncio.sleep(CALM_AFTER / 2)

        task = asyncio.create_task(rushing())
        await asyncio.sleep(0)
        waited = await _until_over(burst)
        task.cancel()
        return waited

    assert seconds(endless()) == pytest.approx(1.0)
