"""Base, close and outcome: how they are stored, what they are called, and how a base is read."""

from __future__ import annotations

import pytest

from bot.rules.conversation import Base, Close, DealOutcome, parse_base


def test_what_is_stored_of_them_stays_what_it_is() -> None:
    """The rows of every team have these values: whoever changes one writes a migration."""
    assert [(base.name, int(base)) for base in Base] == [
        ("NONE", 0),
        ("FIRST", 1),
        ("SECOND", 2),
        ("THIRD", 3),
        ("HOME", 4),
    ]
    assert [(close.name, close.value) for close in Close] == [
        ("NOT_ASKED", "not_asked"),
        ("ASKED", "asked"),
        ("INOFFENSIVE", "inoffensive"),
    ]
    assert [(outcome.name, outcome.value) for outcome in DealOutcome] == [
        ("OPEN", "open"),
        ("WON", "won"),
        ("LOST", "lost"),
    ]


def test_what_people_call_them() -> None:
    assert [base.label for base in Base] == ["none", "1st", "2nd", "3rd", "home"]
    assert [close.label for close in Close] == ["not asked", "asked", "Inoffensive Close"]


@pytest.mark.parametrize(
    ("base", "texts"),
    [
        (Base.NONE, ["none", "no", "0", "No base", "NONE"]),
        (Base.FIRST, ["1st", "first", "1", "1st base", "First Base", " 1 "]),
        (Base.SECOND, ["2nd", "second", "2", "2nd base", "2ND BASE", "2nd  base"]),
        (Base.THIRD, ["3rd", "third", "3", "third base"]),
        (Base.HOME, ["home", "4", "Home base", "HOME", "\thome\n"]),
    ],
)
def test_a_base_as_people_type_it(base: Base, texts: list[str]) -> None:
    assert [parse_base(text) for text in texts] == [base] * len(texts)


@pytest.mark.parametrize(
    "text", ["", "base", "fourth", "5", "-1", "1.", "2nd base 3rd", "base 2nd", "homes", "base2"]
)
def test_what_is_no_base(text: str) -> None:
    assert parse_base(text) is None
