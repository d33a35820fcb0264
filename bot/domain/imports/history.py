"""Imports past conversations: each line is added to the log as if the rep had logged it that day.

Names with the same key are one company, and each company's conversations are replayed with those in the log, so
bases, moves, the skipped 2nd and going back are the same as for logged conversations. A finished check-in keeps
its answers.

A line is identified by its rep, day, company, base and outcome, and the n-th such line stands for the n-th such
conversation. So a file can be imported again, longer or in another order, and no conversation is added twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import count

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import rows
from bot.domain.conversations import opportunities
from bot.domain.conversations.company_log import Arrived, known_companies
from bot.domain.imports import parts
from bot.domain.imports.csv_files import Columns, LineProblem, Row, Table, quoted
from bot.domain.imports.history_rows import KEY, Identity, Past, Rep, read_past, reps_in
from bot.domain.imports.previews import ImportPreview, Progress, accepted
from bot.domain.imports.rows import Known, Planned, reason
from bot.domain.outbox import surfaces
from bot.domain.people.enrolments import Change
from bot.domain.refusals import Refusal
from bot.domain.shown.conversations import Draft
from bot.domain.tables import CheckIn, CheckInState, Conversation, Member, Opportunity
from bot.rules import companies
from bot.rules.companies import NearMisses
from bot.rules.conversation import DealOutcome
from bot.rules.numbers import show_number
from bot.rules.problems import CompanyProblem
from bot.rules.weeks import monday_of

COLUMNS = Columns(
    needed=("user", "date", "company"), optional=("base", "outcome", "amount", "close")
)

AT_ONCE = 200
"""How many companies are replayed in one batch."""


@dataclass(frozen=True)
class _Read:
    """The result for each line, and the conversations to add, each with its request key."""

    plan: ImportPreview
    new: dict[Rep, list[tuple[Past, str]]]


def plan_history(
    session: Session,
    *,
    workspace_id: int,
    table: Table,
    known: Known,
    now: datetime,
    progress: Progress | None = None,
) -> ImportPreview:
    """Return what the import would do, with warnings about companies that may be the same; it only reads."""
    read = _read(session, workspace_id, table, now, progress)
    return replace(read.plan, warnings=tuple(_warnings(session, read.new)))


def history_parts(table: Table) -> Iterator[Table]:
    """Return the lines in the parts in which they are imported; those of a rep with one company stay together."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in table.rows:
        groups[row["user"], _company_key(row)].append(row)
    return parts.of_groups(list(groups.values()), table.problems)


def _company_key(row: Row) -> str:
    try:
        return companies.key(companies.clean_name(row["company"]))
    except CompanyProblem:
        return ""


def apply_history(
    session: Session,
    *,
    workspace_id: int,
    table: Table,
    known: Known,
    skip_bad: bool,
    now: datetime,
    progress: Progress | None = None,
) -> ImportPreview:
    """Import the conversations; raises Rejected, with nothing changed, for bad lines unless `skip_bad`."""
    users = {row["user"] for row in table.rows}
    locked = select(Member).where(
        Member.workspace_id == workspace_id, col(Member.slack_user_id).in_(users)
    )
    # Logging locks the rep too, so nobody else changes these reps' logs meanwhile.
    session.exec(locked.order_by(col(Member.id)).with_for_update()).all()
    read = _read(session, workspace_id, table, now, None)
    accepted(read.plan, skip_bad)
    changed: list[int] = []
    new = sum(len(lines) for lines in read.new.values())
    _step(progress, len(table.rows) - new)
    for rep, lines in read.new.items():
        weeks = _add(session, session.get_one(Member, rep.member_id), lines, now, progress)
        changed += _asked_about(session, rep.member_id, weeks)
    if read.new:
        surfaces.check_ins_changed(session, check_ins=dict.fromkeys(changed, 0), now=now)
        surfaces.reps_homes_changed(
            session,
            workspace_id=workspace_id,
            member_ids=[rep.member_id for rep in read.new],
            now=now,
        )
    return read.plan


def _read(
    session: Session, workspace_id: int, table: Table, now: datetime, progress: Progress | None
) -> _Read:
    users = {row["user"] for row in table.rows}
    reps = reps_in(session, workspace_id=workspace_id, slack_user_ids=users, now=now)
    problems = list(table.problems)
    lines: list[Past] = []
    for row in table.rows:
        try:
            lines.append(read_past(row, reps))
        except Refusal as refusal:
            problems.append(LineProblem(row.line, reason(session, refusal)))
        if progress is not None:
            progress()
    # A deal is several conversations of one line: all of them are imported, or none.
    bad = {problem.line for problem in problems}
    lines = [past for past in lines if past.line not in bad]
    problems = list(dict.fromkeys(problems))
    there = _there(session, reps.values())
    planned: list[Planned] = []
    new: dict[Rep, list[tuple[Past, str]]] = defaultdict(list)
    seen: Counter[str] = Counter()
    numbers: dict[str, Iterator[int]] = defaultdict(partial(count, 1))
    for past in lines:
        digest = past.identity.digest()
        seen[digest] += 1
        is_there = seen[digest] <= there.how_many[digest]
        change = Change.UNCHANGED if is_there else Change.CREATED
        planned.append(Planned(past.line, past.rep.name, change, _details(past)))
        if not is_there:
            numbered = (f"{KEY}:{digest}:{number}" for number in numbers[digest])
            new[past.rep].append((past, next(key for key in numbered if key not in there.keys)))
    problems.sort(key=lambda problem: problem.line)
    return _Read(ImportPreview(tuple(planned), tuple(problems)), new)


@dataclass(frozen=True)
class _There:
    """The log's content: how many conversations each identity has, and which request keys are used."""

    how_many: Counter[str]
    """The number of conversations, by the identity's digest."""
    keys: set[str]


def _there(session: Session, reps: Iterable[Rep]) -> _There:
    """Read the log.

    An imported conversation stands for its line even if it was edited since; a logged one stands for its present
    content.
    """
    logged = Conversation.__table__.c  # type: ignore[attr-defined]
    deal = Opportunity.__table__.c  # type: ignore[attr-defined]
    users = {rep.member_id: rep.slack_user_id for rep in reps}
    found = rows(
        session,
        sa.select(
            logged.member_id,
            logged.held_on,
            deal.company_key,
            logged.base,
            logged.outcome,
            logged.request_key,
            logged.undone_at,
        )
        .join(Opportunity, deal.id == logged.opportunity_id)
        .where(logged.member_id.in_(users)),
    )
    there = _There(Counter(), set())
    for member_id, held_on, company_key, base, outcome, request_key, undone_at in found:
        if request_key.startswith(f"{KEY}:"):
            there.keys.add(request_key)
            there.how_many[request_key.split(":")[1]] += 1
        elif undone_at is None:
            identity = Identity(users[member_id], held_on, company_key, base, outcome)
            there.how_many[identity.digest()] += 1
    return there


def _add(
    session: Session,
    member: Member,
    lines: Sequence[tuple[Past, str]],
    now: datetime,
    progress: Progress | None,
) -> set[date]:
    """Add the conversations to the rep's log; return the weeks whose numbers changed."""
    arrived: dict[str, Arrived] = {}
    for past, key in sorted(lines, key=lambda line: line[0].place):
        company = arrived.setdefault(past.company_key, Arrived(past.draft.company))
        company.conversations.append(_conversation(member, past.draft, key, now))
    weeks: set[date] = set()
    keys = list(arrived)
    for start in range(0, len(keys), AT_ONCE):
        some = {key: arrived[key] for key in keys[start : start + AT_ONCE]}
        weeks |= opportunities.add_and_replay(session, member=member, arrived=some, now=now)
        _step(progress, sum(len(company.conversations) for company in some.values()))
    return weeks


def _step(progress: Progress | None, lines: int) -> None:
    if progress is not None:
        for _ in range(lines):
            progress()


def _conversation(member: Member, draft: Draft, key: str, now: datetime) -> Conversation:
    return Conversation(
        workspace_id=member.workspace_id,
        member_id=member.id,
        opportunity_id=0,  # the replay sets the right one
        held_on=draft.held_on,
        week=monday_of(draft.held_on),
        base=draft.base,
        close=draft.close,
        outcome=draft.outcome,
        amount=draft.amount,
        request_key=key,
        logged_at=now,
    )


def _asked_about(session: Session, member_id: int, weeks: set[date]) -> Sequence[int]:
    """Return the open check-ins about these weeks, because their messages show the logged numbers."""
    return session.exec(
        select(CheckIn.id).where(
            CheckIn.member_id == member_id,
            col(CheckIn.week).in_(weeks),
            CheckIn.state == CheckInState.OPEN,
        )
    ).all()


def _details(past: Past) -> tuple[str, ...]:
    draft = past.draft
    said = [draft.company, draft.held_on.isoformat()]
    if draft.base is not None:
        said.append(draft.base.label)
    if draft.outcome is DealOutcome.LOST:
        said.append("lost")
    if draft.amount is not None:
        currency = past.rep.currency or ""
        said.append(show_number(draft.amount, unit="money", currency=currency))
    if draft.close is not None:
        said.append(draft.close.label)
    return (*said, *draft.notes)


def _warnings(session: Session, new: dict[Rep, list[tuple[Past, str]]]) -> Iterable[LineProblem]:
    """Return warnings about new companies that may be misspelt names of known ones."""
    for rep, lines in new.items():
        near = NearMisses()
        known = known_companies(session, rep.member_id)
        for name in known.values():
            near.add(name)
        for past, _ in lines:
            other = near.add(past.draft.company)
            if other is not None:
                yield LineProblem(
                    past.line,
                    f"company: {quoted(past.draft.company)} may be the same as {quoted(other)}, "
                    "and is taken as another one. If it is the same, write both alike.",
                )
