"""Yes or no, from a number and its target. No gray."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

Verdict = Literal["yes", "no"]


def verdict(number: Decimal, target: Decimal) -> Verdict:
    """``yes`` when the number is at least the target."""
    raise NotImplementedError


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
    raise NotImplementedError


def streak(results: Sequence[str]) -> int:
    """How many weeks in a row were ``met``, newest first; ``away`` neither counts nor breaks."""
    raise NotImplementedError
