"""Teams, reps and metrics with names that people would not choose, for the tests of setting up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from bot.domain.shown.reader import Reader
from bot.domain.shown.setup import (
    Choice,
    Enrolled,
    EnrolSaved,
    OwnMetric,
    RepShown,
    RepsShown,
    TargetRow,
    TargetsShown,
    TeamReps,
    TeamSaved,
)
from bot.rules.weeks import DEFAULT_SCHEDULE
from bot.slack.views.setup import done as done

NASTY = "<!channel> & *Ltd* <@U0BOSS> " + "n" * 60
READER = Reader("Europe/London", "en_GB", "GBP")
MONDAY = date(2026, 11, 23)
DUE = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
ROWS = (
    TargetRow(1, "Conversations", "count", Decimal(20), Decimal(25)),
    TargetRow(3, "Sales", "money", Decimal("12500.50"), Decimal("12500.50")),
    TargetRow(9, NASTY[:40], "hours", None, None),
)
TEAMS = (Choice(1, NASTY), Choice(2, "North"))
OWN = tuple(OwnMetric(n, 1, NASTY, NASTY[:40], "hours", NASTY, "hand") for n in range(1, 11))
SAVED = TeamSaved(1, NASTY, "U0DANA", None, DEFAULT_SCHEDULE, True, 0, READER)
REP = Enrolled(7, "U0SAM", NASTY, "created", "America/New_York", True, DUE, MONDAY, False)
ENROLLED = EnrolSaved(1, NASTY, None, None, (REP,) * 20, READER)


def reps(number: int) -> RepsShown:
    rep = RepShown(7, "U0SAM", NASTY, ROWS, "America/New_York", True, None, DUE)
    gone = replace(rep, inactive_because="deactivated", next_due_at=None)
    return RepsShown(
        (TeamReps(1, NASTY, "GBP", (rep, gone) * number), TeamReps(2, "N", "USD", ())), READER
    )


def targets(number: int) -> TargetsShown:
    people = tuple(Choice(n, NASTY) for n in range(1, number + 1))
    return TargetsShown(((TEAMS[0], people),), 1, NASTY, ROWS, MONDAY, READER)
