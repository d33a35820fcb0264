"""`python -m tests.soak.one_channel`: sixty alerts for one channel, in real seconds, and how far apart they come.

The real sender posts over HTTP to the sandbox, which refuses with a 429 what comes sooner than Slack allows. The
command ends with 1 if two posts began less than a second apart, if one was refused, or if one came late.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from bot import migrations
from bot.app import slack_client, slack_session
from bot.clock import SystemClock
from bot.database import Database
from bot.domain.outbox import outbox
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.state.faults import Limits
from bot.sandbox.workspace import Workspace
from bot.slack.delivery.pacing import CHANNEL_SPACING
from bot.slack.delivery.sender import Sender
from tests.repository import MANIFEST
from tests.scenarios.conftest import seed_team
from tests.slack.delivery.due import only_alerts

ALERTS = 60

LEAST = timedelta(seconds=1)

LATE = timedelta(seconds=1)
"""What a call may take longer than its turn on a busy machine."""


async def posted(folder: Path) -> tuple[list[datetime], int]:
    """Send the alerts; return when each post reached Slack, and how many were refused."""
    clock = SystemClock()
    database = Database(f"sqlite:///{folder / 'one_channel.db'}")
    migrations.upgrade(database)
    database.write_now(seed_team, now=clock.now())
    database.write_now(only_alerts, count=ALERTS, now=clock.now())
    workspace = Workspace.open(None, clock=clock, manifest=MANIFEST)
    seed_workspace(workspace)
    workspace.limits = Limits.like_slack()
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    try:
        async with slack_session() as session:
            client = slack_client(session, server.api_url, workspace.bot_token)
            sender = Sender(database=database, client=client, clock=clock)
            database.subscribe(outbox.SIGNAL, sender.wake)
            working = asyncio.create_task(sender.run())
            while len(_posts(workspace, ok=True)) < ALERTS:
                await asyncio.sleep(0.2)
            sender.stop()
            await working
    finally:
        await server.stop()
        workspace.close()
        database.close()
    return sorted(_posts(workspace, ok=True)), len(_posts(workspace, ok=False))


def _posts(workspace: Workspace, *, ok: bool) -> list[datetime]:
    """When posts reached Slack that it took, or that it refused."""
    return [
        call.at
        for call in workspace.calls
        if call.method == "chat.postMessage" and bool(call.response.get("ok")) is ok
    ]


def main() -> int:
    """Send them, and print what was seen."""
    with tempfile.TemporaryDirectory() as folder:
        moments, refused = asyncio.run(posted(Path(folder)))
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    lasted = moments[-1] - moments[0]
    allowed = (len(moments) - 1) * CHANNEL_SPACING + LATE
    sys.stdout.write(
        f"{len(moments)} posts in {lasted.total_seconds():.1f} s, at least"
        f" {min(gaps).total_seconds():.3f} s and at most {max(gaps).total_seconds():.3f} s apart,"
        f" {refused} refused\n"
    )
    return int(
        refused > 0 or min(gaps) < LEAST or max(gaps) > CHANNEL_SPACING + LATE or lasted > allowed
    )


if __name__ == "__main__":
    sys.exit(main())
