"""The form in which a coach sets one metric's targets for a whole team, and what was saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.shown.reader import Reader
from bot.domain.shown.setup import Choice

# The inputs of the form; a Refusal names the one that it is about.
FROM_WEEK = "from_week"
EVERYBODY = "everybody"
REP = "rep."
"""Followed by the id of a rep."""


def rep_field(member_id: int) -> str:
    """Return the name of the input with one rep's number."""
    return f"{REP}{member_id}"


@dataclass(frozen=True)
class RepTarget:
    """One rep's target for the form's metric from next week on."""

    member_id: int
    slack_user_id: str
    name: str
    amount: Decimal | None
    planned: bool
    """Whether the rep's signed plan sets it, so that it can't be changed here."""


@dataclass(frozen=True)
class TeamTargetsForm:
    """The targets of a team's reps for one metric."""

    teams: tuple[Choice, ...]
    team_id: int
    metrics: tuple[Choice, ...]
    metric_id: int
    unit: str
    reps: tuple[RepTarget, ...]
    """The reps of this page, by name."""
    page: int
    """From 0."""
    pages: int
    weeks: tuple[date, ...]
    """The Mondays from which the targets may count; this week's first."""
    reader: Reader


@dataclass(frozen=True)
class TeamTargetsSaved:
    """Saved targets of some reps for one metric."""

    team_id: int
    team: str
    metric: str
    unit: str
    from_week: date
    changed: tuple[RepTarget, ...]
    unchanged: int
    planned: tuple[str, ...]
    """The Slack ids of reps who were left out, because their signed plans set the target."""
    notes: tuple[str, ...]
    """Sentences that say how ambiguous numbers were read."""
    reader: Reader
