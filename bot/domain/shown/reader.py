"""How somebody reads: their zone, their locale, their team's currency."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Reader:
    """Everything that words need to know of who reads them."""

    timezone: str
    locale: str
    currency: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
