"""Enrolments: who is a rep of which team, and which check-in comes next for them.

An enrolment names one next week and the moment when it is due. The week stays the same when the zone, the team or
the schedule changes, and an overdue check-in keeps its moment too. So no rep is asked twice about one week, and no
week is left out.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from bot.domain.calendars import open_weeks
from bot.domain.calendars.schedules import schedule_of, zone_of
from bot.domain.checkins import lifecycle as checkins
from bot.domain.metrics import targets
from bot.domain.outbox import outbox, surfaces
from bot.domain.plans import waiting as plan_waiting
from bot.domain.refusals import Refusal
from bot.domain.tables import Enrolment, Member, Metric, Team
from bot.rules import weeks

FURTHEST_AHEAD = timedelta(days=366)
EARLIEST = date(2000, 1, 1)

BOT = "bot"
DEACTIVATED = "deactivated"


class Change(StrEnum):
    """The result of creating or updating something: created, updated or unchanged."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def why_not_rep(name: str, inactive_because: str | None) -> str | None:
    """Return the sentence that says why this person can't be a rep; None if they can."""
    if inactive_because == BOT:
        return f"{name} is a bot and has nothing to answer: choose a person."
    if inactive_because == DEACTIVATED:
        return (
            f"{name}’s Slack account is deactivated: choose somebody else, or reactivate it first."
        )
    return None


def enrol(
    session: Session,
    *,
    workspace_id: int,
    member_id: int,
    team_id: int,
    enrolled_on: date | None,
    now: datetime,
) -> Change:
    """Make the member a rep of the team, from today or `enrolled_on`, and schedule the first check-in.

    A repeated call changes nothing; another team moves the rep; a former rep becomes one again. Only the very
    first enrolment sends a welcome. The caller has checked who is asking.
    """
    member = session.get_one(Member, member_id, with_for_update=True)
    team = session.get_one(Team, team_id)
    if member.workspace_id != workspace_id or team.workspace_id != workspace_id:
        raise LookupError("a member and a team of one workspace")
    if (sentence := why_not_rep(member.name, member.inactive_because)) is not None:
        raise Refusal(sentence)
    today = now.astimezone(zone_of(member)).date()
    if enrolled_on is not None and not EARLIEST <= enrolled_on <= today + FURTHEST_AHEAD:
        raise Refusal(
            f"{enrolled_on.isoformat()} is no day to begin on: "
            "type one from 2000 on and not more than a year ahead."
        )
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
        change = Change.CREATED
    else:
        begins = enrolled_on or (today if enrolment.ended_on is not None else enrolment.enrolled_on)
        change = _move(
            session, enrolment=enrolment, member=member, team=team, begins=begins, now=now
        )
        if change is Change.UNCHANGED:
            return change
    reschedule(session, enrolment=enrolment, member=member, team=team, now=now)
    surfaces.homes_changed(session, member=member, now=now)
    return change


def _move(
    session: Session,
    *,
    enrolment: Enrolment,
    member: Member,
    team: Team,
    begins: date,
    now: datetime,
) -> Change:
    """Move a present or former rep into the team from that day on; what belongs to the old team ends."""
    comes_back = enrolment.ended_on is not None
    if (enrolment.team_id, enrolment.enrolled_on, comes_back) == (team.id, begins, False):
        return Change.UNCHANGED
    surfaces.homes_changed(session, member=member, now=now)  # the old coach's Home too
    if comes_back or begins != enrolment.enrolled_on:
        enrolment.next_week = enrolment.next_due_at = None
    if enrolment.team_id != team.id:
        plan_waiting.withdraw(
            session, member=member, reason=f"{member.name} moved to {team.name}.", now=now
        )
        _drop_own_targets(session, member=member, team_id=enrolment.team_id, now=now)
    enrolment.team_id, enrolment.enrolled_on, enrolment.ended_on = team.id, begins, None
    return Change.UPDATED


def end(session: Session, *, member: Member, now: datetime) -> bool:
    """End the member's enrolment, so that they are asked no more; return False if it has ended already."""
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
    return True


def reschedule(
    session: Session, *, enrolment: Enrolment, member: Member, team: Team, now: datetime
) -> None:
    """Compute the next check-in again from the current schedule, zone and state of the member.

    An overdue check-in keeps its moment. A check-in whose moment has just moved into the past is sent in the next
    working hour. A member who left or is deactivated gets no check-in, and one who comes back is not asked about
    the weeks in between.
    """
    if enrolment.ended_on is not None or member.inactive_because is not None:
        enrolment.next_week = enrolment.next_due_at = None
        session.flush()
        return
    if enrolment.next_due_at is not None and enrolment.next_due_at <= now:
        return
    schedule, zone = schedule_of(team), zone_of(member)
    last_asked = open_weeks.last_asked_week(session, member.id)
    week = enrolment.next_week
    if (
        week is None
        or week < weeks.monday_of(enrolment.enrolled_on)
        or (last_asked is not None and week <= last_asked)
    ):
        week = weeks.next_week_to_ask(
            now=now,
            schedule=schedule,
            zone=zone,
            enrolled_on=enrolment.enrolled_on,
            last_asked=last_asked,
        )
    due = weeks.due_at(week, schedule, zone)
    if due < now:
        due = weeks.into_working_hours(now, schedule, zone)
    enrolment.next_week, enrolment.next_due_at = week, due
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
    for enrolment, member in reps:
        reschedule(session, enrolment=enrolment, member=member, team=team, now=now)
        surfaces.homes_changed(session, member=member, now=now)


def _drop_own_targets(session: Session, *, member: Member, team_id: int, now: datetime) -> None:
    """Remove the targets of metrics that only the old team has, from the current week on."""
    week = weeks.week_of(now, zone_of(member))
    own = session.exec(select(Metric.id).where(Metric.team_id == team_id)).all()
    targets.save_targets(
        session,
        member=member,
        amounts=dict.fromkeys(own),
        from_week=week,
        set_by=None,
        now=now,
    )


def enrolment_row(session: Session, member_id: int) -> Enrolment | None:
    """Return the member's enrolment, even if it has ended."""
    return session.exec(select(Enrolment).where(Enrolment.member_id == member_id)).one_or_none()
