"""Harbor Supply's team as the tests begin with it: Dana coaches, Morgan stands in, and there are reps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session, select

from bot.domain.metrics import targets
from bot.domain.people import enrolments, members, teams
from bot.domain.people.members import Profile
from bot.domain.setup import workspaces
from bot.domain.shown.setup import Channel, ScheduleForm, TeamForm
from bot.domain.tables import Metric
from bot.rules.weeks import monday_of
from bot.sandbox.records import BOT_USER_ID

COACH_CHANNEL = "C0COACH"


@dataclass(frozen=True)
class Rep:
    """What one person is to reach each week, and whether and since when they are in the team."""

    amounts: Mapping[str, int]
    """By the metric's key."""
    enrolled_on: date | None = None
    """None: this week's Monday."""
    is_there: bool = True


class Seeded(NamedTuple):
    """The ids of what was put there."""

    members: Mapping[str, int]
    """By Slack id."""
    team_id: int


def seed_harbor(
    session: Session,
    *,
    people: Iterable[Profile],
    reps: Mapping[str, Rep],
    targets_from: date,
    schedule: ScheduleForm | None = None,
    now: datetime,
) -> Seeded:
    """The workspace, its people, and one team of the reps, by their Slack ids."""
    workspace_id = workspaces.install(
        session, slack_team_id="T0HARBOR", name="Harbor", bot_user_id=BOT_USER_ID, now=now
    )
    ids = {
        profile.slack_user_id: members.apply_profile(
            session, workspace_id=workspace_id, profile=profile, now=now
        )
        for profile in people
    }
    team, _ = teams.save_team(
        session,
        workspace_id=workspace_id,
        team=None,
        form=TeamForm(
            name="Harbor Sales",
            coach="U0DANA",
            second_coach="U0MORGAN",
            channel=COACH_CHANNEL,
            schedule=schedule,
        ),
        channel=Channel(COACH_CHANNEL, "coach-dana", is_private=True, is_member=True),
        public_confirmed=False,
        now=now,
    )
    for who, rep in reps.items():
        if rep.is_there:
            enrolments.enrol(
                session,
                workspace_id=workspace_id,
                member_id=ids[who],
                team_id=team.id,
                enrolled_on=rep.enrolled_on or monday_of(now.date()),
                now=now,
            )
        for metric in session.exec(select(Metric)):
            targets.set_target(
                session,
                workspace_id=workspace_id,
                member_id=ids[who],
                metric_id=metric.id,
                from_week=targets_from,
                amount=Decimal(rep.amounts[metric.key]),
                set_by=ids["U0DANA"],
                now=now,
            )
    return Seeded(ids, team.id)
