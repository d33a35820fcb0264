"""What is done after the acknowledgement is finished before the process ends, whatever fails of it."""

from __future__ import annotations

import asyncio

import pytest

from bot.slack.responding.background import BackgroundTasks


async def test_finish_waits_for_all_and_for_what_they_begin() -> None:
    background, done = BackgroundTasks(), []
    go_on = asyncio.Event()

    async def second() -> None:
        done.append("second")

    async def first() -> None:
        await go_on.wait()
        done.append("first")
        background.add(second())

    background.add(first())
    finishing = asyncio.create_task(background.finish())
    await asyncio.sleep(0)
    assert not finishing.done()
    go_on.set()
    await finishing
    assert done == ["first", "second"]
    await background.finish()


async def test_a_failure_is_logged_and_keeps_nothing_else_from_being_done(
    caplog: pytest.LogCaptureFixture,
) -> None:
    background, done = BackgroundTasks(), []

    async def fail() -> None:
        raise ValueError("ours")

    async def work() -> None:
        done.append(1)

    background.add(fail())
    background.add(work())
    await background.finish()
    assert done == [1]
    assert "what was to be done afterwards failed" in caplog.text
