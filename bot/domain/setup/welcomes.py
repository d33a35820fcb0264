"""The first message to a newly enrolled rep."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.domain.calendars.schedules import zone_of
from bot.domain.metrics import records, targets
from bot.domain.shown.welcome import WelcomeShown
from bot.domain.tables import Enrolment, Member, Team
from bot.rules import weeks


def show(session: Session, enrolment_id: int, *, now: datetime) -> WelcomeShown:
    """Return the welcome's data in its current state."""
    enrolment = session.get_one(Enrolment, enrolment_id)
    member = session.get_one(Member, enrolment.member_id)
    team = session.get_one(Team, enrolment.team_id)
    week = weeks.week_of(now, zone_of(member))
    wanted = targets.in_force(session, [member.id], week).get(member.id, [])
    return WelcomeShown(
        name=member.name,
        team=team.name,
        coach=session.get_one(Member, team.coach_id).slack_user_id,
        first_due_at=enrolment.next_due_at,
        targets=tuple((metric.name, metric.unit, amount) for metric, amount in wanted),
        reader=records.reader_of(member, team),
    )
