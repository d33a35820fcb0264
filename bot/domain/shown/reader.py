"""The reading settings of a person: their zone, their locale, their team's currency."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Reader:
    """The facts about a reader that texts for them depend on."""

    timezone: str
    locale: str
    currency: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
