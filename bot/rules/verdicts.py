"""Yes or no, from a number and its target. No gray."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from bot.rules.numbers import show_number

Verdict = Literal["yes", "no"]


def verdict(number: Decimal, target: Decimal) -> Verdict:
    """``yes`` when the number is at least the target."""
    return "yes" if number >= target else "no"


def sentence(
    number: Decimal,
    target: Decimal,
    *,
    shown_number: str | None = None,
    shown_target: str | None = None,
) -> str:
    """``17 is below 20, so this is a No.`` or ``21 meets 20, so this is a Yes.``

    ``shown_number`` and ``shown_target`` are the two as the reader should see them
    (``show_number``); without them they are shown as plain counts.
    """
    shown_number = shown_number or show_number(number)
    shown_target = shown_target or show_number(target)
    if verdict(number, target) == "yes":
        return f"{shown_number} meets {shown_target}, so this is a Yes."
    return f"{shown_number} is below {shown_target}, so this is a No."


NOT_COUNTED = frozenset({"away", "skipped"})
"""Results of weeks that neither count in a row of weeks nor break it: nobody was asked, or had to answer."""


def streak(results: Sequence[str]) -> int:
    """How many weeks in a row were ``met``, newest first; those of NOT_COUNTED neither count nor break."""
    weeks = 0
    for result in results:
        if result == "met":
            weeks += 1
        elif result not in NOT_COUNTED:
            break
    return weeks
