"""The soak: half a minute of it in every test run, `make soak MINUTES=10 SEED=1` for more."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import SettableClock
from bot.database import Database
from bot.sandbox.records import User
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.patience import PATIENCE
from tests.processes.conftest import FRIDAY, Yard, enrol_many
from tests.repository import MANIFEST
from tests.soak.soak import Soak

MINUTES = float(os.environ.get("MINUTES", "0"))
SEED = int(os.environ.get("SEED", "1"))
REPS = 80 if MINUTES else 16


@pytest.fixture
async def yard(new_postgresql: Callable[[], str], tmp_path: Path) -> AsyncIterator[Yard]:
    """One team of reps, on a Friday; no bot is running yet."""
    clock = SettableClock((FRIDAY - datetime.now(UTC)).total_seconds())
    workspace = Workspace.open(
        None,
        clock=clock,
        manifest=MANIFEST,
        ack_seconds=PATIENCE,
        trigger_seconds=PATIENCE,
    )
    seed_workspace(workspace)
    people = [User(f"U0REP{n:03}", f"rep{n:03}", f"Rep {n:03}") for n in range(REPS)]
    for user in people:
        workspace.add_user(user)
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    url = new_postgresql()
    database = Database(url)
    await database.write(enrol_many, people=people, now=clock.now())
    database.close()
    yield Yard(workspace, server, clock, url, tmp_path)
    await server.stop()
    workspace.close()


@pytest.mark.postgresql
async def test_every_promise_holds_after_weeks_of_trouble(yard: Yard) -> None:
    soak = Soak(yard, SEED, steps=16 if MINUTES else 4)
    try:
        await soak.run(seconds=60 * MINUTES)
        found = soak.violations()
        print(f"\nseed {SEED}\n{soak.summary()}\n{'ok' if not found else 'VIOLATED'}")  # noqa: T201
        assert found == [], f"seed {SEED}"
        assert soak.given, "nobody answered anything"
    finally:
        await soak.stop()
        soak.close()
