"""Reads the data for the form of absences: whose it is, which days can be recorded, and what is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from bot.domain import access
from bot.domain.absences import recalculation
from bot.domain.access import Caller
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.open_weeks import today_of
from bot.domain.calendars.schedules import zone_of
from bot.domain.calendars.working_days import Recorded
from bot.domain.metrics.records import reader_of
from bot.domain.refusals import Refusal
from bot.domain.shown.absences import (
    AbsenceForm,
    AbsenceSaved,
    AbsenceShown,
    RepChoice,
    WeekShown,
)
from bot.domain.tables import Absence, CheckIn, Enrolment, Member, Team
from bot.rules.weeks import WEEK, monday_of, week_of

DAY = timedelta(days=1)

PLANNED_SHOWN = 10
WEEKS_SHOWN = 4
LONGEST_LOOK_BACK = 12
"""The largest number of weeks before this one that can still be open for days away."""


@dataclass(frozen=True)
class About:
    """The rep whose absence it is, and the person who records it."""

    by: Member
    rep: Member
    team: Team
    enrolment: Enrolment

    @property
    def own(self) -> bool:
        return self.by.id == self.rep.id


def about_whom(
    session: Session,
    caller: Caller,
    *,
    member_id: int | None = None,
    slack_user_id: str | None = None,
    lock: bool = False,
) -> About:
    """Return the rep and the person who records; raises Refusal unless that is the rep or a present coach.

    With the lock, this transaction and the tick run one after the other. So either the check-in exists and is
    updated, or the tick creates it with these days in it.
    """
    by = access.known_member(session, caller)
    if member_id is None and slack_user_id is None:
        rep = by
    else:
        found = session.exec(
            select(Member).where(
                Member.workspace_id == by.workspace_id,
                Member.id == member_id
                if member_id is not None
                else Member.slack_user_id == slack_user_id,
            )
        ).one_or_none()
        if found is None:
            raise Refusal(
                "That person is no rep of your teams: enrol them with /coach enrol first."
            )
        rep = found
    enrolment = access.enrolment_of(session, rep.id)
    if enrolment is None and rep.id == by.id:
        raise Refusal(access.NOT_ENROLLED)
    if enrolment is None:
        raise Refusal(f"{rep.name} is in no team: enrol them with /coach enrol first.")
    team = session.get_one(Team, enrolment.team_id)
    if rep.id != by.id and not access.coaches(session, by, team):
        access.deny(by, "record an absence for", "member", rep.id)
        raise Refusal(
            f"Only {rep.name} and the coaches of {team.name} can say when {rep.name} is away."
        )
    if lock:
        session.get_one(Enrolment, enrolment.id, with_for_update=True, populate_existing=True)
    return About(by=by, rep=rep, team=team, enrolment=enrolment)


def form(
    session: Session,
    *,
    caller: Caller,
    now: datetime,
    member_id: int | None = None,
    slack_user_id: str | None = None,
) -> AbsenceForm:
    """Return the form for the absences of the caller or of a rep whom they coach, with the planned ones."""
    about = about_whom(session, caller, member_id=member_id, slack_user_id=slack_user_id)
    return AbsenceForm(
        member_id=about.rep.id,
        rep=about.rep.slack_user_id,
        name=about.rep.name,
        own=about.own,
        first=today_of(about.rep, now),
        planned=planned(
            session, about.rep, now=now, since=first_day_to_record(session, about.rep, now)
        ),
        reader=reader_of(about.rep, about.team),
    )


def reps_to_choose(session: Session, *, caller: Caller) -> RepChoice:
    """Return the reps for whom the caller may record absences; raises Refusal for a caller who coaches nobody."""
    by = access.known_member(session, caller)
    teams = access.coached_teams(session, by)
    if not teams:
        access.deny(by, "record an absence for", "workspace", by.workspace_id)
        raise Refusal(
            "Only coaches record absences for others. To record your own, type /checkin away."
        )
    found = []
    for team in teams:
        if reps := access.reps_of(session, team):
            found.append((team.name, tuple((rep.id, rep.name) for rep in reps)))
    if not found:
        raise Refusal("There are no reps yet: enrol them first with /coach enrol.")
    return RepChoice(tuple(found))


def planned(
    session: Session, member: Member, *, now: datetime, since: date | None = None
) -> tuple[AbsenceShown, ...]:
    """Return the member's absences from `since` (default: today) on, the earliest first, at most ten."""
    today = today_of(member, now)
    found = calendars.recorded(session, [member.id], since or today)
    return shown_planned(found.get(member.id, ()), today)


def shown_planned(found: Sequence[Recorded], today: date) -> tuple[AbsenceShown, ...]:
    """Return a rep's absences for the views, at most ten."""
    return tuple(
        AbsenceShown(
            absence_id=absence.id,
            first=absence.first_day,
            last=absence.last_day,
            kind=absence.kind,
            recorded_by=absence.recorder if absence.recorded_by != absence.member_id else None,
            recorded_at=absence.recorded_at,
            running=absence.first_day < today <= absence.last_day,
        )
        for absence in found[:PLANNED_SHOWN]
    )


def first_day_to_record(session: Session, member: Member, now: datetime) -> date:
    """Return the first day that can still be recorded: a Monday, of this week or an earlier one.

    A past week can be marked while its check-in still takes late answers, or before its check-in has come.
    """
    week = this_week = week_of(now, zone_of(member))
    check_ins = {
        check_in.week: check_in
        for check_in in session.exec(
            select(CheckIn).where(
                CheckIn.member_id == member.id,
                CheckIn.week < this_week,
                CheckIn.week >= this_week - LONGEST_LOOK_BACK * WEEK,
            )
        )
    }
    while week > this_week - LONGEST_LOOK_BACK * WEEK:
        before = check_ins.get(week - WEEK)
        is_open = (
            week == this_week if before is None else recalculation.can_still_change(before, now)
        )
        if not is_open:
            break
        week -= WEEK
    return week


def recorded(session: Session, member: Member, *, since: date) -> Sequence[Absence]:
    """Return the absences with a day from `since` on that were not taken back; the earliest first."""
    return session.exec(
        select(Absence)
        .where(
            Absence.member_id == member.id,
            Absence.last_day >= since,
            col(Absence.taken_back_at).is_(None),
        )
        .order_by(col(Absence.first_day), col(Absence.id))
    ).all()


def shown(session: Session, absence: Absence, rep: Member, today: date) -> AbsenceShown:
    other = absence.recorded_by != rep.id
    return AbsenceShown(
        absence_id=absence.id,
        first=absence.first_day,
        last=absence.last_day,
        kind=absence.kind,
        recorded_by=session.get_one(Member, absence.recorded_by).slack_user_id if other else None,
        recorded_at=absence.recorded_at,
        running=absence.first_day < today <= absence.last_day,
    )


def together(found: Sequence[AbsenceSaved], *, notes: tuple[str, ...] = ()) -> AbsenceSaved:
    """Return the absences of one line as one answer; each was read after all of them were recorded."""
    weeks = {week.week: week for one in found for week in one.weeks}
    return replace(
        found[0],
        known=all(one.known for one in found),
        back_on=found[-1].back_on,
        weeks=tuple(weeks[week] for week in sorted(weeks))[:WEEKS_SHOWN],
        others=tuple(one.absence for one in found[1:]),
        notes=notes,
    )


def saved(
    session: Session,
    about: About,
    absence: Absence,
    *,
    now: datetime,
    taken_back: bool = False,
    known: bool = False,
) -> AbsenceSaved:
    rep, team = about.rep, about.team
    calendar = calendars.of_rep(session, rep.id, team, monday_of(absence.first_day))
    weeks: list[WeekShown] = []
    week = monday_of(absence.first_day)
    while week <= absence.last_day and len(weeks) < WEEKS_SHOWN:
        work, goals = calendars.goals(session, {rep.id: team}, week)[rep.id]
        touched = any(
            absence.first_day <= week + n * DAY <= absence.last_day for n in calendar.working_days
        )
        if touched:
            shrunk = tuple(
                (metric.name, metric.unit, goal.target, goal.full)
                for metric, goal in goals
                if goal.full is not None
            )
            weeks.append(WeekShown(week, work, shrunk))
        week += WEEK
    return AbsenceSaved(
        absence=shown(session, absence, rep, today_of(rep, now)),
        member_id=rep.id,
        rep=rep.slack_user_id,
        own=about.own,
        taken_back=taken_back or absence.taken_back_at is not None,
        known=known,
        back_on=(
            calendar.next_working_day(absence.last_day)
            if absence.last_day >= today_of(rep, now)
            else None
        ),
        weeks=tuple(weeks),
        reader=reader_of(rep, team),
    )
