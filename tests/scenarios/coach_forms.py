"""The forms behind `/coach`."""

from __future__ import annotations

from bot.sandbox.people import Person


async def coach(person: Person, text: str = "") -> None:
    """Type `/coach …`; it must be answered."""
    outcome = await person.command("/coach", text)
    assert outcome.acked, outcome.error
