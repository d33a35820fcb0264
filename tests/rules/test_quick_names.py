"""What looks like a company's name, and what is asked about."""

from __future__ import annotations

from datetime import date

import pytest

from bot.rules.conversation import Base, DealOutcome
from bot.rules.quick_names import odd_name
from bot.rules.quick_readings import QuickLog


def asked(name: str, base: Base | None = None) -> str | None:
    return odd_name(QuickLog(name, base, date(2026, 11, 25), None, DealOutcome.OPEN, None))


@pytest.mark.parametrize(
    "name",
    [
        "Acme",
        "Müller GmbH & Co. KG",
        "Bank of America",
        "24/7 Fitness",
        "H&M",
        "日本電気",
        "7-Eleven",
    ],
)
def test_names(name: str) -> None:
    assert asked(name) is None


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("Weyland 4th", "The bases are 1st, 2nd, 3rd and home."),
        ("Acme-2nd", "The bases are 1st, 2nd, 3rd and home."),
        ("Hooli interested", "“interested” is seldom part of a name."),
        ("Müller gewonnen", "“gewonnen” is seldom part of a name."),
        ("12k", "It looks like an amount."),
        ("Acme $12", "It looks like an amount."),
        ("Initech 500", "“500” may be something else."),
        ("one two three four five six seven", "It reads like a sentence."),
    ],
)
def test_what_is_asked_about(name: str, because: str) -> None:
    assert asked(name) == f"Is “{name}” a company? {because}"


def test_beside_a_base_a_number_belongs_to_the_name() -> None:
    assert asked("Studio 54", Base.FIRST) is None
    assert asked("3M", Base.FIRST) is None
    assert asked("3M") is not None
    assert asked("12k", Base.FIRST) is not None
