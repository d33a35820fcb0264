"""The data of a person's App Home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.domain.shown.absences import AbsenceShown, MarkedLate
from bot.domain.shown.alerts import TrendWeek
from bot.domain.shown.budget import Spent
from bot.domain.shown.loop import NOTHING, CoachShare, LeftAlerts, Loop
from bot.domain.shown.reader import Reader
from bot.domain.shown.setup import Checklist
from bot.rules.absences import WorkWeek


@dataclass(frozen=True)
class GoalShown:
    """One metric of this week: the logged number and the target."""

    metric_id: int
    name: str
    unit: str
    source: str
    logged: Decimal | None
    target: Decimal
    full_target: Decimal | None = None
    """The target of a whole week, if days off make `target` smaller."""


@dataclass(frozen=True)
class PlanInShort:
    """The state of a rep's plan, for one line of Home."""

    state: str
    """`none`, `draft`, `proposed`, `suggested`, `offered`, `sent_back`, `signed` or `ended`."""
    version: int | None = None
    goal: Decimal | None = None
    ends_on: date | None = None
    from_week: date | None = None
    conversations: int | None = None
    base_moves: int | None = None
    sales: Decimal | None = None
    waits_for_rep: bool = False
    waits_for_coach: bool = False
    targets_until: date | None = None
    """The last day on which the targets of a plan that is over stand, where they end."""


@dataclass(frozen=True)
class RepHome:
    """The part of Home that shows a rep their own numbers."""

    team: str
    coach: str
    second_coach: str | None
    coach_channel: str | None
    """The channel in which a miss is shown; None where the coach reads it in a direct message."""
    week: date
    goals: tuple[GoalShown, ...]
    work: WorkWeek | None
    """This week's working days, if some of them are off; None for a whole week."""
    away_until: date | None
    """The last day of the absence that includes today."""
    planned: tuple[AbsenceShown, ...]
    """The rep's present and future absences."""
    by_hand: bool
    """Whether the team has a metric that is logged by hand."""
    open_check_in: int | None
    """A check-in that waits for answers."""
    open_week: date | None
    deadline_at: datetime | None
    comes_at: datetime | None
    """When the check-in's message comes, if it waits until the rep is back."""
    next_due_at: datetime | None
    history: tuple[TrendWeek, ...]
    """Oldest first, up to the week before this one, without the numbers."""
    streak: int
    plan: PlanInShort
    coach_name: str
    channel_name: str | None = None
    """The coach channel's name, which Slack shows to its members only; None while nobody told it."""
    channel_members: int | None = None
    """How many people are in it; None while Slack did not tell."""
    loop: Loop = NOTHING
    midweek_at: datetime | None = None
    """When the next mid-week line comes; None for a rep who has not chosen it."""
    messages: Spent | None = None
    """What the rep has had of this week's message budget."""


@dataclass(frozen=True)
class AskedNumber:
    """One goal of a week that was asked about."""

    name: str
    unit: str
    target: Decimal
    number: Decimal | None
    """The answer's number; None while there is none."""
    logged: Decimal | None
    """The log's number: of now while there is no answer. None for a metric that is not logged."""


@dataclass(frozen=True)
class OpenAlert:
    """A missed week on which a coach still has to act."""

    alert_id: int
    rep: str
    """The rep's Slack user id."""
    rep_name: str
    team: str
    currency: str
    week: date
    result: str
    """`missed` or `silent`."""
    days: int
    """How many days ago the alert was raised, by the reader's calendar."""
    taken_by: str | None
    """The Slack user id of the coach who took it."""
    numbers: tuple[AskedNumber, ...]


@dataclass(frozen=True)
class CoachedRep:
    """One rep as their coach sees them."""

    slack_user_id: str
    name: str
    goals: tuple[GoalShown, ...]
    last_result: str
    """The last check-in in one word; see `TrendWeek.result`."""
    not_asked_because: str | None
    away_until: date | None
    """The last day of the absence that includes today in the rep's zone."""
    marked_late: MarkedLate | None
    """Whether days away in that check-in's week were recorded after it had ended."""
    alert: str | None
    """`waiting`, `taken`, `done`, or None if the last week raised no alert."""
    plan: PlanInShort
    alert_id: int | None = None
    """The alert, for the buttons with which either coach acts on it."""
    last_week: date | None = None
    """The week of the last check-in."""
    last_numbers: tuple[AskedNumber, ...] = ()
    loop: Loop = NOTHING


@dataclass(frozen=True)
class CoachHome:
    """One team as its coach sees it."""

    team_id: int
    team: str
    coach_channel: str | None
    channel_problem: str | None
    currency: str
    reps: tuple[CoachedRep, ...]


@dataclass(frozen=True)
class HomeShown:
    """All data of one person's Home."""

    name: str
    reader: Reader
    rep: RepHome | None
    coached: tuple[CoachHome, ...]
    checklist: Checklist | None
    """The set-up, for admins."""
    alerts: tuple[OpenAlert, ...] = ()
    """The alerts that wait for a coach, the oldest first."""
    page: int = 0
    """The page that the person turned to, counted from 0; it may be one that there is no longer."""
    left_alerts: tuple[LeftAlerts, ...] = ()
    """Alerts that nobody took, for admins."""
    shares: tuple[CoachShare, ...] = ()
    """How often and how fast coaches act, for admins."""
