"""The data of set-up views, and the values of their forms. Names are texts from people and are not escaped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from bot.domain.shown.reader import Reader
from bot.rules.absences import WorkWeek
from bot.rules.weeks import DEFAULT_SCHEDULE, Schedule

# The inputs of the forms; a Refusal names the one that it is about.
TEAM = "team"
NAME = "name"
COACH = "coach"
SECOND_COACH = "second_coach"
CHANNEL = "channel"
CHECK_IN_DAY = "check_in_day"
CHECK_IN_AT = "check_in_at"
DEADLINE_DAY = "deadline_day"
DEADLINE_AT = "deadline_at"
WORKING_FROM = "working_from"
WORKING_UNTIL = "working_until"
CURRENCY = "currency"
REPS = "reps"
FROM_WEEK = "from_week"
UNIT = "unit"
QUESTION = "question"
SOURCE = "source"
ZONE = "zone"

THIS_WEEK = "this"
NEXT_WEEK = "next"

TEAM_NAME_LIMIT = 80
METRIC_NAME_LIMIT = 40
UNIT_LIMIT = 20
QUESTION_LIMIT = 150
OWN_METRICS = 10
REPS_AT_ONCE = 20


def amount_field(metric_id: int) -> str:
    """Return the name of the input for a metric's target."""
    return f"amount.{metric_id}"


def public_field(channel_id: str) -> str:
    """Return the name of the input that confirms a public channel."""
    return f"public.{channel_id}"


@dataclass(frozen=True)
class Channel:
    """A channel as Slack describes it to the bot."""

    id: str
    name: str
    is_private: bool
    is_member: bool
    """Whether the bot is in it."""
    is_archived: bool = False
    is_shared: bool = False
    """Whether people of other organizations are in it."""
    members: int | None = None
    """How many people are in it, the bot not counted; None if Slack did not tell."""

    @property
    def told_name(self) -> str | None:
        """The channel's name; None if Slack told none, so that its id stands in for it."""
        return self.name if self.name != self.id else None


@dataclass(frozen=True)
class TeamForm:
    """The values in a team's form; people and the channel are given by their Slack ids."""

    name: str = ""
    coach: str | None = None
    second_coach: str | None = None
    channel: str | None = None
    schedule: ScheduleForm | None = None
    """None leaves an existing team's schedule unchanged, and gives a new team the default one."""
    currency: str = "USD"


@dataclass(frozen=True)
class ScheduleForm:
    """The values in the form of a schedule. Days are numbers; 0 is Monday."""

    check_in_day: int = DEFAULT_SCHEDULE.day
    check_in_at: time | None = DEFAULT_SCHEDULE.at
    deadline_day: int = DEFAULT_SCHEDULE.deadline_day
    deadline_at: time | None = DEFAULT_SCHEDULE.deadline_at
    working_from: time | None = DEFAULT_SCHEDULE.working_from
    working_until: time | None = DEFAULT_SCHEDULE.working_until

    def read(self) -> Schedule:
        """Return the schedule; call it only for a form without problems."""
        if not (self.check_in_at and self.deadline_at and self.working_from and self.working_until):
            raise ValueError("a schedule needs all of its times")
        return Schedule(
            day=self.check_in_day,
            at=self.check_in_at,
            deadline_day=self.deadline_day,
            deadline_at=self.deadline_at,
            working_from=self.working_from,
            working_until=self.working_until,
        )


@dataclass(frozen=True)
class Choice:
    """An option of a select: a team or a rep."""

    id: int
    name: str


@dataclass(frozen=True)
class Menu:
    """The menu of everything that this person may set up."""

    is_admin: bool
    teams: int
    reps: int
    coaches: bool = False
    """Whether the person coaches one of the teams."""


@dataclass(frozen=True)
class TeamShown:
    """The form of one team, or of a new one if `team_id` is None."""

    teams: tuple[Choice, ...]
    team_id: int | None
    form: TeamForm
    workspace: str
    public_channel: Channel | None = None
    """A public channel that the person still has to confirm."""


@dataclass(frozen=True)
class ScheduleShown:
    """The form of a team's schedule."""

    teams: tuple[Choice, ...]
    team_id: int
    form: ScheduleForm


@dataclass(frozen=True)
class TeamSaved:
    """A saved team, and what still has to be done."""

    team_id: int
    name: str
    coach: str
    channel: str | None
    schedule: Schedule
    is_new: bool
    reps: int
    reader: Reader


@dataclass(frozen=True)
class EnrolShown:
    """The form that makes people reps of a team."""

    teams: tuple[Choice, ...]
    team_id: int


@dataclass(frozen=True)
class Enrolled:
    """One rep after enrolling."""

    member_id: int
    slack_user_id: str
    name: str
    change: str
    """`created`, `updated` or `unchanged`; see `enrolments.Change`."""
    timezone: str
    timezone_missing: bool
    next_due_at: datetime | None
    next_week: date | None
    has_targets: bool
    work: WorkWeek | None = None
    """The next week, if it is the one in which the rep joined and has fewer days for that."""


@dataclass(frozen=True)
class EnrolSaved:
    """The reps that were enrolled, and what the team still lacks."""

    team_id: int
    team: str
    channel: str | None
    channel_problem: str | None
    reps: tuple[Enrolled, ...]
    reader: Reader


@dataclass(frozen=True)
class TargetRow:
    """One metric with the rep's targets for this week and for the next."""

    metric_id: int
    name: str
    unit: str
    this_week: Decimal | None
    next_week: Decimal | None
    planned: bool = False
    """Whether the plan that is signed for next week sets this target."""


@dataclass(frozen=True)
class TargetsShown:
    """The form of one rep's targets; without `member_id`, a rep still has to be chosen."""

    reps: tuple[tuple[Choice, tuple[Choice, ...]], ...]
    """Each team with its reps."""
    member_id: int | None
    name: str
    rows: tuple[TargetRow, ...]
    this_week: date | None
    reader: Reader


@dataclass(frozen=True)
class TargetsSaved:
    """A rep's saved targets, which count from a week on."""

    member_id: int
    slack_user_id: str
    name: str
    changed: bool
    from_week: date
    rows: tuple[TargetRow, ...]
    """`next_week` holds the amount from `from_week` on."""
    notes: tuple[str, ...]
    """Sentences that say how ambiguous numbers were read."""
    next_due_at: datetime | None
    timezone: str
    reader: Reader


@dataclass(frozen=True)
class MetricForm:
    """The values in the form of a team's own metric."""

    name: str = ""
    unit: str = ""
    question: str = ""
    source: str = ""


@dataclass(frozen=True)
class OwnMetric:
    """One of a team's own metrics."""

    id: int
    team_id: int
    team: str
    name: str
    unit: str
    question: str
    source: str


@dataclass(frozen=True)
class MetricShown:
    """The form of a new metric, with the metrics that the team has."""

    teams: tuple[Choice, ...]
    team_id: int
    own: tuple[OwnMetric, ...]


@dataclass(frozen=True)
class RepShown:
    """One rep in the list of reps: settings only, no answers."""

    member_id: int
    slack_user_id: str
    name: str
    targets: tuple[TargetRow, ...]
    timezone: str
    timezone_missing: bool
    inactive_because: str | None
    next_due_at: datetime | None


@dataclass(frozen=True)
class TeamReps:
    """A team with its reps."""

    team_id: int
    name: str
    currency: str
    reps: tuple[RepShown, ...]
    coached: bool = False
    """Whether the reader coaches it, and so may see its reps' plans."""


@dataclass(frozen=True)
class RepsShown:
    """The reps of every team that this person may set up."""

    teams: tuple[TeamReps, ...]
    reader: Reader


@dataclass(frozen=True)
class RepCard:
    """The facts about one rep for a small form."""

    member_id: int
    slack_user_id: str
    name: str
    team: str
    timezone: str


@dataclass(frozen=True)
class Missing:
    """One thing that the set-up lacks, the consequence, and the form that fixes it."""

    kind: str
    text: str
    """One or two sentences, not escaped."""
    open: str | None
    """The form that fixes it: `team`, `enrol`, `targets`, `zone`, `reps`; None if no form does."""
    subject_id: int | None = None
    """The team or the member for whom the form opens."""


@dataclass(frozen=True)
class Checklist:
    """The progress of the set-up, and what is missing."""

    teams: int
    reps: int
    missing: tuple[Missing, ...]
