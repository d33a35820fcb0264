"""Reps who are away: what they type, and what is there then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import select

from bot.domain.tables import Absence
from bot.sandbox.people import Person
from tests.scenarios.conftest import World, text_of


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in London, which keeps UTC then; day 31 is 1 December."""
    return datetime(2026, 11, 1, hour, minute, tzinfo=UTC) + timedelta(days=day - 1)


async def away(person: Person, text: str = "") -> str:
    """Type `/checkin away …`; what the person is told."""
    outcome = await person.command("/checkin", f"away {text}")
    assert outcome.acked, outcome
    return "" if person.modal else text_of(person.messages()[-1])


async def answer_all(world: World, *numbers: str) -> None:
    await world.priya.command("/checkin")
    modal = world.priya.modal
    assert modal is not None
    fields = [b["block_id"] for b in modal["blocks"] if b["type"] == "input"]
    await world.priya.submit(dict(zip(fields, numbers, strict=True)))
    assert world.priya.errors == {}
    await world.quiet()


def posts(person: Person) -> list[str]:
    """What the bot posted to the person, without what was only said beside a command."""
    return [text_of(m) for m in person.messages() if not m.ephemeral_to]


def absences(world: World) -> list[Absence]:
    return list(world.database.read_now(lambda s: s.exec(select(Absence)).all()))


def standing(world: World) -> list[Absence]:
    return [absence for absence in absences(world) if absence.taken_back_at is None]


def reminders(person: Person) -> list[str]:
    return [words for words in posts(person) if "still has" in words]


def first_answer(world: World, action_id: str) -> str:
    return next(
        str(element["value"])
        for block in world.check_in_message().blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == action_id
    )
