"""What a line in the direct messages asks for."""

from __future__ import annotations

import pytest

from bot.rules.direct_words import Asked, asked_of


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("help", Asked.HELP),
        ("Help!", Asked.HELP),
        ("?", Asked.HELP),
        ("Hello", Asked.HELP),
        ("undo", Asked.UNDO),
        ("Undo that.", Asked.UNDO),
        ("`undo`", Asked.UNDO),
        ("list", Asked.LIST),
        ("My week", Asked.LIST),
        ("  my   deals ", Asked.DEALS),
        ("plan", Asked.PLAN),
        ("I'm back", Asked.BACK),
        ("I’m back!", Asked.BACK),
        ("sick today", Asked.AWAY),
        ("I am off on friday", Asked.AWAY),
        ("today and tomorrow I am sick", Asked.AWAY),
        ("vacation 3-10 Dec", Asked.AWAY),
        ("half day friday", Asked.AWAY),
        ("1/2 day fri", Asked.AWAY),
        ("not feeling well", Asked.AWAY),
        ("hols 21-23 Dec", Asked.AWAY),
        ("Acme 2nd", Asked.LOG),
        ("list of things", Asked.LOG),
        ("Offworld 2nd", Asked.LOG),
        ("", Asked.LOG),
    ],
)
def test_what_is_asked_for(text: str, asked: Asked) -> None:
    assert asked_of(text) is asked
