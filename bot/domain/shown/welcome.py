"""The data of the message to a newly enrolled rep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.shown.reader import Reader


@dataclass(frozen=True)
class WelcomeShown:
    """The first message to a rep."""

    name: str
    team: str
    coach: str
    first_due_at: datetime | None
    targets: tuple[tuple[str, str, Decimal], ...]
    """(metric name, unit, amount)"""
    reader: Reader
