"""The demo: Harbor Supply's sales team, with a history for the sandbox's first Monday.

The same use cases that people use write everything, with earlier dates: more than half a year of conversations,
twelve weeks of check-ins with their answers, alerts that were acted on, and this week so far.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.demo import plans
from bot.demo.history import past_conversations
from bot.demo.past import past_week
from bot.demo.people import ALEX, DANA, LONDON, MORGAN, REPS
from bot.demo.this_week import log_this_week
from bot.domain.calendars.schedules import schedule_of
from bot.domain.imports import history as imports_history
from bot.domain.imports.csv_files import Row, Table
from bot.domain.imports.rows import Known
from bot.domain.metrics import targets
from bot.domain.people import enrolments, members, teams
from bot.domain.people.members import Profile
from bot.domain.setup import workspaces
from bot.domain.shown.setup import Channel, TeamForm
from bot.domain.tables import Enrolment, Member, Metric, OutboxItem, Source
from bot.rules.weeks import WEEK, due_at, monday_of

WEEKS = 12


def friday_afternoon(now: datetime) -> datetime:
    """Return the sandbox's first moment: the latest Friday, 15:30 in London, that is not in the future."""
    zone = ZoneInfo(LONDON)
    local = now.astimezone(zone)
    friday = local.date() - timedelta(days=(local.weekday() - 4) % 7)
    moment = datetime.combine(friday, time(15, 30), tzinfo=zone)
    return moment if moment <= now else moment - WEEK


def seed(session: Session, *, now: datetime) -> bool:
    """Fill an empty database with the demo; return False, and change nothing, if there are teams already."""
    workspace_id = workspaces.install(
        session,
        slack_team_id="T0HARBOR",
        name="Harbor Supply Co.",
        bot_user_id="U0BASECOACH",
        now=now,
    )
    if session.exec(select(Enrolment.id).limit(1)).first() is not None:
        return False
    this_week = monday_of(now.astimezone(ZoneInfo(LONDON)).date())
    began = this_week - WEEKS * WEEK
    ids = _people(session, workspace_id, now)
    team_id = _team(session, workspace_id, this_week, now)
    metrics = _metrics(session, workspace_id, team_id)
    for rep in REPS:
        member_id = ids[rep.slack_user_id]
        enrolments.enrol(
            session,
            workspace_id=workspace_id,
            member_id=member_id,
            team_id=team_id,
            enrolled_on=began,
            now=now,
        )
        for metric, amount in zip(metrics, rep.goals, strict=True):
            targets.set_target(
                session,
                workspace_id=workspace_id,
                member_id=member_id,
                metric_id=metric.id,
                from_week=began,
                amount=Decimal(amount),
                set_by=ids[DANA],
                now=now,
            )
    _import_history(session, workspace_id, this_week, now)
    plans.sign_mayas(session, workspace_id=workspace_id, this_week=this_week, now=now)
    for rep in REPS:
        for number, numbers in enumerate(rep.history):
            past_week(
                session,
                member=session.get_one(Member, ids[rep.slack_user_id]),
                coach_id=ids[DANA],
                team_id=team_id,
                week=began + number * WEEK,
                metrics=metrics,
                goals=rep.goals,
                numbers=numbers,
                step=rep.step if number == WEEKS - 1 else None,
            )
        log_this_week(session, workspace_id, rep, this_week, now)
    # Events before the demo's first moment need no messages any more.
    for item in session.exec(select(OutboxItem).where(col(OutboxItem.surface) != "welcome")):
        item.due_at = None
    plans.propose_sams(session, workspace_id=workspace_id, now=now)
    return True


def _import_history(session: Session, workspace_id: int, this_week: date, now: datetime) -> None:
    """Import the conversations of the past weeks, as `basecoach import history` would."""
    lines = [
        line.cells(rep.slack_user_id)
        for rep in REPS
        for line in past_conversations(rep, this_week=this_week)
    ]
    imports_history.apply_history(
        session,
        workspace_id=workspace_id,
        table=Table(tuple(Row(number, cells) for number, cells in enumerate(lines)), ()),
        known=Known(),
        skip_bad=False,
        now=now,
    )


def _people(session: Session, workspace_id: int, now: datetime) -> dict[str, int]:
    people = [
        Profile(DANA, "Dana Whitfield", timezone=LONDON, locale="en-US"),
        Profile(ALEX, "Alex Chen", timezone=LONDON, locale="en-US", is_admin=True),
        Profile(MORGAN, "Morgan Blake", timezone=LONDON, locale="en-US"),
        *(Profile(r.slack_user_id, r.name, timezone=r.timezone, locale="en-US") for r in REPS),
    ]
    return {
        profile.slack_user_id: members.apply_profile(
            session, workspace_id=workspace_id, profile=profile, now=now
        )
        for profile in people
    }


def _team(session: Session, workspace_id: int, this_week: date, now: datetime) -> int:
    team, _ = teams.save_team(
        session,
        workspace_id=workspace_id,
        team=None,
        form=TeamForm(name="Harbor Sales", coach=DANA, second_coach=MORGAN, channel="C0COACH"),
        channel=Channel("C0COACH", "coach-dana", is_private=True, is_member=True),
        public_confirmed=False,
        now=now,
    )
    # Last week's brief is read and done with; the next one comes after Monday's check-in.
    team.brief_look_at = due_at(this_week, schedule_of(team), ZoneInfo(LONDON))
    return team.id


def _metrics(session: Session, workspace_id: int, team_id: int) -> list[Metric]:
    """Return the three built-in metrics in the order of the funnel, and one metric of the team's own."""
    referrals = Metric(
        workspace_id=workspace_id,
        team_id=team_id,
        key="referrals",
        name="Referrals asked for",
        unit="count",
        question="Did you ask for enough referrals?",
        source=Source.ASKED,
        position=10,
    )
    session.add(referrals)
    session.flush()
    built_in = session.exec(
        select(Metric).where(col(Metric.team_id).is_(None)).order_by(col(Metric.position))
    ).all()
    return [*built_in, referrals]
