"""The words for one logged sales conversation: base, close, outcome."""

from __future__ import annotations

import enum


class Base(enum.IntEnum):
    """Where an opportunity stands; the difference of two bases is the moves between them."""

    NONE = 0
    FIRST = 1
    SECOND = 2
    THIRD = 3
    HOME = 4

    @property
    def label(self) -> str:
        """``none``, ``1st``, ``2nd``, ``3rd``, ``home``."""
        return ("none", "1st", "2nd", "3rd", "home")[self]


class Close(enum.StrEnum):
    """How the rep closed the conversation."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    INOFFENSIVE = "inoffensive"

    @property
    def label(self) -> str:
        """``not asked``, ``asked``, ``Inoffensive Close``."""
        labels = {"not_asked": "not asked", "asked": "asked", "inoffensive": "Inoffensive Close"}
        return labels[self.value]


class DealOutcome(enum.StrEnum):
    """Whether the opportunity goes on after this conversation."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


def parse_base(text: str) -> Base | None:
    """Reads ``1st``, ``first``, ``1``, ``2nd base``, ``Home``, ``none``; else None."""
    words = {
        "none": Base.NONE,
        "no": Base.NONE,
        "0": Base.NONE,
        "1st": Base.FIRST,
        "first": Base.FIRST,
        "1": Base.FIRST,
        "2nd": Base.SECOND,
        "second": Base.SECOND,
        "2": Base.SECOND,
        "3rd": Base.THIRD,
        "third": Base.THIRD,
        "3": Base.THIRD,
        "home": Base.HOME,
        "4": Base.HOME,
    }
    return words.get(text.strip().casefold().removesuffix("base").strip())
