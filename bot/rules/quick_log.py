"""``/log-conversation Acme 2nd yesterday asked``: one line of text into one conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.rules.conversation import Base, Close, Outcome, parse_base

__all__ = [
    "USAGE",
    "Base",
    "Close",
    "NotUnderstood",
    "Outcome",
    "QuickLog",
    "parse_base",
    "parse_quick_log",
]

USAGE = ""


class NotUnderstood(ValueError):
    """A line that could not be read; ``str()`` is ``sentence``.

    ``text`` is all that was typed (Slack's escapes undone), ``what`` the part that was not
    understood (empty if nothing was typed), ``sentence`` says what to do.
    """

    def __init__(self, sentence: str, *, text: str, what: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.text = text
        self.what = what


@dataclass(frozen=True)
class QuickLog:
    """What the line says. ``notes`` are sentences the person should read."""

    company: str
    base: Base | None
    held_on: date
    close: Close | None
    outcome: Outcome
    amount: Decimal | None
    notes: tuple[str, ...] = ()


def parse_quick_log(
    text: str,
    *,
    today: date,
    locale: str = "en_US",
    currency: str = "USD",
    first_open_day: date | None = None,
) -> QuickLog:
    """Reads a line; raises ``NotUnderstood`` and nothing else.

    ``today`` is the rep's local day, ``first_open_day`` the first day that is not closed yet.
    """
    raise NotImplementedError
