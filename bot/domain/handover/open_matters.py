"""What is open with a team's coaches or about some reps: frees it, moves it, and marks its messages stale."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import any_of, columns, rows, run, table
from bot.domain.coaching import advice, alerts, passing_on
from bot.domain.outbox import outbox, surfaces
from bot.domain.plans.rows import WAITING, told_since
from bot.domain.shown.places import may_coach
from bot.domain.tables import (
    Advice,
    Alert,
    Brief,
    CheckIn,
    Enrolment,
    Member,
    Plan,
    PlanState,
    Team,
    Withdrawal,
)
from bot.rules.weeks import WEEK

STILL_SHOWN = timedelta(days=90)
"""An alert or a plan that is older than this is not worth another call to withdraw its message."""


class _Missed(NamedTuple):
    """A check-in whose alert is open."""

    id: int
    workspace_id: int


def mark_team(session: Session, *, team: Team, now: datetime) -> None:
    """Mark the messages about the team's alerts and plans, and its briefs, stale."""
    _mark(
        session,
        workspace_id=team.workspace_id,
        alerts=_alerts_of(team, now),
        plans=_plans_of(team, now),
        advice=sa.select(_ADVICE.id).where(_ADVICE.team_id == team.id, _ADVICE.closed_at.is_(None)),
        briefs=_briefs_of(_BRIEF.team_id == team.id, now),
        now=now,
    )


def mark_check_ins(session: Session, *, team: Team, now: datetime) -> None:
    """Mark the newest check-ins of the team's reps stale: each says who reads the answers, and where."""
    newest = (
        sa.select(_CHECK_IN.id)
        .join(table(Enrolment), _ENROLMENT.member_id == _CHECK_IN.member_id)
        .where(
            _ENROLMENT.team_id == team.id,
            _ENROLMENT.ended_on.is_(None),
            _CHECK_IN.delivered_at.is_not(None),
            _CHECK_IN.due_at > now - WEEK,
        )
    )
    found = {check_in_id: 0 for (check_in_id,) in rows(session, newest)}
    surfaces.check_ins_changed(session, check_ins=found, now=now)


def wait_anew(session: Session, *, team: Team, now: datetime) -> None:
    """Count anew how long the team's alerts wait that nobody took: its present coaches have just got them."""
    waiting = sa.select(_ALERT.id).where(_ALERT.team_id == team.id, _ALERT.done_at.is_(None))
    passing_on.start_again(session, alerts=waiting, now=now)


def mark_signer(session: Session, *, member: Member, now: datetime) -> None:
    """Mark the messages about plans stale that wait for this member, whom a coach chose to sign them."""
    _mark(
        session,
        workspace_id=member.workspace_id,
        plans=sa.select(_PLAN.id).where(_PLAN.signer_id == member.id, _PLAN.state.in_(WAITING)),
        now=now,
    )


def move_alerts(
    session: Session, *, member_ids: Collection[int], team: Team, now: datetime
) -> None:
    """Give the alerts about these reps, and their open wishes for advice, to the team that they are in now."""
    run(session, _ALERTS_MOVE, reps=list(member_ids), team=team.id)
    advice.moved(session, member_ids=list(member_ids), team_id=team.id)
    check_ins = sa.select(_CHECK_IN.id).where(_CHECK_IN.member_id.in_(member_ids))
    moved = sa.select(_ALERT.id).where(_ALERT.check_in_id.in_(check_ins))
    passing_on.start_again(session, alerts=moved, now=now)


def raise_again(session: Session, *, member_ids: Collection[int], now: datetime) -> None:
    """Have the open alerts about these reps shown, also those whose messages were withdrawn for good."""
    missed = [
        _Missed(*row)
        for row in rows(session, _OPEN_ALERTS, reps=list(member_ids), since=now - STILL_SHOWN)
    ]
    if missed:
        alerts.ensure(session, check_ins=missed, now=now)


def let_go(session: Session, *, team: Team, now: datetime) -> None:
    """Free taken alerts, with the acts chosen, and half-agreed offers whose holders do not coach the team now."""
    found = session.exec(
        select(Member).where(col(Member.id).in_({team.coach_id, team.second_coach_id} - {None}))
    )
    entitled = {
        member.id
        for member in found
        if may_coach(is_guest=member.is_guest, inactive_because=member.inactive_because)
    }
    for alert in session.exec(
        select(Alert).where(
            Alert.team_id == team.id,
            col(Alert.done_at).is_(None),
            col(Alert.taken_by).is_not(None),
            col(Alert.taken_by).not_in(entitled),
        )
    ):
        alert.taken_by = alert.taken_at = None
        alert.act = alert.suggested_act = alert.suggested_because = None
        alert.waits_since, alert.next_look_at = now, now + passing_on.AGAIN
    for plan in session.exec(
        select(Plan).where(
            Plan.team_id == team.id,
            Plan.state == PlanState.OFFERED,
            col(Plan.coach_agreed_by).is_not(None),
            col(Plan.coach_agreed_by).not_in(entitled),
        )
    ):
        plan.coach_agreed_by = plan.coach_agreed_at = None
    session.flush()


def _alerts_of(team: Team, now: datetime) -> sa.Select[tuple[int]]:
    return sa.select(_ALERT.id).where(
        _ALERT.team_id == team.id,
        _ALERT.done_at.is_(None) | (_ALERT.created_at > now - STILL_SHOWN),
    )


def _plans_of(team: Team, now: datetime) -> sa.Select[tuple[int]]:
    return sa.select(_PLAN.id).where(_PLAN.team_id == team.id, *_is_shown(now - STILL_SHOWN))


def _is_shown(since: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions that a message about a plan may stand that is young enough to be worth a call."""
    return _PLAN.version.is_not(None), (_PLAN.created_at > since) | told_since(since)


def _briefs_of(condition: sa.ColumnElement[bool], now: datetime) -> sa.Select[tuple[int]]:
    return sa.select(_BRIEF.id).where(condition, _BRIEF.created_at > now - STILL_SHOWN)


def mark_reps(
    session: Session, *, workspace_id: int, member_ids: Collection[int], now: datetime
) -> None:
    """Mark what is shown about these reps: alerts, plans, briefs, and their check-ins, which say who sees them."""
    since = now - STILL_SHOWN
    check_ins = sa.select(_CHECK_IN.id).where(
        _CHECK_IN.member_id.in_(member_ids), _CHECK_IN.due_at > since
    )
    alerts = sa.select(_ALERT.id).where(_ALERT.check_in_id.in_(check_ins))
    plans = sa.select(_PLAN.id).where(_PLAN.member_id.in_(member_ids), *_is_shown(since))
    of_reps = _ADVICE.member_id.in_(member_ids)
    wishes = sa.select(_ADVICE.id).where(of_reps, _ADVICE.created_at > since)
    asked_by = sa.select(_CHECK_IN.team_id).where(_CHECK_IN.member_id.in_(member_ids))
    is_in = _ENROLMENT.member_id.in_(member_ids)
    teams = sa.union(asked_by, sa.select(_ENROLMENT.team_id).where(is_in))
    _mark(
        session,
        workspace_id=workspace_id,
        alerts=alerts,
        plans=plans,
        advice=wishes,
        briefs=_briefs_of(_BRIEF.team_id.in_(teams), now),
        now=now,
    )
    delivered = check_ins.where(_CHECK_IN.delivered_at.is_not(None))
    surfaces.check_ins_changed(
        session,
        check_ins={check_in_id: 0 for (check_in_id,) in rows(session, delivered)},
        now=now,
    )


def _mark(
    session: Session,
    *,
    workspace_id: int,
    alerts: sa.Select[tuple[int]] | None = None,
    plans: sa.Select[tuple[int]] | None = None,
    advice: sa.Select[tuple[int]] | None = None,
    briefs: sa.Select[tuple[int]] | None = None,
    now: datetime,
) -> None:
    """Mark the messages about everything that is selected stale, also those that stand in old places."""
    for subjects, shown_by in (
        (alerts, (outbox.ALERT, outbox.PASSED_ON)),
        (advice, (outbox.ADVICE,)),
        (plans, (outbox.PLAN, outbox.PLAN_REPLY, *outbox.PLAN_EVENTS)),
        (briefs, (outbox.BRIEF,)),
    ):
        found = [row[0] for row in rows(session, subjects)] if subjects is not None else []
        if not found:
            continue
        for surface in shown_by:
            outbox.mark_many_stale(
                session, workspace_id=workspace_id, surface=surface, subject_ids=found, now=now
            )
            _mark_withdrawn(session, workspace_id, surface, found, now)


def _mark_withdrawn(
    session: Session, workspace_id: int, surface: str, subjects: Collection[int], now: datetime
) -> None:
    """Mark what stands in the old places of these subjects stale: it says who has them now."""
    withdrawn = [
        row[0]
        for row in rows(
            session,
            _WITHDRAWN,
            of_workspace=workspace_id,
            of_surface=surface,
            subjects=list(subjects),
            since=now - STILL_SHOWN,
        )
    ]
    if withdrawn:
        outbox.mark_many_stale(
            session,
            workspace_id=workspace_id,
            surface=outbox.WITHDRAWN,
            subject_ids=withdrawn,
            now=now,
        )


_ALERT, _CHECK_IN, _PLAN = columns(Alert), columns(CheckIn), columns(Plan)
_ADVICE, _BRIEF, _ENROLMENT = columns(Advice), columns(Brief), columns(Enrolment)
_WITHDRAWAL = columns(Withdrawal)

_WITHDRAWN = sa.select(_WITHDRAWAL.id).where(
    _WITHDRAWAL.workspace_id == sa.bindparam("of_workspace"),
    _WITHDRAWAL.surface == sa.bindparam("of_surface"),
    _WITHDRAWAL.subject_id.in_(any_of("subjects")),
    _WITHDRAWAL.at > sa.bindparam("since", type_=_WITHDRAWAL.at.type),
)

_OPEN_ALERTS = (
    sa.select(_CHECK_IN.id, _CHECK_IN.workspace_id)
    .join_from(table(Alert), table(CheckIn), _CHECK_IN.id == _ALERT.check_in_id)
    .where(
        _CHECK_IN.member_id.in_(any_of("reps")),
        _ALERT.done_at.is_(None),
        _ALERT.created_at > sa.bindparam("since", type_=_ALERT.created_at.type),
    )
    .order_by(_CHECK_IN.id)
)

_ALERTS_MOVE = (
    sa.update(table(Alert))
    .where(
        _ALERT.check_in_id.in_(
            sa.select(_CHECK_IN.id).where(_CHECK_IN.member_id.in_(any_of("reps")))
        )
    )
    .values(team_id=sa.bindparam("team"))
)
