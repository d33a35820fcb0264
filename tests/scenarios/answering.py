"""Answering a check-in in a scenario."""

from __future__ import annotations

from bot.sandbox.records import Message
from bot.slack.views.checkins.messages import ANSWER_YES
from tests.scenarios.conftest import World

CONVERSATIONS, BASE_MOVES, SALES = 0, 1, 2


def answer_ids(message: Message) -> list[str]:
    """The answers whose Yes button stands in the message, top to bottom."""
    return [
        element["value"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == ANSWER_YES
    ]


async def log_conversations(world: World, count: int) -> None:
    for number in range(count):
        outcome = await world.priya.command("/log-conversation", f"Company {number:02d} Quay")
        assert outcome.acked, outcome


async def answer_all(world: World, *numbers: str) -> None:
    outcome = await world.priya.command("/checkin")
    assert outcome.acked, outcome
    modal = world.priya.modal
    assert modal is not None
    fields = [b["block_id"] for b in modal["blocks"] if b["type"] == "input"]
    await world.priya.submit(dict(zip(fields, numbers, strict=True)))
    assert world.priya.errors == {}
    await world.quiet()
