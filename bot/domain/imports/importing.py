"""Imports teams and members from a file, by the same rules as in the forms.

An empty cell means the default for a new row, and leaves the value of an existing row unchanged. A preview of
members makes the decisions of the import and only reads. A preview of teams runs the import itself and rolls it
back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.domain.imports import parts
from bot.domain.imports.csv_files import Columns, LineProblem, Row, Table
from bot.domain.imports.member_changes import write_members
from bot.domain.imports.member_facts import Facts, read_facts
from bot.domain.imports.member_lines import Decision, decide
from bot.domain.imports.parts import once_each
from bot.domain.imports.previews import ImportPreview as ImportPreview
from bot.domain.imports.previews import Progress, accepted
from bot.domain.imports.previews import Rejected as Rejected
from bot.domain.imports.rows import (
    CHANNEL_ID,
    USER_ID,
    Known,
    Planned,
    import_team,
    reason,
)
from bot.domain.refusals import Refusal

TEAM_COLUMNS = Columns(
    needed=("name", "coach"),
    optional=(
        "second_coach",
        "coach_channel",
        "day",
        "time",
        "deadline_day",
        "deadline_time",
        "country",
        "region",
    ),
)
TEAMS_AT_ONCE = 10
"""How many teams are imported in one transaction: each takes statements of its own."""

ATTEMPTS = 3
"""How often a part of a file is imported while presses create the same people."""

MEMBER_COLUMNS = Columns(
    needed=("user", "team"),
    optional=("timezone", "enrolled_on", "sales", "base_moves", "conversations"),
)


Importer = Callable[[Session, int, Row, Known, datetime], Planned]


def people_in(table: Table) -> list[str]:
    """Return the Slack user ids that the file names, each once."""
    columns = ("user", "coach", "second_coach")
    named = [row[column] for row in table.rows for column in columns]
    return list(dict.fromkeys(name for name in named if USER_ID.fullmatch(name)))


def channels_in(table: Table) -> list[str]:
    """Return the Slack channel ids that the file names, each once."""
    named = [row["coach_channel"] for row in table.rows]
    return list(dict.fromkeys(name for name in named if CHANNEL_ID.fullmatch(name)))


def plan_teams(
    session: Session,
    *,
    workspace_id: int,
    table: Table,
    known: Known,
    now: datetime,
    progress: Progress | None = None,
) -> ImportPreview:
    """Return what importing the teams would do; nothing is changed."""
    return _planned(session, workspace_id, table, known, now, import_team, "name", progress)


def plan_members(
    session: Session,
    *,
    workspace_id: int,
    table: Table,
    known: Known,
    now: datetime,
    progress: Progress | None = None,
) -> ImportPreview:
    """Return what importing the members would do; it only reads."""
    return _decided(session, workspace_id, table, known, now, lock=False, progress=progress).preview


def apply_teams(
    session: Session,
    *,
    workspace_id: int,
    table: Table,
    known: Known,
    skip_bad: bool,
    now: datetime,
    progress: Progress | None = None,
) -> ImportPreview:
    """Import the teams; raises Rejected, with nothing changed, for bad lines unless `skip_bad`."""
    plan = _run(session, workspace_id, table, known, now, import_team, "name", progress)
    return accepted(plan, skip_bad)


def apply_members(
    session: Session,
    *,
    workspace_id: int,
    table: Table,
    known: Known,
    skip_bad: bool,
    now: datetime,
    progress: Progress | None = None,
) -> ImportPreview:
    """Import the members; raises Rejected, with nothing changed, for bad lines unless `skip_bad`."""
    for _ in range(ATTEMPTS - 1):
        try:
            with session.begin_nested():
                return _apply_members(session, workspace_id, table, known, skip_bad, now, progress)
        except IntegrityError:  # a press created one of these people at the same moment
            session.expunge_all()
    return _apply_members(session, workspace_id, table, known, skip_bad, now, progress)


def _apply_members(
    session: Session,
    workspace_id: int,
    table: Table,
    known: Known,
    skip_bad: bool,
    now: datetime,
    progress: Progress | None,
) -> ImportPreview:
    decided = _decided(session, workspace_id, table, known, now, lock=True, progress=progress)
    accepted(decided.preview, skip_bad)
    for facts, decisions in decided.parts:
        write_members(session, decisions, workspace_id=workspace_id, facts=facts, now=now)
    return decided.preview


@dataclass(frozen=True)
class _Decided:
    """What becomes of the lines of a file, and the facts that each part of the decisions rests on."""

    preview: ImportPreview
    parts: Sequence[tuple[Facts, Sequence[Decision]]]


def _decided(
    session: Session,
    workspace_id: int,
    table: Table,
    known: Known,
    now: datetime,
    *,
    lock: bool,
    progress: Progress | None,
) -> _Decided:
    rows, problems = once_each(table, "user")
    found: list[tuple[Facts, list[Decision]]] = []
    for start in range(0, len(rows), parts.AT_ONCE):
        some = rows[start : start + parts.AT_ONCE]
        people = {row["user"] for row in some}
        facts = read_facts(session, workspace_id=workspace_id, slack_user_ids=people, lock=lock)
        decisions: list[Decision] = []
        for row in some:
            try:
                decisions.append(decide(row, facts, known, now))
            except Refusal as refusal:
                problems.append(LineProblem(row.line, reason(session, refusal)))
        found.append((facts, decisions))
        if progress is not None:
            for _ in some:
                progress()
    problems.sort(key=lambda problem: problem.line)
    planned = tuple(one.planned for _, decisions in found for one in decisions)
    return _Decided(ImportPreview(planned, tuple(problems)), found)


def member_parts(table: Table) -> Iterator[Table]:
    """Return the lines of members in the parts in which they are imported."""
    return parts.of_lines(*once_each(table, "user"), size=parts.AT_ONCE)


def team_parts(table: Table) -> Iterator[Table]:
    """Return the lines of teams in the parts in which they are imported."""
    return parts.of_lines(*once_each(table, "name"), size=TEAMS_AT_ONCE)


def _planned(
    session: Session,
    workspace_id: int,
    table: Table,
    known: Known,
    now: datetime,
    importer: Importer,
    key: str,
    progress: Progress | None,
) -> ImportPreview:
    attempt = session.begin_nested()
    try:
        return _run(session, workspace_id, table, known, now, importer, key, progress)
    finally:
        attempt.rollback()
        session.expunge_all()
        session.info.pop("signals", None)


def _run(
    session: Session,
    workspace_id: int,
    table: Table,
    known: Known,
    now: datetime,
    importer: Importer,
    key: str,
    progress: Progress | None,
) -> ImportPreview:
    planned: list[Planned] = []
    rows, problems = once_each(table, key)
    for row in rows:
        try:
            with session.begin_nested():
                planned.append(importer(session, workspace_id, row, known, now))
        except Refusal as refusal:
            session.expunge_all()  # ids of rolled-back rows are used again for other rows
            problems.append(LineProblem(row.line, reason(session, refusal)))
        if progress is not None:
            progress()
    problems.sort(key=lambda problem: problem.line)
    return ImportPreview(tuple(planned), tuple(problems))
