"""The data of plans for the views: the wizard's three steps, the message to the coach, the reply to the rep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from bot.domain.shown.loop import Difference
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
"""The prefix of inputs that ask about a pair of goals; the two keys follow, `first:second`."""

SIGNER = "plan.signer"
REASON = "plan.reason"
FROM_WEEK = "plan.from_week"


@dataclass(frozen=True)
class Figure:
    """A number of the plan that is not a ratio, and its source.

    `logged` is the log's number (None if the log has none), from `sales` sales since `since`. The provenance is
    `overruled` if `value` differs from it, and `assumed` if the log has none.
    """

    value: Decimal | None
    provenance: Provenance
    logged: Decimal | None = None
    sales: int = 0
    since: date | None = None
    opening: Decimal | None = None
    opening_on: date | None = None
    """Of what is closed: what the rep typed, and the day from which on the log and the answers are added to it."""


@dataclass(frozen=True)
class GoalForm:
    """The values of the first step; it has dates only with `Period.DATES`."""

    period: str
    begins_on: date | None
    ends_on: date | None
    goal: str


@dataclass(frozen=True)
class GoalStep:
    """The first step, which asks for the period and the amount to sell in it."""

    plan_id: int | None
    """The draft that is continued; None if the rep begins a new one."""
    periods: Mapping[Period, Span]
    """The years and quarters that can be chosen, in their order."""
    period: Period
    dates: Span | None
    goal: Decimal | None
    today: date
    reader: Reader


@dataclass(frozen=True)
class NumbersForm:
    """The typed values of the second step."""

    closed: str
    average_sale: str
    ratios: Mapping[str, str]
    """The typed percentages, by the step's value."""
    working_weeks: str


@dataclass(frozen=True)
class NumbersStep:
    """The second step, filled in with the history's numbers and their sources."""

    plan_id: int
    span: Span
    first_week: date
    goal: Decimal
    closed: Figure
    average_sale: Figure
    ratios: tuple[Ratio, ...]
    working_weeks: Decimal
    weeks_counted: Decimal
    """The weeks that the calendar gives; `working_weeks` differs if the rep overruled them."""
    days_away: int
    """The working days that were left out because of leave and public holidays."""
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
    """The unit: `money`, `count`, or a word of the team."""
    metric: str | None
    commission: Decimal | None
    hours: Decimal | None
    begins_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class OtherGoalForm:
    """The typed values of a goal beside the sales goal."""

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
    """The form for a goal beside the sales goal, new or changed."""

    plan_id: int
    kind: str
    goal: GoalShown | None
    metrics: tuple[tuple[int, str, str], ...]
    """(id, name, unit) of the metrics that a goal may be about."""
    metric_id: int | None
    reader: Reader


@dataclass(frozen=True)
class Pair:
    """Two goals about which only the rep can say whether reaching one makes it harder to reach the other."""

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
    """The present targets, by metric key; a metric without a target is left out."""
    from_week: date | None
    """The first week whose targets it sets, once it is signed."""
    next_week: date
    """The first week whose targets it could set if it were signed now."""
    based_on: int | None
    """The number of the version that it is based on."""
    proposed_at: datetime | None
    rep_agreed_at: datetime | None
    coach_agreed_at: datetime | None
    coach_agreed_by: str | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    replaced_by: int | None
    """The number of the version that replaced it."""
    ended: bool
    """Whether its period is over."""
    coach_channel: str | None = None
    channel_name: str | None = None
    """The coach channel's name; None while nobody told it."""
    problem: str | None = None
    """Why the message was sent to the coach directly; see `AlertShown.problem`."""
    accepted: tuple[tuple[date, tuple[Difference, ...]], ...] = ()
    """For an offer: the weeks that count by a coach's nod, with what the log says beside the answers."""


@dataclass(frozen=True)
class Decided:
    """A version after a decision about it; what it shows beside is read by `PlanShown`, where it is shown."""

    plan_id: int
    version: int | None
    rep: str
    state: str
    from_week: date | None
    """The first week whose targets it sets, once it is signed."""
    rep_agreed_at: datetime | None
    coach_agreed_at: datetime | None
    decided_by: str | None
    reason: str | None


@dataclass(frozen=True)
class ReviewStep:
    """The third step: the computed targets, the other goals, the conflicts, and the questions still to answer."""

    shown: PlanShown
    pairs: tuple[Pair, ...]
    asks_signer: bool = False
    """Whether the rep has to choose who signs, because they are the only coach of their team."""
    signer: str | None = None
    """The Slack user id of the person whom the rep chose last."""


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
    """The overview that `/plan` opens: the signed plan, the versions in progress, and the possible actions."""

    rep: str
    rep_name: str
    own: bool
    in_force: PlanShown | None
    waiting: PlanShown | None
    """The version that waits for a decision."""
    draft_id: int | None
    sent_back: PlanShown | None
    """The newest version, if the coach sent it back and no other has followed."""
    versions: int
    targets_now: Mapping[str, Decimal] = field(default_factory=dict)
    reader: Reader | None = None


@dataclass(frozen=True)
class SuggestForm:
    """The coach's typed numbers."""

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
    conflicts: tuple[Conflict, ...] = ()
    """Where the plan's goals are in each other's way."""
