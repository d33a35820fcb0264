"""Text of people on a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return the text without control characters, because names come from people and go to the terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
