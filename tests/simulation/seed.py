"""What the bot's database holds at first."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.domain.access import Caller
from bot.domain.checkins import midweek
from bot.domain.people import teams
from bot.domain.people.members import Profile
from bot.domain.plans import drafts
from bot.domain.shown.plans import GoalForm, NumbersForm
from bot.domain.shown.setup import Channel, ScheduleForm, TeamForm
from bot.domain.tables import Workspace
from bot.sandbox import workspace as sandbox
from tests.harbor import Rep, Seeded, seed_harbor
from tests.simulation.mix import Mix

KIM = "U0KIM"
"""Coaches the other team, and takes Dana's place at times."""

QUAY, QUAY_CHANNEL = "Quay", "C0QUAY"

AMOUNTS = {"conversations": 2, "base_moves": 1, "sales": 1000}


def seed_database(
    session: Session, mix: Mix, workspace: sandbox.Workspace, *, now: datetime
) -> Seeded:
    """One team of those of the mix's people who are reps at first, with Dana as its coach."""
    at_first = mix.reps_at_first()
    known = ["U0DANA", "U0MORGAN", "U0ALEX", *mix.people, *([KIM] if mix.hand_changes else [])]
    users = [workspace.users[who] for who in known]
    seeded = seed_harbor(
        session,
        people=[
            Profile(user.id, user.real_name, user.tz, "en-US", is_admin=user.is_admin)
            for user in users
        ],
        reps={who: Rep(AMOUNTS, is_there=who in at_first) for who in mix.people},
        targets_from=date(2026, 1, 5),
        schedule=_schedule(mix),
        now=now,
    )
    for who in sorted(at_first)[:2]:
        midweek.choose(session, caller=Caller(1, who), wanted=True, now=now)
    session.get_one(Workspace, 1).weekly_messages = mix.weekly_messages
    if mix.hand_changes:
        _seed_quay(session, mix, now=now)
        _seed_plan(session, at_first, now=now)
    return seeded


def _seed_quay(session: Session, mix: Mix, *, now: datetime) -> None:
    """A second team with the same schedule, which Kim coaches and which has no reps at first."""
    teams.save_team(
        session,
        workspace_id=1,
        team=None,
        form=TeamForm(
            name=QUAY,
            coach=KIM,
            second_coach=None,
            channel=QUAY_CHANNEL,
            schedule=_schedule(mix),
        ),
        channel=Channel(QUAY_CHANNEL, "coach-kim", is_private=True, is_member=True),
        public_confirmed=False,
        now=now,
    )


def _seed_plan(session: Session, reps: list[str], *, now: datetime) -> None:
    """The first rep has sent a plan, which waits for the coach."""
    if not reps:
        return
    caller = Caller(1, sorted(reps)[0])
    today = now.date()
    goal = GoalForm(
        period="dates",
        begins_on=today + timedelta(days=7),
        ends_on=today + timedelta(days=340),
        goal="600k",
    )
    step = drafts.save_goal(session, caller=caller, form=goal, now=now)
    numbers = NumbersForm(
        closed="0",
        average_sale="20,000",
        ratios={"first": "20", "second": "50", "third": "50", "home": "60"},
        working_weeks="46",
    )
    drafts.save_numbers(session, caller=caller, plan_id=step.plan_id, form=numbers, now=now)
    drafts.propose(session, caller=caller, plan_id=step.plan_id, pairs={}, now=now)


def _schedule(mix: Mix) -> ScheduleForm:
    return ScheduleForm(
        check_in_day=mix.check_in_day,
        check_in_at=mix.check_in_at,
        deadline_day=mix.deadline_day,
        deadline_at=mix.deadline_at,
    )
