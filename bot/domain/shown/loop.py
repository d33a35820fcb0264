"""The coaching loop on Homes: steps, wishes for advice, alerts that wait, numbers that the log does not carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.domain.shown.agreements import AgreementShown


@dataclass(frozen=True)
class Difference:
    """An answer that is another number than the log has now."""

    name: str
    unit: str
    answered: Decimal
    logged: Decimal


@dataclass(frozen=True)
class Habit:
    """What stands out in how a week was logged: said once, without a judgement, and to the coaches only."""

    company: str | None = None
    """The company with very many entries on one day; None for a week that was logged at its very end."""
    day: date | None = None
    entries: int = 0


@dataclass(frozen=True)
class Loop:
    """What the loop holds about one rep."""

    steps: tuple[AgreementShown, ...] = ()
    """The steps that wait for their day or for the rep's answer."""
    last: AgreementShown | None = None
    """The last agreement, with what the rep says about it."""
    advice_id: int | None = None
    advice_since: datetime | None = None
    """The rep's open wish for advice."""
    check_in_id: int | None = None
    differences: tuple[Difference, ...] = ()
    """Of the last check-in."""
    nodded_by: str | None = None
    """The Slack user id of the coach who accepts them as they are."""
    habits: tuple[Habit, ...] = ()


NOTHING = Loop()


@dataclass(frozen=True)
class LeftAlerts:
    """The alerts of one team that nobody took: how many and since when, and nothing about their reps."""

    team: str
    coach: str
    alerts: int
    since: datetime


@dataclass(frozen=True)
class CoachShare:
    """How often and how fast one coach acts, and what their reps say of it as shares; no answer of anybody."""

    coach: str
    alerts: int
    taken: int
    done: int
    hours: Decimal | None
    """The median hours from an alert to its being taken."""
    asked: int
    talked: int
    helped: int
    """How many of the `asked` said so; all 0 where too few answered to keep them unknown."""
