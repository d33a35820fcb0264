"""Stopping has an end, whatever Slack does, and what it cut off is neither lost nor done twice."""

from __future__ import annotations

import logging

import pytest

from bot import app as composition
from tests.scenarios.conftest import World


@pytest.mark.parametrize("transport", ["socket_mode", "http"])
async def test_a_post_that_hangs_does_not_hold_up_the_stop(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(composition, "STOP_SECONDS", 0.3)
    caplog.set_level(logging.INFO, logger="bot.app")
    before = len(world.priya.messages())
    world.workspace.faults.next_call("slow", method="chat.postMessage", seconds=60)
    world.clock.move_to(world.due("U0PRIYA"))
    await world.workspace.until(lambda: world.workspace.faults.held == 1)
    await world.stop_bot()
    assert [r.getMessage() for r in caplog.records][-2:] == ["stopped with work in hand", "stopped"]
    world.workspace.faults.release()

    await world.start_bot()
    for _ in range(3):
        await world.move(minutes=5)
    check_ins = [m for m in world.priya.messages()[before:] if "how was your week" in str(m.blocks)]
    assert len(check_ins) == 1
