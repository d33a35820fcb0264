"""Passes on alerts that nobody takes: once to the second coach, then to the Home of the admins.

The tick calls `pass_on_due`. Time is counted in the team's working hours, in the zone of its coach, from the
moment at which the alert came to its present coaches.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from bot.database import any_of, columns, lock_due, rows, run, table
from bot.domain.access import members_by_id, slack_id_of
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import schedule_of, teams_of, zone_of
from bot.domain.coaching import hours
from bot.domain.metrics.records import reader_of
from bot.domain.outbox import outbox, surfaces
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.agreements import PassedOnShown
from bot.domain.shown.places import may_coach
from bot.domain.tables import Alert, Answer, CheckIn, CheckInState, Enrolment, Member, Team, Verdict
from bot.rules import absences

BATCH = 200

IS_DUE = columns(Alert).next_look_at <= sa.bindparam("now")

AGAIN = timedelta(days=1)
"""When to look again at a week that is no miss at this moment, and may become one once more."""

UNTIL = timedelta(days=28)
"""An alert that is older is not passed on any more."""


class _Facts(NamedTuple):
    """What decides about one alert, beside its own row."""

    id: int
    rep_is_there: bool
    state: str
    unmet: int


def pass_on_due(
    session: Session,
    *,
    now: datetime,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
) -> int:
    """Look at the alerts that are due, and pass on those that waited too long; return how many were due."""
    due = lock_due(
        session,
        Alert,
        IS_DUE,
        by=col(Alert.next_look_at),
        limit=BATCH,
        now=now,
        only=only,
        without=without,
    )
    if not due:
        return 0
    facts = {row[0]: _Facts(*row) for row in rows(session, _FACTS, ids=[one.id for one in due])}
    teams = teams_of(session, {one.team_id for one in due})
    wanted = {team.coach_id for team in teams.values()}
    wanted |= {team.second_coach_id for team in teams.values()} - {None}
    people = members_by_id(session, wanted)
    left = set()
    for alert in due:
        if not _look(session, alert, facts[alert.id], teams[alert.team_id], people, now):
            left.add(alert.workspace_id)
    session.flush()
    for workspace_id in left:
        surfaces.workspace_homes_changed(session, workspace_id=workspace_id, now=now)
    return len(due)


def _look(
    session: Session,
    alert: Alert,
    facts: _Facts,
    team: Any,
    people: dict[int, Member],
    now: datetime,
) -> bool:
    """Decide about one alert; return False if it goes to the admins' Home now."""
    alert.next_look_at = None
    is_taken = alert.taken_at is not None or alert.done_at is not None
    if is_taken or not facts.rep_is_there or now - alert.created_at > UNTIL:
        return True
    if not _is_missed(facts):
        alert.next_look_at = now + AGAIN
        return True
    due_at = absences.after_working_hours(
        alert.passed_on_at or alert.waits_since or alert.created_at,
        team.pass_on_after_hours,
        calendar=calendars.of_team(team, alert.created_at.date()),
        schedule=schedule_of(team),
        zone=zone_of(people[team.coach_id]),
    )
    if due_at > now:
        alert.next_look_at = due_at
        return True
    second = _second(team, people)
    if alert.passed_on_at is None and second is not None:
        alert.passed_on_to, alert.passed_on_at = second.id, now
        alert.next_look_at = now + AGAIN
        session.flush()
        for surface in (outbox.PASSED_ON, outbox.ALERT):
            outbox.mark_stale(
                session,
                workspace_id=alert.workspace_id,
                surface=surface,
                subject_id=alert.id,
                now=now,
            )
        return True
    alert.left_at = now
    return False


def _is_missed(facts: _Facts) -> bool:
    if facts.state == CheckInState.ANSWERED:
        return facts.unmet > 0
    return facts.state == CheckInState.UNANSWERED


def _second(team: Any, people: dict[int, Member]) -> Member | None:
    """Return the coach of the team who was not written to yet; None if there is none who can be."""
    coaches = [people[id_] for id_ in (team.coach_id, team.second_coach_id) if id_ is not None]
    reached = [
        coach
        for coach in coaches
        if coach.inactive_because is None
        and may_coach(is_guest=coach.is_guest, inactive_because=coach.inactive_because)
    ]
    return reached[1] if len(reached) > 1 else None


def start_again(session: Session, *, alerts: sa.Select[tuple[int]], now: datetime) -> None:
    """Count anew for these alerts, if nobody took them: they came to other coaches now."""
    run(session, _START_AGAIN.where(_ALERT.id.in_(alerts)), at=now, look_at=now + AGAIN)


@dataclass(frozen=True)
class Showing:
    """The line about an alert that nobody took, with the second coach to whom it is sent."""

    shown: PassedOnShown
    to: Addressee
    is_entitled: bool
    """Whether that person still coaches the alert's team, and the rep is in it."""
    earliest: datetime
    """When it may be posted: in the team's working hours, by that person's clock."""


def show(session: Session, alert_id: int, *, now: datetime) -> Showing | None:
    """Return the line in its current state; None for an alert that was passed on to nobody."""
    alert = session.get_one(Alert, alert_id)
    if alert.passed_on_to is None:
        return None
    check_in = session.get_one(CheckIn, alert.check_in_id)
    rep, to = (
        session.get_one(Member, check_in.member_id),
        session.get_one(Member, alert.passed_on_to),
    )
    team = session.get_one(Team, alert.team_id)
    ((_, rep_is_there, state, unmet),) = rows(session, _FACTS, ids=[alert.id])
    is_entitled = (
        rep_is_there
        and to.id in {team.coach_id, team.second_coach_id}
        and may_coach(is_guest=to.is_guest, inactive_because=to.inactive_because)
    )
    shown = PassedOnShown(
        alert_id=alert.id,
        rep=rep.slack_user_id,
        rep_name=rep.name,
        week=check_in.week,
        coach=session.get_one(Member, team.coach_id).slack_user_id,
        created_at=alert.created_at,
        taken_by=slack_id_of(session, alert.taken_by),
        done_by=slack_id_of(session, alert.done_by),
        is_needed=_is_missed(_Facts(alert.id, rep_is_there, state, unmet)),
        reader=reader_of(to, team),
    )
    return Showing(
        shown,
        Addressee.of(to),
        is_entitled,
        hours.of_coach(team, to, now=now),
    )


_ALERT, _CHECK_IN, _ANSWER = columns(Alert), columns(CheckIn), columns(Answer)
_ENROLMENT = columns(Enrolment)

_FACTS = (
    sa.select(
        _ALERT.id,
        sa.exists().where(
            _ENROLMENT.member_id == _CHECK_IN.member_id,
            _ENROLMENT.team_id == _ALERT.team_id,
            _ENROLMENT.ended_on.is_(None),
        ),
        _CHECK_IN.state,
        sa.select(sa.func.count())
        .where(
            _ANSWER.check_in_id == _CHECK_IN.id,
            sa.func.coalesce(_ANSWER.verdict, "") != Verdict.YES.value,
        )
        .scalar_subquery(),
    )
    .join_from(table(Alert), table(CheckIn), _CHECK_IN.id == _ALERT.check_in_id)
    .where(_ALERT.id.in_(any_of("ids")))
)

_START_AGAIN = (
    sa.update(table(Alert))
    .where(_ALERT.taken_at.is_(None), _ALERT.done_at.is_(None))
    .values(
        waits_since=sa.bindparam("at", type_=_ALERT.waits_since.type),
        next_look_at=sa.bindparam("look_at", type_=_ALERT.next_look_at.type),
        passed_on_at=None,
        left_at=None,
    )
)
