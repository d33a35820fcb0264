"""The card for a one-to-one: what a coach should know of a rep before the two talk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.shown.agreements import AgreementShown
from bot.domain.shown.alerts import TrendWeek
from bot.domain.shown.momentum import MomentumShown
from bot.domain.shown.reader import Reader
from bot.rules.leaks import Leak
from bot.rules.ratios import Ratio, Step
from bot.rules.reality import Disproof


@dataclass(frozen=True)
class DealStanding:
    """An open deal and the day since which it has stood on its base."""

    company: str
    base: int
    since: date
    days: int


@dataclass(frozen=True)
class RatioAgainst:
    """A ratio as the plan has it, and as the rep's log has it now."""

    step: Step
    planned: Decimal
    """In percent."""
    provenance: str
    now: Ratio
    became_measured: bool
    is_new: bool
    """Whether this card is the first that says so."""


@dataclass(frozen=True)
class PlanAgainst:
    """The signed plan that counts, against what happened."""

    plan_id: int
    ends_on: date
    ratios: tuple[RatioAgainst, ...]
    disproof: Disproof | None = None
    is_new: bool = False
    """Whether this card is the first that says that the plan does not hold."""

    @property
    def announces(self) -> bool:
        """Whether the card says something that has to be said once."""
        return self.is_new or any(ratio.is_new for ratio in self.ratios)


@dataclass(frozen=True)
class CardShown:
    """Everything on the card."""

    rep: str
    """The rep's Slack user id."""
    name: str
    trend: tuple[TrendWeek, ...]
    """Twelve weeks, the oldest first; the last one is the last that has ended."""
    units: dict[str, str]
    """By the names of the goals in the trend."""
    has_deals: bool
    """Whether enough is logged to say where deals stop."""
    leak: Leak | None
    momentum: MomentumShown | None
    steps: tuple[AgreementShown, ...]
    """The open ones."""
    acts: tuple[AgreementShown, ...]
    """The last ones, the newest first."""
    deals: tuple[DealStanding, ...]
    """Those that stand longest."""
    open_deals: int
    plan: PlanAgainst | None
    reader: Reader
