"""What setting up shows, and what its filled-in forms say. Names in here are text from people, not escaped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from bot.domain.shown.reader import Reader
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
    """The input of a metric's target."""
    return f"amount.{metric_id}"


def public_field(channel_id: str) -> str:
    """The input that confirms that a public channel is meant."""
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


@dataclass(frozen=True)
class TeamForm:
    """A team as it stands on the screen; people and the channel by their Slack ids."""

    name: str = ""
    coach: str | None = None
    second_coach: str | None = None
    channel: str | None = None
    schedule: ScheduleForm | None = None
    """None leaves a team's schedule as it is, and gives a new team the usual one."""
    currency: str = "USD"


@dataclass(frozen=True)
class ScheduleForm:
    """A schedule as it stands on the screen. Days: 0 is Monday."""

    check_in_day: int = DEFAULT_SCHEDULE.day
    check_in_at: time | None = DEFAULT_SCHEDULE.at
    deadline_day: int = DEFAULT_SCHEDULE.deadline_day
    deadline_at: time | None = DEFAULT_SCHEDULE.deadline_at
    working_from: time | None = DEFAULT_SCHEDULE.working_from
    working_until: time | None = DEFAULT_SCHEDULE.working_until

    def read(self) -> Schedule:
        """The schedule; call it for a form that was found to be without problems."""
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
    """Something to choose in a select: a team or a rep."""

    id: int
    name: str


@dataclass(frozen=True)
class Menu:
    """What this person may set up."""

    is_admin: bool
    teams: int
    reps: int


@dataclass(frozen=True)
class TeamShown:
    """The form of one team, or of a new one where `team_id` is None."""

    teams: tuple[Choice, ...]
    team_id: int | None
    form: TeamForm
    workspace: str
    public_channel: Channel | None = None
    """A public channel that is still to be confirmed."""


@dataclass(frozen=True)
class ScheduleShown:
    """The form of a team's schedule."""

    teams: tuple[Choice, ...]
    team_id: int
    form: ScheduleForm


@dataclass(frozen=True)
class TeamSaved:
    """A team as it was saved, and what is still to do."""

    team_id: int
    name: str
    coach: str
    channel: str | None
    schedule: Schedule
    is_new: bool
    reps: int


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
    """`created`, `updated` or `unchanged`, as `Change` of the enrolments says."""
    timezone: str
    timezone_missing: bool
    next_due_at: datetime | None
    next_week: date | None
    has_targets: bool


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
    """One metric with the rep's target as it stands for this week and for the next."""

    metric_id: int
    name: str
    unit: str
    this_week: Decimal | None
    next_week: Decimal | None
    planned: bool = False
    """Whether the signed plan of next week sets it."""


@dataclass(frozen=True)
class TargetsShown:
    """The form of one rep's targets; without `member_id` a rep is still to be chosen."""

    reps: tuple[tuple[Choice, tuple[Choice, ...]], ...]
    """Each team with its reps."""
    member_id: int | None
    name: str
    rows: tuple[TargetRow, ...]
    this_week: date | None
    reader: Reader


@dataclass(frozen=True)
class TargetsSaved:
    """A rep's targets as they count from a week on."""

    member_id: int
    slack_user_id: str
    name: str
    changed: bool
    from_week: date
    rows: tuple[TargetRow, ...]
    """`next_week` holds the amount from `from_week` on."""
    notes: tuple[str, ...]
    """How numbers with two readings were read."""
    next_due_at: datetime | None
    timezone: str
    reader: Reader


@dataclass(frozen=True)
class MetricForm:
    """A team's own metric as it stands on the screen."""

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
    """The form of a new metric, with those that the team has."""

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
    """One rep, as a small form about them needs it."""

    member_id: int
    slack_user_id: str
    name: str
    team: str
    timezone: str


@dataclass(frozen=True)
class Missing:
    """One thing that set-up lacks, what it means, and where to mend it."""

    kind: str
    text: str
    """One or two sentences, not escaped."""
    open: str | None
    """Which form mends it: `team`, `enrol`, `targets`, `zone`, `reps`; None where it is mended elsewhere."""
    subject_id: int | None = None
    """The team or the member to open it for."""


@dataclass(frozen=True)
class Checklist:
    """How far set-up is, and what is missing."""

    teams: int
    reps: int
    missing: tuple[Missing, ...]
