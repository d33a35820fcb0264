"""The audit log: who changed who sees a rep's numbers, as an admin or an operator reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.shown.reader import Reader


class Change(StrEnum):
    """A change of a place or of a person that the audit log records."""

    COACH = "coach"  # a team has another coach; before and after are Slack user ids
    SECOND_COACH = "second_coach"  # a team has another second coach, or none any more
    CHANNEL = "channel"  # a team has another coach channel; before and after are Slack channel ids
    CHANNEL_OPENED = "channel_opened"  # others can read the channel; after says why
    REP_JOINED = "rep_joined"
    REP_MOVED = "rep_moved"  # before is the id of the team that the rep left
    REP_LEFT = "rep_left"
    COACH_LOST = "coach_lost"  # a coach may not coach any more; after says why
    COACH_BACK = "coach_back"  # a coach may coach again
    SUBSTITUTE = "substitute"  # whom stands in for before, a Slack user id, until the day in after
    PAUSE = "pause"  # the team pauses from the day in before to the one in after
    PAUSE_OVER = "pause_over"  # that pause was ended or taken back
    SUBSTITUTE_OVER = "substitute_over"  # before coaches again, whom no longer stands in


@dataclass(frozen=True)
class Entry:
    """One entry of the log. People are named by Slack id and by name, so that any reader can tell them."""

    at: datetime
    what: str
    team: str
    by: str | None
    by_name: str | None
    whom: str | None
    whom_name: str | None
    before: str | None
    after: str | None
    channel_name: str | None = None
    """The name of the team's coach channel, if that is the channel in `after` or `before`."""


@dataclass(frozen=True)
class AuditLog:
    """The newest entries, the newest first."""

    entries: tuple[Entry, ...]
    more: bool
    """Whether there are older ones."""
    reader: Reader


@dataclass(frozen=True)
class NoticeShown:
    """A line to one member about one entry of the log."""

    entry: Entry
    to: str
    """The recipient's Slack user id."""
    is_rep: bool
    """Whether the recipient is a rep of the team, who reads it as one."""
    coach: str | None
    """The Slack user id of the person who coaches the team now; None if nobody may."""
    open_alerts: int
    waiting_plans: int
    """How much waits for the team's coach."""
    channel: str | None
    """Where that is shown; None for a DM."""
    reader: Reader
    channel_name: str | None = None
    """That channel's name, if Slack has told it: a link shows the name to the channel's members only."""
    welcomes: bool = False
    """Whether it is the first line that makes the recipient a coach, so that it says what a coach does here."""


@dataclass(frozen=True)
class WithdrawnShown:
    """What stands in the old place of a message: whom it was about, and with whom that is now. No numbers."""

    surface: str
    rep: str
    """The rep's Slack user id."""
    coach: str | None
    """The Slack user id of the person who coaches the rep now; None if nobody does."""
    is_rep: bool
    """Whether the person is a rep still."""


@dataclass(frozen=True)
class WithdrawnBrief:
    """What stands in the old place of a team's weekly brief. No numbers."""

    team: str
    coach: str | None
    """The Slack user id of the person who coaches the team now; None if nobody does."""
