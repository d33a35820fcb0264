"""The set-up checklist."""

from __future__ import annotations

from decimal import Decimal

from sqlmodel import Session, select

from bot.database import Database
from bot.domain.metrics import targets
from bot.domain.people.members import Profile, apply_profile
from bot.domain.setup import checklist
from bot.domain.tables import Metric, Team
from tests.domain.enrolling import FRIDAY, THIS_WEEK, add_team, enrol, member


def test_the_checklist_names_what_is_missing_until_nothing_is(
    database: Database, workspace_id: int
) -> None:
    def kinds() -> list[str]:
        found = database.read_now(checklist.checklist, workspace_id=workspace_id, now=FRIDAY)
        return [item.kind for item in found.missing]

    assert kinds() == ["no_team"]
    team_id = database.write_now(add_team, "UC")
    assert kinds() == ["no_channel", "no_reps"]
    database.write_now(enrol, team_id)
    assert kinds() == ["no_channel", "no_targets"]

    def mend(session: Session) -> None:
        session.get_one(Team, team_id).coach_channel = "C1"
        rep = member(session, "U1")
        targets.set_target(
            session,
            workspace_id=workspace_id,
            member_id=rep.id,
            metric_id=session.exec(select(Metric.id).order_by(Metric.position)).first() or 0,
            from_week=THIS_WEEK,
            amount=Decimal(20),
            set_by=None,
            now=FRIDAY,
        )

    database.write_now(mend)
    assert kinds() == []

    def worsen(session: Session) -> None:
        session.get_one(Team, team_id).channel_problem = "is_archived"
        member(session, "U1").timezone_missing = True
        member(session, "UC").inactive_because = "deactivated"

    database.write_now(worsen)
    assert kinds() == ["inactive_coach", "channel_problem", "no_zone"]
    gone = Profile("U1", "Priya", "UTC", deleted=True)
    database.write_now(apply_profile, workspace_id=workspace_id, profile=gone, now=FRIDAY)
    assert kinds() == ["inactive_coach", "channel_problem", "inactive_reps"]
