"""Files to import, as a spreadsheet writes them, and what Slack says of those whom they name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from bot.database import Database, rows
from bot.domain.imports.importing import ImportPreview, Rejected
from bot.domain.imports.rows import Known
from bot.domain.metrics import targets
from bot.domain.people.members import Profile
from bot.domain.shown.setup import Channel
from bot.domain.tables import Member

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TEAMS = "name,coach,second_coach,coach_channel,day,time,deadline_day,deadline_time\n"
MEMBERS = "user,team,timezone,enrolled_on,sales,base_moves,conversations\n"
KNOWN = Known(
    profiles={
        "U0DANA": Profile("U0DANA", "Dana", "Europe/London"),
        "U0MORGAN": Profile("U0MORGAN", "Morgan", "Europe/London"),
        "U0PRIYA": Profile("U0PRIYA", "Priya", "Europe/London"),
        "U0SAM": Profile("U0SAM", "Sam", "America/New_York"),
        "U0NOZONE": Profile("U0NOZONE", "Noor", None),
        "U0LEFT": Profile("U0LEFT", "Lee", deleted=True),
        "U0ROBOT": Profile("U0ROBOT", "Robot", is_bot=True),
        "U0GUEST": Profile("U0GUEST", "Gus", is_guest=True),
        "U0GHOST": "Slack knows nobody here as U0GHOST: choose somebody of this workspace.",
    },
    channels={
        "C0COACH": Channel("C0COACH", "coach-dana", is_private=True, is_member=True),
        "C0GENERAL": Channel("C0GENERAL", "general", is_private=False, is_member=True),
        "C0OLD": Channel("C0OLD", "old", is_private=True, is_member=True, is_archived=True),
    },
    asked_slack=True,
)
ONE_TEAM = TEAMS + "Harbor,U0DANA,,C0COACH,,,,\n"


def counts(database: Database) -> dict[str, int]:
    """How many rows every table has."""

    def read(session: Session) -> dict[str, int]:
        return {
            name: len(rows(session, table.select()))
            for name, table in SQLModel.metadata.tables.items()
        }

    return database.read_now(read)


def in_force(database: Database, slack_user_id: str, week: date) -> dict[str, Decimal]:
    def read(session: Session) -> dict[str, Decimal]:
        member = session.exec(select(Member).where(Member.slack_user_id == slack_user_id)).one()
        found = targets.in_force(session, [member.id], week).get(member.id, [])
        return {metric.key: amount for metric, amount in found}

    return database.read_now(read)


def problems(plan: ImportPreview) -> dict[int, str]:
    return {problem.line: problem.reason for problem in plan.problems}


def rejected(run: Callable[..., ImportPreview], text: str, **arguments: Any) -> dict[int, str]:
    with pytest.raises(Rejected) as refused:
        run(text, **arguments)
    return problems(refused.value.plan)
