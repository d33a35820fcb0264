"""The forms behind `/coach`."""

from __future__ import annotations

from bot.sandbox.people import Person


def title(person: Person) -> str:
    assert person.modal is not None, "no modal is open"
    return str(person.modal["title"]["text"])


async def coach(person: Person, text: str = "") -> None:
    """Type `/coach …`; it must be answered."""
    outcome = await person.command("/coach", text)
    assert outcome.acked, outcome.error
