"""Logging in a scenario, and what is in the log then."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, func, select

from bot.domain.tables import Conversation
from bot.sandbox.people import Person
from bot.sandbox.records import Message
from tests.scenarios.conftest import World


async def log(world: World, text: str, person: Person | None = None) -> Message:
    """Send the command and give the answer that only this person sees."""
    person = person or world.priya
    outcome = await person.command("/log-conversation", text)
    assert outcome.acked, outcome.error
    return world.last(person)


def count(world: World, kind: Any = Conversation) -> int:
    return world.database.read_now(
        lambda session: session.exec(
            select(func.count()).select_from(kind).where(col(kind.undone_at).is_(None))
        ).one()
    )


def newest(world: World) -> int:
    return world.database.read_now(
        lambda session: session.exec(
            select(Conversation.id).order_by(col(Conversation.id).desc()).limit(1)
        ).one()
    )


def initial(person: Person, block_id: str) -> Any:
    """What an input of the top modal shows at first."""
    assert person.modal is not None
    element = next(b["element"] for b in person.modal["blocks"] if b["block_id"] == block_id)
    chosen = element.get("initial_option", {}).get("value")
    return chosen or element.get("initial_value") or element.get("initial_date")
