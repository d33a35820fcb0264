"""Creates the due check-ins in batches: on Monday at nine those of a whole company fall due in one beat.

Scheduling is level-triggered, like the whole tick: each call reads from the database which enrolments are due,
takes a batch, and advances it in the same transaction as the outbox rows. A few statements read everything that a
batch needs, and a few write it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import among, any_of, columns, insert_all, rows, table
from bot.domain.calendars import days_off
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import schedule_of, teams_of, zone_of
from bot.domain.calendars.working_days import Place
from bot.domain.checkins import follow_ups
from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins.follow_ups import NextCheckIn
from bot.domain.metrics import targets
from bot.domain.metrics.targets import TargetMetric
from bot.domain.outbox import outbox, surfaces
from bot.domain.tables import Answer, CheckIn, CheckInState, Enrolment, Member
from bot.rules import absences, weeks
from bot.rules.absences import Calendar, WorkWeek
from bot.rules.weeks import WEEK, Schedule

BATCH = 500

IS_DUE = columns(Enrolment).next_due_at <= sa.bindparam("now")

Question = tuple[TargetMetric, Decimal]
"""The metric that is asked about, and its target."""


class _Due(NamedTuple):
    """An enrolment whose check-in is due, with the facts that are needed about its member."""

    enrolment_id: int
    workspace_id: int
    member_id: int
    team_id: int
    week: date | None
    due_at: datetime
    ended_on: date | None
    inactive_because: str | None
    timezone: str
    enrolled_on: date


@dataclass(frozen=True)
class _Planned:
    """The check-in of one rep and week, before it has a row."""

    due: _Due
    state: CheckInState
    skipped_because: str | None
    questions: Sequence[Question]
    due_at: datetime
    """When the check-in goes out; never on a day off of the rep."""
    calendar: Calendar
    work: WorkWeek
    """What remains, after days off, of the week that the check-in asks about."""


@dataclass(frozen=True)
class _Team:
    """The facts that are needed about a rep's team."""

    schedule: Schedule
    place: Place


def schedule_due(
    session: Session,
    *,
    now: datetime,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
) -> int:
    """Create the check-ins that are due, each with its questions; returns how many enrolments moved on."""
    due = _due(session, now, among(_ENROLMENT.id, only, without))
    if not due:
        return 0
    teams = _teams(session, {one.team_id for one in due})
    over: list[int] = []
    by_week: dict[date, list[_Due]] = defaultdict(list)
    for one in due:
        if one.ended_on is not None or one.inactive_because is not None or one.week is None:
            over.append(one.enrolment_id)
        else:
            by_week[one.week].append(one)
    if over:
        _move_on(session, over, next_week=None, next_due_at=None)
    for week, of_week in by_week.items():
        _schedule_week(session, week, of_week, teams=teams, now=now)
        _schedule_next(session, week, of_week, teams=teams)
    return len(due)


def _due(session: Session, now: datetime, chosen: Sequence[sa.ColumnElement[bool]]) -> list[_Due]:
    enrolment, member = columns(Enrolment), columns(Member)
    statement = (
        sa.select(
            enrolment.id,
            enrolment.workspace_id,
            enrolment.member_id,
            enrolment.team_id,
            enrolment.next_week,
            enrolment.next_due_at,
            enrolment.ended_on,
            member.inactive_because,
            member.timezone,
            enrolment.enrolled_on,
        )
        .join_from(table(Enrolment), table(Member), member.id == enrolment.member_id)
        .where(IS_DUE, *chosen)
        .order_by(enrolment.next_due_at)
        .limit(BATCH)
        .with_for_update(of=table(Enrolment), skip_locked=True)
    )
    return [_Due(*row) for row in rows(session, statement, now=now)]


def _teams(session: Session, team_ids: Collection[int]) -> dict[int, _Team]:
    return {id: _Team(schedule_of(row), row) for id, row in teams_of(session, team_ids).items()}


def _schedule_week(
    session: Session,
    week: date,
    due: Sequence[_Due],
    *,
    teams: dict[int, _Team],
    now: datetime,
) -> None:
    """Create the check-ins about one week: decide the questions, insert the rows, then mark the surfaces stale."""
    wanted = targets.in_force(session, [one.member_id for one in due], week)
    days_of = _calendars(session, week, due, teams)
    known: dict[tuple[int, str, datetime], datetime] = {}
    planned = [
        _decide(
            one,
            wanted.get(one.member_id, []),
            days_of[one.member_id],
            _due_at(one, days_of[one.member_id][0], teams[one.team_id].schedule, known),
            now,
        )
        for one in due
    ]
    ids = _add_check_ins(session, week, planned)
    _add_questions(session, planned, ids)
    follow_ups.ask(
        session,
        {
            one.due.member_id: NextCheckIn(
                ids[one.due.member_id], one.due_at.astimezone(zone_of(one.due)).date()
            )
            for one in planned
            if one.state == CheckInState.SCHEDULED
        },
        now=now,
    )
    outbox.add_all(
        session,
        [
            outbox.New(
                workspace_id=one.due.workspace_id,
                surface=outbox.CHECK_IN,
                subject_id=ids[one.due.member_id],
                due_at=_send_at(one, teams[one.due.team_id].schedule, now),
            )
            for one in planned
            if one.state == CheckInState.SCHEDULED
        ],
        now=now,
    )
    unasked: dict[int, list[int]] = defaultdict(list)
    for one in planned:
        if one.state != CheckInState.SCHEDULED:
            unasked[one.due.workspace_id].append(one.due.member_id)
    for workspace_id, member_ids in unasked.items():
        surfaces.reps_homes_changed(
            session, workspace_id=workspace_id, member_ids=member_ids, now=now
        )


def _calendars(
    session: Session, week: date, due: Sequence[_Due], teams: dict[int, _Team]
) -> dict[int, tuple[Calendar, WorkWeek]]:
    """Return each rep's calendar and its work week, by member id.

    Reps without days off who were in the team before the week began share the team's calendar.
    """
    away = calendars.days_of(session, [one.member_id for one in due], week)
    plain = {team_id: calendars.of_team(team.place, week) for team_id, team in teams.items()}
    shared = {team_id: (calendar, calendar.week(week)) for team_id, calendar in plain.items()}
    found = {}
    for one in due:
        if one.member_id in away or one.enrolled_on > week:
            own = replace(
                plain[one.team_id], away=away.get(one.member_id, ()), begins=one.enrolled_on
            )
            found[one.member_id] = own, own.week(week)
        else:
            found[one.member_id] = shared[one.team_id]
    return found


def _due_at(
    due: _Due,
    calendar: Calendar,
    schedule: Schedule,
    known: dict[tuple[int, str, datetime], datetime],
) -> datetime:
    """Return when the check-in goes out, after any days off.

    It is computed once for all reps of the same team, zone and due time who have no days off.
    """
    alike = due.team_id, due.timezone, due.due_at
    if calendar.away or alike not in known:
        moment = absences.send_at(
            due.due_at, calendar=calendar, schedule=schedule, zone=zone_of(due)
        )
        if calendar.away:
            return moment
        known[alike] = moment
    return known[alike]


def _decide(
    due: _Due,
    questions: Sequence[Question],
    days: tuple[Calendar, WorkWeek],
    due_at: datetime,
    now: datetime,
) -> _Planned:
    """Decide the state and the questions of one rep's check-in, which goes out at `due_at`."""
    calendar, work = days
    state, because = CheckInState.SCHEDULED, None
    if work.joined_on is not None and not work.is_asked:
        state, because, questions = CheckInState.SKIPPED, checkins.JOINED, ()
    elif work.left <= 0:
        state, questions = CheckInState.AWAY, ()
    elif not questions:
        state, because = CheckInState.SKIPPED, checkins.NO_TARGETS
    elif now - due_at > checkins.CATCH_UP:
        state, because = CheckInState.SKIPPED, checkins.NOT_SENT
    return _Planned(due, state, because, questions, due_at, calendar, work)


def _add_check_ins(session: Session, week: date, planned: Sequence[_Planned]) -> dict[int, int]:
    """Insert the check-ins and return their ids, by member id."""
    alike: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for one in planned:
        facts = {
            "state": one.state.value,
            "skipped_because": one.skipped_because,
            "due_at": one.due_at,
            **days_off.counted(one.work),
        }
        alike[tuple(facts.items())].append(one.due.enrolment_id)
    ids: dict[int, int] = {}
    for noted, enrolment_ids in alike.items():
        made = session.connection().execute(
            _ADD_CHECK_INS,
            {"of_week": week, "enrolments": enrolment_ids, **{f"as_{k}": v for k, v in noted}},
        )
        ids |= {row.member_id: row.id for row in made}
    return ids


def _add_questions(session: Session, planned: Sequence[_Planned], ids: dict[int, int]) -> None:
    questions: list[dict[str, Any]] = [
        {
            "workspace_id": one.due.workspace_id,
            "check_in_id": ids[one.due.member_id],
            "metric_id": metric.id,
            "position": position,
            "name": metric.name,
            "unit": metric.unit,
            "question": metric.question,
            "source": metric.source,
            "target": absences.target_of(full, metric.unit, one.work),
            "full_target": full if one.work.off else None,
            "late": False,
            "edited": False,
        }
        for one in planned
        for position, (metric, full) in enumerate(one.questions)
    ]
    insert_all(session, table(Answer), questions)


def _send_at(planned: _Planned, schedule: Schedule, now: datetime) -> datetime:
    """Return its due time, or now if that has passed; a late check-in waits for the rep's next working hour."""
    if now - planned.due_at <= checkins.PUNCTUAL:
        return max(now, planned.due_at)
    return absences.into_working_time(
        now, calendar=planned.calendar, schedule=schedule, zone=zone_of(planned.due)
    )


def _schedule_next(
    session: Session, week: date, due: Sequence[_Due], *, teams: dict[int, _Team]
) -> None:
    """Move the enrolments on to the following week, with one statement for each schedule and zone."""
    next_week = week + WEEK
    alike: dict[tuple[Schedule, str], list[int]] = defaultdict(list)
    for one in due:
        alike[teams[one.team_id].schedule, one.timezone].append(one.enrolment_id)
    for (schedule, timezone), enrolment_ids in alike.items():
        next_due_at = weeks.due_at(next_week, schedule, ZoneInfo(timezone))
        _move_on(session, enrolment_ids, next_week=next_week, next_due_at=next_due_at)


def _move_on(
    session: Session,
    enrolment_ids: Sequence[int],
    *,
    next_week: date | None,
    next_due_at: datetime | None,
) -> None:
    session.connection().execute(
        sa.update(table(Enrolment))
        .where(columns(Enrolment).id.in_(enrolment_ids))
        .values(next_week=next_week, next_due_at=next_due_at)
    )


_ENROLMENT, _CHECK_IN = columns(Enrolment), columns(CheckIn)

_NOTED = ("state", "skipped_because", "due_at", "work_days", "days_off", "holidays", "joined_on")

_ADD_CHECK_INS = (
    sa.insert(table(CheckIn))
    .from_select(
        [
            _CHECK_IN.workspace_id,
            _CHECK_IN.member_id,
            _CHECK_IN.team_id,
            _CHECK_IN.week,
            _CHECK_IN.late,
            *(_CHECK_IN[name] for name in _NOTED),
        ],
        sa.select(
            _ENROLMENT.workspace_id,
            _ENROLMENT.member_id,
            _ENROLMENT.team_id,
            sa.bindparam("of_week", type_=_CHECK_IN.week.type),
            sa.false(),
            *(sa.bindparam(f"as_{name}", type_=_CHECK_IN[name].type) for name in _NOTED),
        ).where(_ENROLMENT.id.in_(any_of("enrolments"))),
        include_defaults=False,
    )
    .returning(_CHECK_IN.member_id, _CHECK_IN.id)
)
"""Inserts, from their enrolments, the check-ins for which `_decide` found the same values."""
