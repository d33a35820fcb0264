"""Every code of Slack's, and some invented ones, for a call, for an hour and for days: what becomes of messages.

Each message is delivered after the trouble unless its own window is over; then it is named. All combinations take
minutes: they run with BASECOACH_EVERY_CODE=1. Otherwise each code meets a check-in or an alert, once or for days,
and all surfaces meet one code of each class; in CI those of them whose turn it is.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.checkins import lifecycle as checkins
from bot.domain.outbox import outbox
from bot.domain.people.members import Profile
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.harbor import Rep, seed_harbor
from tests.repository import MANIFEST
from tests.slack.delivery.codes import DOCUMENTED, INVENTED, OF_EACH_CLASS
from tests.slack.delivery.trouble import (
    AT_ONCE,
    LATER,
    METHOD,
    POST,
    SOON,
    SURFACES,
    WINDOWED,
    Lab,
)
from tests.turns import is_due, turn

EVERY = DOCUMENTED + INVENTED

IS_WHOLE = "BASECOACH_EVERY_CODE" in os.environ

ALSO_CALLED = {"rate_limited": ("ratelimited",)}
"""Codes of Slack's that Basecoach names by another code that means the same."""

Story = tuple[str, tuple[str, ...]]


def stories(**widely: tuple[str, ...]) -> list[Story]:
    """The surfaces, each with the codes that it meets: those given for it, and one of each class."""
    found = []
    for surface in SURFACES:
        codes = EVERY if IS_WHOLE else tuple(dict.fromkeys(OF_EACH_CLASS + widely.get(surface, ())))
        due = tuple(code for code in codes if is_due(f"{surface} {code}", turn()))
        found.append((surface, due or codes[:1]))
    return found


@pytest.fixture
async def lab(new_sqlite: Callable[[], str], clock: SettableClock) -> AsyncIterator[Lab]:
    database = Database(new_sqlite())
    people = [
        Profile(user, user, timezone="Europe/London", is_admin=user == "U0DANA")
        for user in ("U0PRIYA", "U0DANA", "U0MORGAN")
    ]
    database.write_now(
        seed_harbor,
        people=people,
        reps={"U0PRIYA": Rep({"conversations": 20, "base_moves": 9, "sales": 10_000})},
        targets_from=date(2026, 8, 31),
        now=clock.now(),
    )
    workspace = Workspace.open(None, clock=clock, manifest=MANIFEST)
    seed_workspace(workspace)
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    try:
        async with aiohttp.ClientSession() as session:
            client = AsyncWebClient(
                token=workspace.bot_token,
                base_url=server.api_url,
                session=session,
                retry_handlers=[],
            )
            yield Lab.on_monday(database, clock, workspace, client)
    finally:
        await server.stop()
        workspace.close()
        database.close()


@pytest.mark.parametrize(("surface", "codes"), stories(check_in=EVERY[::4], alert=EVERY[1::4]))
async def test_one_odd_answer_costs_minutes(lab: Lab, surface: str, codes: tuple[str, ...]) -> None:
    late = []
    for code in codes:
        await lab.begin(surface)
        lab.workspace.faults.next_call("error", METHOD.get(surface, POST), code=code)
        await lab.beat()
        if not await lab.until_delivered(AT_ONCE):
            late.append(code)
    assert late == []


@pytest.mark.parametrize(("surface", "codes"), stories())
async def test_an_hour_of_odd_answers_costs_an_hour(
    lab: Lab, surface: str, codes: tuple[str, ...]
) -> None:
    late = []
    for code in codes:
        await lab.begin(surface)
        lab.workspace.faults.refuse(100, "error", METHOD.get(surface, POST), code=code)
        await lab.beat()
        await lab.through_an_hour()
        lab.workspace.faults.clear()
        if not await lab.until_delivered(SOON):
            late.append(code)
    assert late == []


@pytest.mark.parametrize(("surface", "codes"), stories(check_in=EVERY[2::4], alert=EVERY[3::4]))
async def test_what_is_refused_for_days_waits_and_what_its_window_ends_is_named(
    lab: Lab, surface: str, codes: tuple[str, ...]
) -> None:
    wrong = []
    for code in codes:
        await lab.begin(surface)
        due_at = lab.clock.now()
        lab.workspace.faults.refuse(100, "error", METHOD.get(surface, POST), code=code)
        for later in (timedelta(0), timedelta(hours=5), timedelta(hours=30, minutes=50)):
            lab.clock.move_to(due_at + later)
            await lab.beat()
        if lab.item.failed_reason is not None:
            wrong.append(f"{code}: given up in its window")
        lab.clock.move_to(due_at + checkins.CATCH_UP + timedelta(minutes=1))
        for _ in range(3):
            await lab.beat()
            lab.clock.move(600)
        if surface in WINDOWED:
            if not lab.names([code, *ALSO_CALLED.get(code, ())]):
                wrong.append(f"{code}: not named, but {lab.item.failed_reason}")
            continue
        if lab.item.failed_reason is not None:
            wrong.append(f"{code}: given up")
        lab.workspace.faults.clear()
        if not await lab.until_delivered(LATER):
            wrong.append(f"{code}: not delivered afterwards")
    assert wrong == []


async def test_every_method_at_once_may_be_refused(lab: Lab) -> None:
    """The workspace refuses whatever is called, and takes everything again an hour later."""
    late = []
    for code in EVERY if IS_WHOLE else OF_EACH_CLASS:
        await lab.begin(outbox.CHECK_IN)
        lab.workspace.faults.refuse(100, "error", code=code)
        await lab.beat()
        await lab.through_an_hour()
        lab.workspace.faults.clear()
        if not await lab.until_delivered(SOON):
            late.append(code)
    assert late == []
