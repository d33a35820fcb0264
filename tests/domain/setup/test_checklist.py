"""The set-up checklist."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, select

from bot.database import Database
from bot.domain.metrics import targets
from bot.domain.people import enrolments
from bot.domain.people.members import Profile, apply_profile
from bot.domain.setup import checklist
from bot.domain.tables import Metric, Team
from tests.domain.enrolling import FRIDAY, THIS_WEEK, add_team, enrol, member
from tests.domain.outbox.outbox_rows import OutboxRows
from tests.domain.setting_up import Setup


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


def kinds(database: Database, workspace_id: int, now: datetime = FRIDAY) -> dict[str, str]:
    """What is missing, each kind with its (last) sentence."""
    found = database.read_now(checklist.checklist, workspace_id=workspace_id, now=now)
    return {item.kind: item.text for item in found.missing}


def test_reps_without_targets_are_named_up_to_three(database: Database, workspace_id: int) -> None:
    team_id = database.write_now(add_team, "UC")
    for user in ("U2", "U1", "UA", "UD"):
        database.write_now(enrol, team_id, slack_user_id=user)
    said = kinds(database, workspace_id)["no_targets"]
    assert said == (
        "Alex, Drew, Priya and 1 more have no targets and will not be asked anything. Set them."
    )

    def leave(session: Session) -> None:
        for user in ("UA", "UD"):
            enrolments.end(session, member=member(session, user), now=FRIDAY)
        member(session, "U2").inactive_because = "deactivated"

    database.write_now(leave)
    said = kinds(database, workspace_id)["no_targets"]
    assert said == "Priya has no targets and will not be asked anything. Set them."


def test_targets_have_to_count_in_the_week_that_is_asked_about(
    database: Database, workspace_id: int
) -> None:
    team_id = database.write_now(add_team, "UC")
    database.write_now(enrol, team_id, on=date(2026, 12, 16))

    def target(session: Session) -> None:
        targets.set_target(
            session,
            workspace_id=workspace_id,
            member_id=member(session, "U1").id,
            metric_id=session.exec(select(Metric.id).order_by(Metric.position)).first() or 0,
            from_week=date(2026, 12, 14),
            amount=Decimal(20),
            set_by=None,
            now=FRIDAY,
        )

    database.write_now(target)
    assert "no_targets" not in kinds(database, workspace_id)


def test_another_workspaces_teams_are_not_counted(database: Database, workspace_id: int) -> None:
    database.write_now(add_team, "UC")
    elsewhere = Setup(database, team="T2").workspace_id
    found = database.read_now(checklist.checklist, workspace_id=elsewhere, now=FRIDAY)
    assert (found.teams, found.reps) == (0, 0)


def test_what_was_given_up_is_named_with_its_reason_and_what_to_do(database: Database) -> None:
    rows = OutboxRows(database)
    lost = {"lane": "post", "due_at": None, "failed_reason": "missing_scope"}
    for subject, surface in ((1, "check_in"), (2, "check_in"), (3, "alert")):
        rows.add(subject, surface=surface, **lost)
    rows.add(4, surface="reminder", **{**lost, "failed_reason": "too late"})
    found = database.read_now(checklist.checklist, workspace_id=rows.workspace_id, now=FRIDAY)
    assert [item.text for item in found.missing if item.kind == "given_up"] == [
        "Not delivered (Slack says missing_scope): 1 alert and 2 check-ins. Install the app again "
        "with what `basecoach manifest` prints, and approve all its scopes.",
        "Not delivered (Basecoach or Slack was down until it was too late): 1 reminder. Keep "
        "`basecoach run` at work; its health check tells when it is not.",
    ]
