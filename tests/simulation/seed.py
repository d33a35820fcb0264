"""What the bot's database holds at first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session, select

from bot.domain import enrolments, members, targets, teams, workspaces
from bot.domain.members import Profile
from bot.domain.shown.setup import Channel as ShownChannel
from bot.domain.shown.setup import ScheduleForm, TeamForm
from bot.domain.tables import Metric
from bot.sandbox.records import BOT_USER_ID
from bot.sandbox.workspace import Workspace
from tests.simulation.mix import Mix

COACH_CHANNEL = "C0COACH"


class Seeded(NamedTuple):
    """The ids of what was put there."""

    members: Mapping[str, int]
    """By Slack id."""
    team_id: int


def seed_database(session: Session, mix: Mix, workspace: Workspace, *, now: datetime) -> Seeded:
    """One team of those of the mix's people who are reps at first, with Dana as its coach."""
    workspace_id = workspaces.install(
        session, slack_team_id="T0HARBOR", name="Harbor", bot_user_id=BOT_USER_ID, now=now
    )
    ids = {}
    for who in ("U0DANA", "U0MORGAN", "U0ALEX", *mix.people):
        user = workspace.users[who]
        profile = Profile(who, user.real_name, user.tz, "en-US", is_admin=user.is_admin)
        ids[who] = members.apply_profile(
            session, workspace_id=workspace_id, profile=profile, now=now
        )
    team, _ = teams.save_team(
        session,
        workspace_id=workspace_id,
        team=None,
        form=TeamForm(
            name="Harbor Sales",
            coach="U0DANA",
            second_coach="U0MORGAN",
            channel=COACH_CHANNEL,
            schedule=ScheduleForm(
                check_in_day=mix.check_in_day,
                check_in_at=mix.check_in_at,
                deadline_day=mix.deadline_day,
                deadline_at=mix.deadline_at,
            ),
        ),
        channel=ShownChannel(COACH_CHANNEL, "coach-dana", is_private=True, is_member=True),
        public_confirmed=False,
        now=now,
    )
    for who in mix.people:
        if who in mix.reps_at_first():
            enrolments.enrol(
                session,
                workspace_id=workspace_id,
                member_id=ids[who],
                team_id=team.id,
                enrolled_on=None,
                now=now,
            )
        wanted = {"conversations": 2, "base_moves": 1, "sales": 1000}
        for metric in session.exec(select(Metric)):
            targets.set_target(
                session,
                workspace_id=workspace_id,
                member_id=ids[who],
                metric_id=metric.id,
                from_week=date(2026, 1, 5),
                amount=Decimal(wanted[metric.key]),
                set_by=ids["U0DANA"],
                now=now,
            )
    return Seeded(ids, team.id)
