"""Enrolments: who is a rep of which team, and which check-in comes next for them.

An enrolment names one next week and the moment when it is due. The week stays the same when the zone, the team or
the schedule changes, and an overdue check-in keeps its moment too. So no rep is asked twice about one week, and no
week is left out.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session, col, or_, select

from bot.domain.calendars import open_weeks
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import schedule_of, zone_of
from bot.domain.checkins import lifecycle as checkins
from bot.domain.handover import handover
from bot.domain.metrics import targets
from bot.domain.metrics.metrics import MONEY
from bot.domain.outbox import outbox, surfaces
from bot.domain.people.enrolled import Enrolled, enrolled_again, must_be_rep, rescheduled
from bot.domain.plans import waiting as plan_waiting
from bot.domain.tables import Enrolment, Member, Metric, Team
from bot.rules import weeks


class Change(StrEnum):
    """The result of creating or updating something: created, updated or unchanged."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def enrol(
    session: Session,
    *,
    workspace_id: int,
    member_id: int,
    team_id: int,
    enrolled_on: date | None,
    now: datetime,
    by_id: int | None = None,
) -> Change:
    """Make the member a rep of the team, from today or `enrolled_on`, and schedule the first check-in.

    A repeated call changes nothing; another team moves the rep; a former rep becomes one again. Only the very
    first enrolment sends a welcome. The caller has checked who is asking: the member `by_id`, or an operator.
    """
    member = session.get_one(Member, member_id, with_for_update=True)
    team = session.get_one(Team, team_id)
    if member.workspace_id != workspace_id or team.workspace_id != workspace_id:
        raise LookupError("a member and a team of one workspace")
    today = now.astimezone(zone_of(member)).date()
    must_be_rep(member.name, member.inactive_because, enrolled_on=enrolled_on, today=today)
    enrolment = enrolment_row(session, member_id)
    if enrolment is None:
        enrolment = Enrolment(
            workspace_id=workspace_id,
            member_id=member_id,
            team_id=team_id,
            enrolled_on=enrolled_on or today,
        )
        session.add(enrolment)
        session.flush()
        outbox.mark_stale(
            session,
            workspace_id=workspace_id,
            surface=outbox.WELCOME,
            subject_id=enrolment.id,
            now=now,
        )
        _joined(session, member=member, team=team, by_id=by_id, now=now)
        change = Change.CREATED
    else:
        after = enrolled_again(
            state_of(enrolment), team_id=team_id, enrolled_on=enrolled_on, today=today
        )
        if after == state_of(enrolment):
            return Change.UNCHANGED
        _move(
            session,
            enrolment=enrolment,
            after=after,
            member=member,
            team=team,
            by_id=by_id,
            now=now,
        )
        change = Change.UPDATED
    reschedule(session, enrolment=enrolment, member=member, team=team, now=now)
    surfaces.homes_changed(session, member=member, now=now)
    return change


def _move(
    session: Session,
    *,
    enrolment: Enrolment,
    after: Enrolled,
    member: Member,
    team: Team,
    by_id: int | None,
    now: datetime,
) -> None:
    """Move a present or former rep into the team; what belongs to the old team's coaches is handed over."""
    surfaces.homes_changed(session, member=member, now=now)  # the old coach's Home too
    old, comes_back = session.get_one(Team, enrolment.team_id), enrolment.ended_on is not None
    _set(enrolment, after)
    session.flush()
    if old.id != team.id:
        move = handover.Move(member.id, member.name, old, team)
        other_money = bool(handover.reps_moved(session, moves=[move], by_id=by_id, now=now))
        _drop_targets(session, member=member, old=old, other_money=other_money, now=now)
    elif comes_back:
        _joined(session, member=member, team=team, by_id=by_id, now=now)


def _joined(
    session: Session, *, member: Member, team: Team, by_id: int | None, now: datetime
) -> None:
    handover.reps_joined(
        session,
        workspace_id=team.workspace_id,
        team_of={member.id: team.id},
        by_id=by_id,
        now=now,
    )


def end(session: Session, *, member: Member, now: datetime, by_id: int | None = None) -> bool:
    """End the member's enrolment, so that they are asked no more; return False if it has ended already.

    The caller has checked who is asking: the member `by_id`, or an operator.
    """
    enrolment = session.exec(
        select(Enrolment).where(Enrolment.member_id == member.id, col(Enrolment.ended_on).is_(None))
    ).one_or_none()
    if enrolment is None:
        return False
    surfaces.homes_changed(session, member=member, now=now)
    checkins.withdraw_open(session, member=member, now=now)
    plan_waiting.withdraw(session, member=member, reason=f"{member.name} left the team.", now=now)
    enrolment.ended_on = now.astimezone(zone_of(member)).date()
    enrolment.next_week = enrolment.next_due_at = None
    session.flush()
    team = session.get_one(Team, enrolment.team_id)
    handover.rep_left(session, member_id=member.id, team=team, by_id=by_id, now=now)
    return True


def reschedule(
    session: Session, *, enrolment: Enrolment, member: Member, team: Team, now: datetime
) -> None:
    """Compute the next check-in again from the current schedule, zone and state of the member (`rescheduled`)."""
    _set(
        enrolment,
        rescheduled(
            state_of(enrolment),
            is_active=member.inactive_because is None,
            schedule=schedule_of(team),
            calendar=calendars.of_team(team, enrolment.enrolled_on),
            zone=zone_of(member),
            last_asked=open_weeks.last_asked_week(session, member.id),
            now=now,
        ),
    )
    session.flush()


def reschedule_member(session: Session, *, member: Member, now: datetime) -> None:
    """Call `reschedule` after the member's zone or state changed; do nothing if they are not a rep."""
    found = session.exec(
        select(Enrolment, Team)
        .join(Team, col(Team.id) == col(Enrolment.team_id))
        .where(Enrolment.member_id == member.id)
    ).one_or_none()
    if found is not None:
        enrolment, team = found
        reschedule(session, enrolment=enrolment, member=member, team=team, now=now)
        surfaces.homes_changed(session, member=member, now=now)


def reschedule_team(session: Session, *, team: Team, now: datetime) -> None:
    """Call `reschedule` for each rep after the team's schedule changed."""
    reps = session.exec(
        select(Enrolment, Member)
        .join(Member, col(Member.id) == col(Enrolment.member_id))
        .where(Enrolment.team_id == team.id, col(Enrolment.ended_on).is_(None))
        .order_by(col(Enrolment.id))
    ).all()
    asked = open_weeks.last_asked_weeks(session, [member.id for _, member in reps])
    for enrolment, member in reps:
        after = rescheduled(
            state_of(enrolment),
            is_active=member.inactive_because is None,
            schedule=schedule_of(team),
            calendar=calendars.of_team(team, enrolment.enrolled_on),
            zone=zone_of(member),
            last_asked=asked.get(member.id),
            now=now,
        )
        _set(enrolment, after)
    session.flush()
    surfaces.team_homes_changed(session, team=team, now=now)


def state_of(enrolment: Enrolment) -> Enrolled:
    """Return the columns of an enrolment for decisions about it."""
    return Enrolled(
        team_id=enrolment.team_id,
        enrolled_on=enrolment.enrolled_on,
        ended_on=enrolment.ended_on,
        next_week=enrolment.next_week,
        next_due_at=enrolment.next_due_at,
    )


def _set(enrolment: Enrolment, after: Enrolled) -> None:
    enrolment.team_id, enrolment.enrolled_on = after.team_id, after.enrolled_on
    enrolment.ended_on = after.ended_on
    enrolment.next_week, enrolment.next_due_at = after.next_week, after.next_due_at


def _drop_targets(
    session: Session, *, member: Member, old: Team, other_money: bool, now: datetime
) -> None:
    """Remove the targets that are of no use in the new team, from the current week on.

    These are the targets of metrics that only the old team has. With `other_money`, those of money go too, because
    the new team counts in another currency: its coach is asked for them anew.
    """
    week = weeks.week_of(now, zone_of(member))
    dropped = [
        metric.id
        for metric in session.exec(
            select(Metric).where(
                Metric.workspace_id == member.workspace_id,
                or_(Metric.team_id == old.id, Metric.unit == MONEY),
            )
        )
        if metric.team_id == old.id or other_money
    ]
    targets.save_targets(
        session,
        member=member,
        amounts=dict.fromkeys(dropped),
        from_week=week,
        set_by=None,
        now=now,
    )


def enrolment_row(session: Session, member_id: int) -> Enrolment | None:
    """Return the member's enrolment, even if it has ended."""
    return session.exec(select(Enrolment).where(Enrolment.member_id == member_id)).one_or_none()
