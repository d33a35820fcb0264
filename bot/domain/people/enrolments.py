"""Who is a rep of which team, and which check-in comes next for them.

An enrolment names one next week and the moment when it is due. A week keeps its name when the zone, the team
or the schedule changes; what is already overdue keeps its moment too. So nobody is asked twice about one week,
and no week that is owed gets lost.
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
    """What became of something that was to be as given."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def why_not_rep(name: str, inactive_because: str | None) -> str | None:
    """The sentence that refuses somebody as a rep; None for everybody who can be one."""
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
    """Make the member a rep of the team, as of today or `enrolled_on`, and plan the first check-in.

    Repeating it changes nothing, another team moves the rep, and somebody who had left comes back. Only the
    very first time is followed by a welcome. The caller has checked who is asking.
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
    """Put a rep who is enrolled, or was, into the team from that day on; what belongs to another team ends."""
    comes_back = enrolment.ended_on is not None
    if (enrolment.team_id, enrolment.enrolled_on, comes_back) == (team.id, begins, False):
        return Change.UNCHANGED
    surfaces.homes_changed(session, member=member, now=now)  # the old coach's too
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
    """The member is no rep any more and is asked nothing further; False if that is already so."""
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
    """Set the next check-in as the schedule, the zone and the member's state now have it.

    A check-in that is overdue keeps its moment. One whose moment has just moved into the past is asked in the
    next working hour. Nothing is planned for somebody who left or is deactivated, and for somebody who comes
    back the weeks in between are not asked.
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
    """`reschedule` after the member's zone or state changed; nothing for somebody who is no rep."""
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
    """`reschedule` for each rep after the team's schedule changed."""
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
    """What only the old team counts is not asked any more, from the current week on."""
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
    """The member's enrolment, ended or not."""
    return session.exec(select(Enrolment).where(Enrolment.member_id == member_id)).one_or_none()
