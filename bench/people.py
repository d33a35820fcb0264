"""A workspace full of reps, written straight into the tables: some with a check-in, open or just due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from bot.database import Database
from bot.domain.tables import (
    Answer,
    CheckIn,
    Conversation,
    Enrolment,
    Member,
    Metric,
    Opportunity,
    OutboxItem,
    Target,
    Team,
    Workspace,
)
from bot.rules.weeks import WEEK

TEAM_ID = "T0BENCH"
BOT_USER_ID = "U0BENCHBOT"
TIMEZONE = "Europe/London"
TEAM_SIZE = 50
BATCH = 20_000
QUESTIONS = (
    ("conversations", "Conversations", "count", "Did you meet your conversation goal?", 1),
    ("base_moves", "Base moves", "count", "Did you meet your base-move goal?", 1),
    ("sales", "Sales", "money", "Did you meet your sales goal?", 100),
)


def slack_user(number: int) -> str:
    return f"U0{number:07}"


def dm_of(number: int) -> str:
    return f"D0{number:07}"


def week_of(now: datetime) -> date:
    """The Monday of the week before."""
    return now.date() - timedelta(days=now.weekday() + 7)


def answer_id(member: int, question: int) -> int:
    """Ids are given in order, so an answer's follows from its rep's number (from 1)."""
    return (member - 1) * len(QUESTIONS) + question + 1


def fill(
    database: Database,
    *,
    reps: int,
    now: datetime | None = None,
    due: int = 0,
    check_ins: str | None = None,
    logged: bool = True,
) -> None:
    """`reps` reps in teams of TEAM_SIZE. The first `due` have their check-in due now, the others in days.

    `check_ins` gives everybody one about last week: `open` (delivered) or `scheduled` (to be posted).
    """
    now = now or datetime.now(UTC)
    week = week_of(now)
    teams = -(-reps // TEAM_SIZE)
    with database.engine.begin() as connection:

        def insert(model: type[SQLModel], rows: Iterator[dict[str, Any]]) -> None:
            table: sa.Table = model.__table__  # type: ignore[attr-defined]
            batch: list[dict[str, Any]] = []
            for row in rows:
                batch.append(row)
                if len(batch) == BATCH:
                    connection.execute(sa.insert(table), batch)
                    batch = []
            if batch:
                connection.execute(sa.insert(table), batch)
            if connection.dialect.name == "postgresql" and model is not Workspace:
                name = table.name
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"  # noqa: S608
                )

        workspace = {"id": 1, "slack_team_id": TEAM_ID, "name": "Bench", "created_at": now}
        insert(
            Workspace,
            iter([{**workspace, "bot_user_id": BOT_USER_ID, "disconnected_reason": None}]),
        )
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT setval('workspace_id_seq', 1)")
        insert(Member, (_member(n, now) for n in range(1, reps + 1)))
        insert(Team, (_team(n, now) for n in range(1, teams + 1)))
        insert(
            Metric,
            (
                {
                    "id": n,
                    "workspace_id": 1,
                    "team_id": None,
                    "key": key,
                    "name": name,
                    "unit": unit,
                    "question": question,
                    "source": "conversations",
                    "position": n,
                    "archived_at": None,
                }
                for n, (key, name, unit, question, _) in enumerate(QUESTIONS, start=1)
            ),
        )
        insert(
            Enrolment,
            (
                {
                    "id": n,
                    "workspace_id": 1,
                    "member_id": n,
                    "team_id": (n - 1) // TEAM_SIZE + 1,
                    "enrolled_on": week,
                    "ended_on": None,
                    "next_week": week if n <= due else week + WEEK,
                    "next_due_at": now - timedelta(seconds=30)
                    if n <= due
                    else now + timedelta(days=3, seconds=n % 600),
                }
                for n in range(1, reps + 1)
            ),
        )
        if due or check_ins:
            insert(
                Target,
                (
                    {
                        "workspace_id": 1,
                        "member_id": n,
                        "metric_id": metric,
                        "from_week": week - timedelta(days=70),
                        "amount": Decimal(goal),
                        "set_by": None,
                        "set_at": now,
                    }
                    for n in range(1, (reps if check_ins else due) + 1)
                    for metric, (*_, goal) in enumerate(QUESTIONS, start=1)
                ),
            )
        if check_ins:
            is_open = check_ins == "open"
            insert(CheckIn, (_check_in(n, now, week, is_open) for n in range(1, reps + 1)))
            insert(Answer, (_answer(n, q) for n in range(1, reps + 1) for q in range(3)))
            insert(OutboxItem, (_outbox(n, now, is_open) for n in range(1, reps + 1)))
            if logged:
                insert(Opportunity, (_opportunity(n, now) for n in range(1, reps + 1)))
                insert(
                    Conversation,
                    (_conversation(n, m, now, week) for n in range(1, reps + 1) for m in range(3)),
                )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _member(n: int, now: datetime) -> dict[str, Any]:
    return {
        "id": n,
        "workspace_id": 1,
        "slack_user_id": slack_user(n),
        "name": f"Rep {n}",
        "locale": "en_US",
        "timezone": TIMEZONE,
        "timezone_chosen": False,
        "timezone_missing": False,
        "is_admin": False,
        "is_guest": False,
        "inactive_because": None,
        "dm_channel": dm_of(n),
        "home_opened_at": None,
        "profile_read_at": now,
        "created_at": now,
    }


def _team(n: int, now: datetime) -> dict[str, Any]:
    return {
        "id": n,
        "workspace_id": 1,
        "name": f"Team {n}",
        "name_key": f"team {n}",
        "coach_id": (n - 1) * TEAM_SIZE + 1,
        "second_coach_id": None,
        "coach_channel": f"C0{n:07}",
        "channel_problem": None,
        "check_in_day": 0,
        "check_in_at": time(9),
        "deadline_day": 1,
        "deadline_at": time(17),
        # A bench is run at any hour of any day, and its check-ins are not to wait for a better one.
        "working_days": "0123456",
        "working_from": time(0),
        "working_until": time(23, 59),
        "currency": "USD",
        "created_at": now,
    }


def _check_in(n: int, now: datetime, week: date, is_open: bool) -> dict[str, Any]:
    return {
        "id": n,
        "workspace_id": 1,
        "member_id": n,
        "team_id": (n - 1) // TEAM_SIZE + 1,
        "week": week,
        "state": "open" if is_open else "scheduled",
        "due_at": now - timedelta(minutes=10),
        "delivered_at": now - timedelta(minutes=9) if is_open else None,
        "deadline_at": now + timedelta(days=1) if is_open else None,
        "completed_at": None,
        "late": False,
        "skipped_because": None,
    }


def _answer(n: int, q: int) -> dict[str, Any]:
    _, name, unit, question, goal = QUESTIONS[q]
    return {
        "id": answer_id(n, q),
        "workspace_id": 1,
        "check_in_id": n,
        "metric_id": q + 1,
        "position": q,
        "name": name,
        "unit": unit,
        "question": question,
        "source": "conversations",
        "target": Decimal(goal),
        "number": None,
        "logged": None,
        "verdict": None,
        "note": None,
        "answered_at": None,
        "late": False,
        "edited": False,
    }


def _outbox(n: int, now: datetime, is_posted: bool) -> dict[str, Any]:
    return {
        "id": n,
        "workspace_id": 1,
        "surface": "check_in",
        "subject_id": n,
        "lane": "update" if is_posted else "post",
        "desired_version": 1,
        "rendered_version": int(is_posted),
        "due_at": None if is_posted else now - timedelta(seconds=30),
        "claimed_by": None,
        "unknown_since": None,
        "lookbacks": 0,
        "redraws_in_flight": 0,
        "token": f"{n:032x}",
        "channel": dm_of(n) if is_posted else None,
        "ts": f"1700000000.{n:06}" if is_posted else None,
        "duplicate_check_at": None,
        "attempts": 0,
        "failed_reason": None,
        "created_at": now,
        "posted_at": now - timedelta(minutes=9) if is_posted else None,
    }


def _opportunity(n: int, now: datetime) -> dict[str, Any]:
    return {
        "id": n,
        "workspace_id": 1,
        "member_id": n,
        "company": "Acme",
        "company_key": "acme",
        "base": 4,
        "status": "won",
        "created_at": now,
    }


def _conversation(n: int, m: int, now: datetime, week: date) -> dict[str, Any]:
    return {
        "workspace_id": 1,
        "member_id": n,
        "opportunity_id": n,
        "held_on": week,
        "week": week,
        "base": m + 1,
        "close": None,
        "outcome": "won" if m == 2 else "open",
        "amount": Decimal(250) if m == 2 else None,
        "back_reason": None,
        "moves": 1,
        "skipped_second": False,
        "went_back": False,
        "request_key": f"bench-{n}-{m}",
        "logged_at": now,
        "edited_at": None,
        "undone_at": None,
    }
