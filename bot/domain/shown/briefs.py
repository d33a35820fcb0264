"""The weekly brief as a team's coaches read it, and the word of praise as a rep does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.domain.shown.momentum import MomentumShown
from bot.domain.shown.reader import Reader
from bot.rules.briefs import RepWeek, Waits


@dataclass(frozen=True)
class Number:
    """One goal of one rep's week."""

    name: str
    unit: str
    target: Decimal
    number: Decimal | None
    """What was answered; None without an answer."""
    logged: Decimal | None
    """What the log says now, if that is another number or if there is no answer."""
    met: bool


@dataclass(frozen=True)
class Step:
    """What a rep agreed on with a coach."""

    step: str
    due_on: date
    kept: str | None
    """`yes` or `no` once the rep has said whether it was done."""
    told: bool
    """Whether the check-in about the brief's week asked about it."""


@dataclass(frozen=True)
class RepShown:
    """One rep in the brief."""

    check_in_id: int | None
    """None for a rep who was not asked about the week."""
    rep: str
    """The rep's Slack user id."""
    week: RepWeek
    numbers: tuple[Number, ...] = ()
    late: bool = False
    steps: tuple[Step, ...] = ()
    """The open steps, and those of which this week's check-in told."""
    because: str | None = None
    """The reason of the act."""
    chosen: bool = False
    """Whether a coach chose the act."""
    taken_by: str | None = None
    """The Slack user id of the coach who has the alert."""
    praise: tuple[str, ...] = ()
    """What the rep deserves a word of praise for."""
    praised_by: str | None = None
    """The Slack user id of the coach who said *Well done*."""
    praised_at: datetime | None = None
    praise_waits_until: datetime | None = None
    """When the praise reaches the rep, if that week's message budget had no room for it."""
    momentum: MomentumShown | None = None
    """The alarm that the week raises, if there is no alert on which it stands."""


@dataclass(frozen=True)
class BriefShown:
    """The brief about one team's week."""

    brief_id: int
    team_name: str
    week: date
    coach: str
    """The Slack user id of the person who coaches the team now."""
    reader: Reader
    page: int
    reps: tuple[RepShown, ...]
    """In the order of the table."""
    this_week: Waits
    """The alerts about this week."""
    before: Waits
    """Those of the four weeks before."""


@dataclass(frozen=True)
class PraiseShown:
    """A coach's *Well done*, as the rep reads it."""

    coach: str
    """The Slack user id of the coach in whose name it is."""
    coach_name: str
    week: date
    because: str
    reader: Reader
