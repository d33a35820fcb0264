"""Numbers that reps log by hand."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.domain.tables import Metric, MetricEntry, Source
from tests.scenarios.conftest import World, text_of
from tests.scenarios.logged import count

# Numbers by hand


@pytest.fixture
async def proposals(world: World) -> World:
    """The world, with a metric that the team logs by hand."""

    def add(session: Session) -> None:
        session.add(
            Metric(
                workspace_id=1,
                key="proposals",
                name="Proposals",
                unit="count",
                question="Did you meet your proposal goal?",
                source=Source.HAND,
                position=10,
            )
        )

    await world.database.write(add)
    return world


async def test_a_number_is_logged_with_a_command(proposals: World) -> None:
    world = proposals
    await world.priya.command("/checkin", "log Proposals 3")
    answer = world.last(world.priya)
    assert text_of(answer).startswith("Logged 3. Proposals: 3 this week.")
    await world.priya.press(answer, action_id="entry.undo")
    await world.workspace.until(lambda: "taken back" in text_of(world.last(world.priya)))
    assert count(world, MetricEntry) == 0


async def test_a_number_is_logged_from_home(proposals: World) -> None:
    world = proposals
    await world.priya.open_home()
    await world.quiet()
    assert world.priya.home is not None
    await world.priya.press(world.priya.home, action_id="entry.open")
    await world.priya.submit({"number": "many"})
    assert "is not a number" in world.priya.errors["number"]
    await world.priya.submit({"number": "3"})
    assert world.priya.modal is not None
    assert "Logged 3. Proposals: 3 this week." in text_of(world.priya.modal)
    await world.priya.press(world.priya.modal, action_id="entry.undo")
    await world.workspace.until(
        lambda: "3 taken back" in text_of(world.priya.modal or {"blocks": []})
    )
