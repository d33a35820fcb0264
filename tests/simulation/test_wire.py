"""Slack's end of a call goes on when the process that made the call dies."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from bot.sandbox.seed import seed_workspace
from bot.sandbox.workspace import Workspace
from tests.repository import MANIFEST
from tests.simulation.mix import START
from tests.simulation.virtual_time import Process, VirtualClock, VirtualLoop
from tests.simulation.wire import API_URL, BASE_URL, Wire


@pytest.mark.parametrize("fault", [None, "late"])
def test_slack_tells_of_a_message_whose_sender_died(fault: str | None) -> None:
    async def live() -> None:
        loop = asyncio.get_running_loop()
        clock = VirtualClock(loop, START)
        workspace = Workspace.open(None, clock=clock, manifest=MANIFEST, monotonic=loop.time)
        workspace.base_url = BASE_URL
        seed_workspace(workspace)
        workspace.dispatcher.start()
        rates = {fault: 1.0} if fault else {}
        wire = Wire(workspace, random=Random(1), rates=rates, is_down=lambda: False)
        process = Process("the sender")
        process.dies_in = 1  # after the call, or while it waits for an answer that is late

        async def post() -> None:
            session = wire.session_of(process)
            headers = {"Authorization": f"Bearer {workspace.bot_token}"}
            message = {"channel": workspace.dm_of("U0PRIYA").id, "text": "Hello"}
            async with session.post(f"{API_URL}chat.postMessage", json=message, headers=headers):
                pass

        process.start(post())
        await asyncio.sleep(600)
        await workspace.settled()
        assert not process.alive
        told = [delivery.payload["event"]["text"] for delivery in workspace.deliveries]
        assert told[:1] == ["Hello"]
        workspace.close()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(live())
