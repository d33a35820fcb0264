"""A workspace of five people, and the steps with which the tests enrol them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from sqlmodel import Session, select

from bot.domain.metrics.metrics import add_built_in_metrics
from bot.domain.people import enrolments
from bot.domain.people.members import Profile, apply_profile
from bot.domain.tables import Enrolment, Member, Team, Workspace

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MONDAY_NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
THIS_WEEK = date(2026, 11, 16)


def make_workspace(session: Session) -> int:
    """A workspace with an admin UA, coaches UC and UD, and people U1, U2; its id."""
    workspace = Workspace(slack_team_id="T1", name="Harbor", bot_user_id="UB", created_at=FRIDAY)
    session.add(workspace)
    session.flush()
    add_built_in_metrics(session, workspace.id)
    for slack_user_id, name in (
        ("UA", "Alex"), ("UC", "Dana"), ("UD", "Drew"), ("U1", "Priya"), ("U2", "Sam"),
    ):  # fmt: skip
        apply_profile(
            session,
            workspace_id=workspace.id,
            profile=Profile(slack_user_id, name, "Europe/London", is_admin=name == "Alex"),
            now=FRIDAY,
        )
    return workspace.id


def member(session: Session, slack_user_id: str) -> Member:
    return session.exec(select(Member).where(Member.slack_user_id == slack_user_id)).one()


def add_team(session: Session, coach: str, *, name: str = "Harbor", day: int = 0) -> int:
    by = member(session, coach)
    team = Team(
        workspace_id=by.workspace_id,
        name=name,
        name_key=name.casefold(),
        coach_id=by.id,
        check_in_day=day,
        check_in_at=time(9),
        deadline_day=(day + 1) % 7,
        deadline_at=time(17),
        working_from=time(8),
        working_until=time(20),
        created_at=FRIDAY,
    )
    session.add(team)
    session.flush()
    return team.id


def enrol(
    session: Session,
    team_id: int,
    *,
    slack_user_id: str = "U1",
    on: date | None = None,
    now: datetime = FRIDAY,
) -> tuple[str, Enrolment]:
    rep = member(session, slack_user_id)
    change = enrolments.enrol(
        session,
        workspace_id=rep.workspace_id,
        member_id=rep.id,
        team_id=team_id,
        enrolled_on=on,
        now=now,
    )
    return change, session.exec(select(Enrolment).where(Enrolment.member_id == rep.id)).one()
