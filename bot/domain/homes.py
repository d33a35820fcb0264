"""App Home: reps see their own week and history, coaches their reps, admins the checklist, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session, col, select

from bot.domain.absences import forms as absence_forms
from bot.domain.access import Caller, coached_teams, enrolment_of, known_member
from bot.domain.calendars import days_off
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import zone_of
from bot.domain.metrics import metrics, records
from bot.domain.outbox import surfaces
from bot.domain.plans import on_home as plan_homes
from bot.domain.setup.checklist import checklist
from bot.domain.shown.absences import Goal
from bot.domain.shown.home import (
    CoachedRep,
    CoachHome,
    GoalShown,
    HomeShown,
    PlanInShort,
    RepHome,
)
from bot.domain.tables import (
    Alert,
    Answer,
    CheckIn,
    CheckInState,
    Enrolment,
    Member,
    Metric,
    Source,
    Team,
)
from bot.rules import weeks
from bot.rules.weeks import WEEK

HISTORY_WEEKS = 12
REPS_SHOWN = 12


def opened(session: Session, *, caller: Caller, now: datetime) -> None:
    """Have a Home that was opened rendered, and kept up to date from now on."""
    member = known_member(session, caller)
    member.home_opened_at = now
    session.flush()
    surfaces.home_changed(session, member=member, now=now)


def show(session: Session, *, member_id: int, now: datetime) -> HomeShown:
    """Return the member's Home in its current state."""
    member = session.get_one(Member, member_id)
    enrolment = enrolment_of(session, member.id)
    team = session.get_one(Team, enrolment.team_id) if enrolment else None
    coached = coached_teams(session, member)
    own = team or (coached[0] if coached else None)
    return HomeShown(
        name=member.name,
        reader=records.reader_of(member, own),
        rep=_rep(session, member, enrolment, team, now) if enrolment and team else None,
        coached=tuple(_coached(session, t, now) for t in coached),
        checklist=(
            checklist(session, workspace_id=member.workspace_id, now=now)
            if member.is_admin
            else None
        ),
    )


def _rep(
    session: Session, member: Member, enrolment: Enrolment, team: Team, now: datetime
) -> RepHome:
    this_week = weeks.week_of(now, zone_of(member))
    open_check_in = session.exec(
        select(CheckIn)
        .where(
            CheckIn.member_id == member.id,
            col(CheckIn.state).in_([CheckInState.OPEN, CheckInState.SCHEDULED]),
        )
        .order_by(col(CheckIn.week).desc())
        .limit(1)
    ).first()
    last_week = this_week - WEEK
    history = records.trend(session, member_id=member.id, last=last_week, weeks=HISTORY_WEEKS)
    second = session.get(Member, team.second_coach_id) if team.second_coach_id else None
    calendar = calendars.of_rep(session, member.id, team, this_week)
    coach = session.get_one(Member, team.coach_id)
    return RepHome(
        team=team.name,
        coach=coach.slack_user_id,
        coach_name=coach.name,
        second_coach=second.slack_user_id if second else None,
        coach_channel=team.coach_channel,
        week=this_week,
        goals=goals(session, {member.id: team}, this_week)[member.id],
        work=calendar.week(this_week) if calendar.week(this_week).off else None,
        away_until=calendar.away_until(now.astimezone(zone_of(member)).date()),
        planned=absence_forms.planned(session, member, now=now),
        by_hand=any(m.source == Source.HAND for m in metrics.metrics_for(session, team)),
        open_check_in=open_check_in.id if open_check_in else None,
        open_week=open_check_in.week if open_check_in else None,
        deadline_at=open_check_in.deadline_at if open_check_in else None,
        comes_at=_comes_at(open_check_in, now) if open_check_in else None,
        next_due_at=days_off.next_check_in(session, enrolment, member, team, now=now),
        history=history,
        streak=records.streak(session, member_id=member.id, last=last_week),
        plan=plan_homes.in_short(session, [member], now=now)[member.id],
    )


def _comes_at(check_in: CheckIn, now: datetime) -> datetime | None:
    waits = check_in.state == CheckInState.SCHEDULED and check_in.due_at > now
    return check_in.due_at if waits else None


def goals(
    session: Session, teams: Mapping[int, Team], week: date
) -> dict[int, tuple[GoalShown, ...]]:
    """Return each rep's targets for the week and logged numbers, by member id; `teams` names each rep's team."""
    wanted = {
        member_id: pairs for member_id, (_, pairs) in calendars.goals(session, teams, week).items()
    }
    found: dict[int, Metric] = {m.id: m for pairs in wanted.values() for m, _ in pairs}
    numbers = metrics.logged_numbers(session, list(wanted), [week], found.values())
    return {
        member_id: tuple(
            _goal(metric, goal, numbers.get((member_id, week, metric.id))) for metric, goal in pairs
        )
        for member_id, pairs in wanted.items()
    }


def _goal(metric: Metric, goal: Goal, logged: Decimal | None) -> GoalShown:
    return GoalShown(
        metric_id=metric.id,
        name=metric.name,
        unit=metric.unit,
        source=metric.source,
        logged=logged,
        target=goal.target,
        full_target=goal.full,
    )


def _coached(session: Session, team: Team, now: datetime) -> CoachHome:
    reps = session.exec(
        select(Member)
        .join(Enrolment, col(Enrolment.member_id) == col(Member.id))
        .where(Enrolment.team_id == team.id, col(Enrolment.ended_on).is_(None))
        .order_by(col(Member.name), col(Member.id))
    ).all()
    plans = plan_homes.in_short(session, reps[:REPS_SHOWN], now=now)
    return CoachHome(
        team_id=team.id,
        team=team.name,
        coach_channel=team.coach_channel,
        channel_problem=team.channel_problem if team.coach_channel else "no_channel",
        currency=team.currency,
        reps=tuple(
            _coached_rep(session, rep, team, plans[rep.id], now) for rep in reps[:REPS_SHOWN]
        ),
        more=max(len(reps) - REPS_SHOWN, 0),
    )


def _coached_rep(
    session: Session, rep: Member, team: Team, plan: PlanInShort, now: datetime
) -> CoachedRep:
    this_week = weeks.week_of(now, zone_of(rep))
    last = session.exec(
        select(CheckIn)
        .where(CheckIn.member_id == rep.id, CheckIn.week >= this_week - timedelta(weeks=2))
        .order_by(col(CheckIn.week).desc())
        .limit(1)
    ).first()
    alert = (
        session.exec(select(Alert).where(Alert.check_in_id == last.id)).one_or_none()
        if last
        else None
    )
    answers = (
        session.exec(select(Answer).where(Answer.check_in_id == last.id)).all() if last else []
    )
    calendar = calendars.of_rep(session, rep.id, team, this_week)
    return CoachedRep(
        slack_user_id=rep.slack_user_id,
        name=rep.name,
        goals=goals(session, {rep.id: team}, this_week)[rep.id],
        away_until=calendar.away_until(now.astimezone(zone_of(rep)).date()),
        marked_late=calendars.marked_late(session, last, rep) if last else None,
        last_result=records.result_of(last, answers) if last else "none",
        not_asked_because=last.skipped_because if last else None,
        alert=_alert_state(alert) if alert else None,
        plan=plan,
    )


def _alert_state(alert: Alert) -> str:
    if alert.done_at is not None:
        return "done"
    return "taken" if alert.taken_at is not None else "waiting"
