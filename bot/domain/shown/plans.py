"""What is shown of plans: the three steps of the wizard, the message to the coach, the answer to the rep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from bot.domain.shown.reader import Reader
from bot.rules import plan as rules
from bot.rules.conflicts import Conflict
from bot.rules.periods import Period, Span
from bot.rules.ratios import Provenance, Ratio
from bot.rules.validity import Finding

PERIOD = "plan.period"
BEGINS_ON = "plan.begins_on"
ENDS_ON = "plan.ends_on"

KIND = "goal.kind"
WORDS = "goal.words"
AMOUNT = "goal.amount"
UNIT = "goal.unit"
METRIC = "goal.metric"
COMMISSION = "goal.commission"
HOURS = "goal.hours"
FIRST_DAY = "goal.begins_on"
LAST_DAY = "goal.ends_on"

PAIR = "plan.pair."
"""Followed by the two keys, `first:second`: the inputs that ask about a pair of goals."""

REASON = "plan.reason"
FROM_WEEK = "plan.from_week"


@dataclass(frozen=True)
class Figure:
    """A number of the plan that is no ratio, and where it comes from.

    `logged` is what the log says (None: nothing), from `sales` sales since `since`. The provenance is
    `overruled` where `value` differs from it, and `assumed` where there is nothing to go by.
    """

    value: Decimal | None
    provenance: Provenance
    logged: Decimal | None = None
    sales: int = 0
    since: date | None = None


@dataclass(frozen=True)
class GoalForm:
    """The first step as it was filled in; dates only with `Period.DATES`."""

    period: str
    begins_on: date | None
    ends_on: date | None
    goal: str


@dataclass(frozen=True)
class GoalStep:
    """The first step: which period, and how much is to be sold in it."""

    plan_id: int | None
    """The draft that goes on; None where the rep begins."""
    periods: Mapping[Period, Span]
    """The years and quarters on offer, in their order."""
    period: Period
    dates: Span | None
    goal: Decimal | None
    today: date
    reader: Reader


@dataclass(frozen=True)
class NumbersForm:
    """The second step as it was typed."""

    closed: str
    average_sale: str
    ratios: Mapping[str, str]
    """By the step's value."""
    working_weeks: str


@dataclass(frozen=True)
class NumbersStep:
    """The second step: everything that the history holds, filled in and labelled."""

    plan_id: int
    span: Span
    first_week: date
    goal: Decimal
    closed: Figure
    average_sale: Figure
    ratios: tuple[Ratio, ...]
    working_weeks: Decimal
    weeks_counted: Decimal
    """What the calendar gives; `working_weeks` differs where the rep said so."""
    days_away: int
    """Working days of leave and public holidays that were left out of it."""
    sales_cycle_days: int
    reader: Reader


@dataclass(frozen=True)
class GoalShown:
    """A goal beside the sales goal."""

    goal_id: int
    key: str
    kind: str
    words: str
    amount: Decimal | None
    unit: str | None
    """As `bot.domain.shown` has units: `money`, `count`, or a word."""
    metric: str | None
    commission: Decimal | None
    hours: Decimal | None
    begins_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class OtherGoalForm:
    """A goal beside the sales goal as it was typed."""

    kind: str
    words: str
    amount: str = ""
    unit: str = ""
    metric_id: int | None = None
    commission: str = ""
    hours: str = ""
    begins_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class OtherGoalStep:
    """The form for such a goal: a new one, or one that is changed."""

    plan_id: int
    kind: str
    goal: GoalShown | None
    metrics: tuple[tuple[int, str, str], ...]
    """(id, name, unit) of the metrics that a goal may be about."""
    metric_id: int | None
    reader: Reader


@dataclass(frozen=True)
class Pair:
    """Two goals that only the rep can judge: does reaching the one get in the way of the other?"""

    first_key: str
    first: str
    second_key: str
    second: str


@dataclass(frozen=True)
class PlanShown:
    """One version of a plan, as rep and coach see it."""

    plan_id: int
    version: int | None
    state: str
    origin: str
    rep: str
    rep_name: str
    coach: str
    coach_name: str
    team_name: str
    reader: Reader
    span: Span
    goal: Decimal
    closed: Figure
    average_sale: Figure
    ratios: tuple[Ratio, ...]
    working_weeks: Decimal
    weeks_counted: Decimal
    plan: rules.WeeklyPlan
    goals: tuple[GoalShown, ...]
    conflicts: tuple[Conflict, ...]
    findings: tuple[Finding, ...]
    targets_now: Mapping[str, Decimal]
    """What counts at the moment, by metric key; nothing where there is no target."""
    from_week: date | None
    """From when on it sets targets, once signed."""
    next_week: date
    """The first week that it could set targets for, were it signed now."""
    based_on: int | None
    """The version that it grew out of."""
    proposed_at: datetime | None
    rep_agreed_at: datetime | None
    coach_agreed_at: datetime | None
    coach_agreed_by: str | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    replaced_by: int | None
    """The version that took its place."""
    ended: bool
    """Whether its period is over."""
    coach_channel: str | None = None
    problem: str | None = None
    """Why it came to the coach directly; see `AlertShown.problem`."""


@dataclass(frozen=True)
class ReviewStep:
    """The third step: what follows, the goals beside it, what stands in the way, and what is still to say."""

    shown: PlanShown
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class VersionRow:
    """One line of the list of versions."""

    plan_id: int
    version: int | None
    state: str
    origin: str
    span: Span
    goal: Decimal
    conversations: int | None
    base_moves: int | None
    sales: Decimal | None
    from_week: date | None
    at: datetime


@dataclass(frozen=True)
class Versions:
    """All versions of one rep's plan, newest first."""

    rep: str
    rep_name: str
    own: bool
    """Whether the reader is the rep."""
    rows: tuple[VersionRow, ...]
    more: int
    reader: Reader


@dataclass(frozen=True)
class Comparison:
    """Two versions, the older first."""

    before: PlanShown
    after: PlanShown


@dataclass(frozen=True)
class PlanOverview:
    """What `/plan` opens on: the signed plan, what is under way, and what can be done."""

    rep: str
    rep_name: str
    own: bool
    in_force: PlanShown | None
    waiting: PlanShown | None
    """A version that waits for somebody."""
    draft_id: int | None
    sent_back: PlanShown | None
    """The newest version, where the coach gave it back and nothing has followed yet."""
    versions: int
    targets_now: Mapping[str, Decimal] = field(default_factory=dict)
    reader: Reader | None = None


@dataclass(frozen=True)
class SuggestForm:
    """The coach's numbers as they were typed."""

    goal: str
    average_sale: str
    ratios: Mapping[str, str]
    working_weeks: str
    reason: str


@dataclass(frozen=True)
class Approval:
    """The weeks from which a plan can be approved, the next one first."""

    plan_id: int
    rep_name: str
    weeks: tuple[date, ...]
    reader: Reader
