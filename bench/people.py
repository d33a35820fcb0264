"""A workspace full of reps, written straight into the tables: some with a check-in, open or just due.

`python -m bench.people DATABASE_URL FACTS` runs inside a build, and fills the database with its tables; FACTS are
the arguments of `fill` as JSON.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import SQLModel

from bench.layouts import column
from bench.past import add_history, add_plans
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

TEAM_ID = "T0BENCH"
BOT_USER_ID = "U0BENCHBOT"
TIMEZONE = "Europe/London"
TEAM_SIZE = 50
WEEK = timedelta(weeks=1)
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


def coach_of(team: int, *, reps: int, teams_a_coach: int = 1) -> int:
    """The number of the coach of a team (from 1), who comes after all reps and is none of them."""
    return reps + (team - 1) // teams_a_coach + 1


def fill(
    database: Database,
    *,
    reps: int,
    team_size: int = TEAM_SIZE,
    teams_a_coach: int = 1,
    due: int = 0,
    check_ins: str | None = None,
    logged: bool = True,
    silent: Sequence[int] = (),
    with_home: bool = False,
    history: int = 0,
    enrolled: bool = True,
    plans: int = 0,
    now: datetime | None = None,
) -> None:
    """`reps` reps in teams of `team_size`. The first `due` have their check-in due now, the others in days.

    `check_ins` gives everybody one about last week: `open` (delivered) or `scheduled` (to be posted). With
    `logged` everybody has logged what meets their targets, but for those whose number ends in one of the digits of
    `silent`. `with_home` gives every coach an opened Home. `history` is a number of conversations of each rep in
    weeks before, with as many companies as a fifth of that. Without `enrolled` there are only teams and coaches.
    The first `plans` reps have sent a plan to their coach. `now` is the present moment where none is given.
    """
    now = now or datetime.now(UTC)
    week = week_of(now)
    teams = -(-reps // team_size)
    coaches = coach_of(teams, reps=reps, teams_a_coach=teams_a_coach)
    numbers = range(1, reps + 1) if enrolled else range(0)
    logs = [n for n in numbers if n % 10 not in silent] if check_ins and logged else []
    with database.engine.begin() as connection:
        into = _Inserting(connection)
        into(Workspace, iter([_workspace(now)]))
        into(
            Member,
            (
                _member(n, now, now if with_home and n > reps else None)
                for n in (*numbers, *range(reps + 1, coaches + 1))
            ),
        )
        into(
            Team,
            (
                _team(n, coach_of(n, reps=reps, teams_a_coach=teams_a_coach), now)
                for n in range(1, teams + 1)
            ),
        )
        into(Metric, (_metric(n) for n in range(1, len(QUESTIONS) + 1)))
        into(
            Enrolment,
            (_enrolment(n, (n - 1) // team_size + 1, now, week, n <= due) for n in numbers),
        )
        if due or check_ins:
            targeted = numbers if check_ins else range(1, due + 1)
            into(Target, (_target(n, metric, now, week) for n in targeted for metric in (1, 2, 3)))
        if check_ins:
            is_open = check_ins == "open"
            into(
                CheckIn,
                (_check_in(n, (n - 1) // team_size + 1, now, week, is_open) for n in numbers),
            )
            into(Answer, (_answer(n, q) for n in numbers for q in range(3)))
            into(OutboxItem, (_outbox(n, now, is_open) for n in numbers))
        into(Opportunity, (_opportunity(n, now) for n in logs))
        into(Conversation, (_conversation(n, m, now, week) for n in logs for m in range(3)))
        add_history(into, numbers, conversations=history, week=week, now=now)
        add_plans(into, range(1, plans + 1), team_size=team_size, now=now)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


class _Inserting:
    """Inserts rows in batches, under the names that this build's columns have."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def __call__(self, model: type[SQLModel], rows: Iterator[dict[str, Any]]) -> None:
        table: sa.Table = model.__table__  # type: ignore[attr-defined]
        while batch := list(itertools.islice(rows, BATCH)):
            named = {name: column(table.name, name, table.c) for name in batch[0]}
            self._connection.execute(
                sa.insert(table),
                [{named[name]: row[name] for name in row if named[name]} for row in batch],
            )
        if self._connection.dialect.name == "postgresql":
            name = table.name
            self._connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'),"  # noqa: S608
                f" coalesce(max(id), 1)) FROM {name}"
            )


def _workspace(now: datetime) -> dict[str, Any]:
    return {
        "id": 1,
        "slack_team_id": TEAM_ID,
        "name": "Bench",
        "created_at": now,
        "bot_user_id": BOT_USER_ID,
        "disconnected_reason": None,
    }


def _metric(n: int) -> dict[str, Any]:
    key, name, unit, question, _ = QUESTIONS[n - 1]
    return {
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


def _enrolment(n: int, team: int, now: datetime, week: date, is_due: bool) -> dict[str, Any]:
    later = datetime.combine(week + 2 * WEEK, time(9), ZoneInfo(TIMEZONE)).astimezone(UTC)
    return {
        "id": n,
        "workspace_id": 1,
        "member_id": n,
        "team_id": team,
        "enrolled_on": week,
        "ended_on": None,
        "next_week": week if is_due else week + WEEK,
        "next_due_at": now - timedelta(seconds=30) if is_due else later,
    }


def _target(n: int, metric: int, now: datetime, week: date) -> dict[str, Any]:
    return {
        "workspace_id": 1,
        "member_id": n,
        "metric_id": metric,
        "from_week": week - 10 * WEEK,
        "amount": Decimal(QUESTIONS[metric - 1][4]),
        "set_by": None,
        "set_at": now,
    }


def _member(n: int, now: datetime, home_opened_at: datetime | None) -> dict[str, Any]:
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
        "home_opened_at": home_opened_at,
        "profile_read_at": now,
        "created_at": now,
    }


def _team(n: int, coach: int, now: datetime) -> dict[str, Any]:
    return {
        "id": n,
        "workspace_id": 1,
        "name": f"Team {n}",
        "name_key": f"team {n}",
        "coach_id": coach,
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


def _check_in(n: int, team: int, now: datetime, week: date, is_open: bool) -> dict[str, Any]:
    return {
        "id": n,
        "workspace_id": 1,
        "member_id": n,
        "team_id": team,
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


if __name__ == "__main__":
    url, facts = sys.argv[1:]
    opened = Database(url)
    fill(opened, **json.loads(facts))
    opened.close()
