"""Imports teams and members from a file: line by line in one transaction, by the same rules as in the forms.

A preview runs the import itself and rolls it back, so it shows exactly what would happen. An empty cell means the
default for a new row, and leaves the value of an existing row unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.domain.imports.csv_files import Columns, LineProblem, Row, Table, quoted
from bot.domain.imports.rows import (
    CHANNEL_ID,
    USER_ID,
    Known,
    Planned,
    import_member,
    import_team,
    reason,
)
from bot.domain.people import team_forms
from bot.domain.people.enrolments import Change
from bot.domain.refusals import DomainError, Refusal

TEAM_COLUMNS = Columns(
    needed=("name", "coach"),
    optional=("second_coach", "coach_channel", "day", "time", "deadline_day", "deadline_time"),
)
MEMBER_COLUMNS = Columns(
    needed=("user", "team"),
    optional=("timezone", "enrolled_on", "sales", "base_moves", "conversations"),
)


@dataclass(frozen=True)
class ImportPreview:
    """What an import does, line by line, which lines can't be imported, and warnings about doubtful lines."""

    rows: tuple[Planned, ...]
    problems: tuple[LineProblem, ...]
    warnings: tuple[LineProblem, ...] = ()

    def count(self, change: Change) -> int:
        return sum(row.change == change for row in self.rows)

    @property
    def changes_nothing(self) -> bool:
        return all(row.change == Change.UNCHANGED for row in self.rows)


class Rejected(DomainError):
    """Nothing was imported, because some lines can't be imported; the preview says which."""

    def __init__(self, plan: ImportPreview) -> None:
        super().__init__(f"{len(plan.problems)} lines can’t be taken")
        self.plan = plan


Importer = Callable[[Session, int, Row, Known, datetime], Planned]
Progress = Callable[[], None]


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
    """Return what importing the members would do; nothing is changed."""
    return _planned(session, workspace_id, table, known, now, import_member, "user", progress)


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
    plan = _run(session, workspace_id, table, known, now, import_member, "user", progress)
    return accepted(plan, skip_bad)


def accepted(plan: ImportPreview, skip_bad: bool) -> ImportPreview:
    """Return the preview; raises Rejected if it has bad lines, unless `skip_bad`."""
    if plan.problems and not skip_bad:
        raise Rejected(plan)
    return plan


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
    problems = list(table.problems)
    seen: dict[str, int] = {}
    for row in table.rows:
        named = team_forms.name_key(row[key])
        if named and named in seen:
            problems.append(
                LineProblem(row.line, f"{key}: {quoted(row[key])} is in line {seen[named]} already")
            )
        else:
            seen[named] = row.line
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
