"""A Monday of one large workspace at the bot's own pace: in time that is moved on as the pace asks.

300 reps in every test run; `make soak-pacing REPS=10000` for what a large company's slowest rep sees.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bot import app as composition
from bot.clock import SettableClock
from bot.database import Database
from bot.domain import outbox
from bot.sandbox.faults import Limits
from bot.sandbox.records import ApiCall, User
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.pacing import Pace
from tests.conftest import FRIDAY
from tests.processes.conftest import MANIFEST, MONDAY, enrol_many

REPS = int(os.environ.get("REPS", "300"))
STEP = timedelta(seconds=4)
"""How far the clock is moved at once; it is how exact the figures are."""

TIER = 300
"""chat.postMessage in a minute, for a whole workspace."""


@pytest.mark.parametrize("trouble", ["none", "429"])
async def test_everybody_is_asked_and_the_tier_is_kept(
    new_sqlite: Callable[[], str], trouble: str
) -> None:
    clock = SettableClock(frozen_at=FRIDAY)
    workspace = Workspace.open(
        None, clock=clock, manifest=MANIFEST, monotonic=lambda: clock.now().timestamp()
    )
    seed_workspace(workspace)
    people = [User(f"U0REP{n:05}", f"rep{n:05}", f"Rep {n:05}") for n in range(REPS)]
    for user in people:
        workspace.users[user.id] = user
    server = SandboxServer(workspace, clock=clock)
    database = Database(new_sqlite())
    await server.start()
    try:
        await database.write(enrol_many, people=people, now=clock.now())
        await database.write(_welcomed)
        clock.move_to(MONDAY - timedelta(seconds=1))
        pace = Pace()
        async with composition.running(
            database=database,
            clock=clock,
            bot_token=workspace.bot_token,
            app_token=workspace.app_token,
            api_url=server.api_url,
            pace=pace,
        ) as bot:
            workspace.limits = Limits.like_slack()
            if trouble == "429":
                workspace.faults.refuse(5, "429", "chat.postMessage", retry_after=30)
            clock.move(1)
            await bot.settle()
            while await database.read(_still_due):
                await bot.sender.send_due()
                ready_at = pace.ready_at("chat.postMessage", clock.now())
                clock.move(max(ready_at - clock.now(), STEP).total_seconds())
        posts = [call for call in workspace.calls if call.method == "chat.postMessage"]
        waited = sorted(_asked_at(posts, user.id) - MONDAY for user in people)
        refused = sum(call.response.get("error") == "ratelimited" for call in posts)
        busiest = most_within_a_minute([call.at for call in posts])
        print(  # noqa: T201 - what this is run for
            f"\n{REPS} reps, {refused} of {len(posts)} posts refused, at most {busiest} in a minute; "
            f"asked after {_minutes(waited[len(waited) // 2])} (median), "
            f"{_minutes(waited[-1])} (slowest)"
        )
        assert busiest <= TIER
        assert (refused > 0) == (trouble == "429")
    finally:
        await server.stop()
        workspace.close()
        database.close()


def most_within_a_minute(moments: list[datetime]) -> int:
    """The most of these that lie within one minute."""
    most, window = 0, deque[datetime]()
    for moment in sorted(moments):
        window.append(moment)
        while moment - window[0] >= timedelta(minutes=1):
            window.popleft()
        most = max(most, len(window))
    return most


def _asked_at(posts: list[ApiCall], user_id: str) -> datetime:
    """When the person's one check-in was taken by Slack."""
    (taken,) = [call for call in posts if call.response.get("ok") and _to(call) == user_id]
    return taken.at


def _to(call: ApiCall) -> str:
    channel = str(call.arguments["channel"])
    return "U" + channel[1:] if channel.startswith("D") else channel


def _welcomed(session: Session) -> None:
    """Everybody has had their welcome already."""
    session.connection().execute(sa.text("UPDATE outbox SET due_at = NULL, shown = wanted"))


def _still_due(session: Session) -> bool:
    waiting = "SELECT count(*) FROM outbox WHERE surface = :check_in AND due_at IS NOT NULL"
    found = session.connection().execute(sa.text(waiting), {"check_in": outbox.CHECK_IN})
    return bool(found.scalar())


def _minutes(wait: timedelta) -> str:
    return f"{wait.total_seconds() / 60:.1f} min"
