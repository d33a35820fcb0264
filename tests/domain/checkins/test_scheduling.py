"""A batch of check-ins that fall due together: what becomes of each rep's week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, col, select

from bot.database import Database
from bot.domain import ticks
from bot.domain.checkins import scheduling
from bot.domain.coaching import briefs
from bot.domain.metrics import targets
from bot.domain.outbox import outbox
from bot.domain.people import enrolments, members, teams
from bot.domain.people.members import Profile
from bot.domain.setup import workspaces
from bot.domain.shown.setup import TeamForm
from bot.domain.tables import Answer, CheckIn, Enrolment, Member, Metric, OutboxItem

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)
WEEK = date(2026, 11, 16)


@pytest.fixture(autouse=True)
async def team(database: Database) -> None:
    """Ana and Ben are asked, Cem has no targets, Dee has left Slack, Eva is in New York."""
    await database.write(_team)


def _team(session: Session) -> None:
    workspace_id = workspaces.install(
        session, slack_team_id="T1", name="Harbor", bot_user_id="U0BOT", now=FRIDAY
    )
    zones = {"Ana": "Europe/London", "Ben": "Europe/London", "Cem": "Europe/London"}
    zones |= {"Dee": "Europe/London", "Eva": "America/New_York"}
    ids = {
        name: members.apply_profile(
            session,
            workspace_id=workspace_id,
            profile=Profile(f"U{name.upper()}", name, timezone=zone),
            now=FRIDAY,
        )
        for name, zone in zones.items()
    }
    team, _ = teams.save_team(
        session,
        workspace_id=workspace_id,
        team=None,
        form=TeamForm(name="Harbor Sales", coach="UANA"),
        channel=None,
        public_confirmed=False,
        now=FRIDAY,
    )
    asked = session.exec(select(Metric).order_by(col(Metric.position))).all()
    for name, member_id in ids.items():
        enrolments.enrol(
            session,
            workspace_id=workspace_id,
            member_id=member_id,
            team_id=team.id,
            enrolled_on=date(2026, 9, 1),
            now=FRIDAY,
        )
        for number, metric in enumerate(asked if name != "Cem" else ()):
            targets.set_target(
                session,
                workspace_id=workspace_id,
                member_id=member_id,
                metric_id=metric.id,
                from_week=date(2026, 8, 31),
                amount=Decimal(10 + number),
                set_by=None,
                now=FRIDAY,
            )
    session.get_one(Member, ids["Dee"]).inactive_because = "deactivated"


def _states(session: Session) -> dict[str, tuple[str, str | None]]:
    found = session.exec(select(CheckIn, Member).where(CheckIn.member_id == Member.id))
    return {member.name: (check_in.state, check_in.skipped_because) for check_in, member in found}


async def test_each_rep_who_is_due_gets_what_is_due_to_them(database: Database) -> None:
    assert await database.write(scheduling.schedule_due, now=MONDAY) == 4
    assert await database.write(scheduling.schedule_due, now=MONDAY) == 0
    assert await database.read(_states) == {
        "Ana": ("scheduled", None),
        "Ben": ("scheduled", None),
        "Cem": ("skipped", "no_targets"),
    }

    def rows(session: Session) -> None:
        for check_in in session.exec(select(CheckIn).where(CheckIn.state == "scheduled")):
            assert (check_in.week, check_in.due_at) == (WEEK, MONDAY.replace(second=0))
            questions = session.exec(
                select(Answer.target, Answer.position)
                .where(Answer.check_in_id == check_in.id)
                .order_by(col(Answer.position))
            ).all()
            assert list(questions) == [(Decimal(10 + n), n) for n in range(3)]
            item = session.exec(
                select(OutboxItem).where(
                    OutboxItem.surface == outbox.CHECK_IN, OutboxItem.subject_id == check_in.id
                )
            ).one()
            assert (item.lane, item.desired_version, item.rendered_version, item.due_at) == (
                "post",
                1,
                0,
                MONDAY,
            )
        planned = {
            member.name: enrolment.next_due_at
            for enrolment, member in session.exec(
                select(Enrolment, Member).where(Enrolment.member_id == Member.id)
            )
        }
        following = MONDAY.replace(second=0) + timedelta(days=7)
        assert planned["Ana"] == planned["Cem"] == following
        assert planned["Dee"] is None
        assert planned["Eva"] == MONDAY.replace(second=0) + timedelta(hours=5)

    await database.read(rows)


async def test_what_comes_too_late_is_skipped_and_the_week_after_is_asked(
    database: Database,
) -> None:
    much_later = MONDAY + timedelta(days=8)
    await database.write_batches(scheduling.schedule_due, now=much_later)

    def of_ana(session: Session) -> list[tuple[str, str | None]]:
        found = session.exec(
            select(CheckIn)
            .join(Member, col(Member.id) == col(CheckIn.member_id))
            .where(Member.name == "Ana")
            .order_by(col(CheckIn.week))
        )
        return [(check_in.state, check_in.skipped_because) for check_in in found]

    assert await database.read(of_ana) == [("skipped", "not_sent"), ("scheduled", None)]


async def test_a_beat_looks_only_where_something_is_due(database: Database) -> None:
    await database.write(briefs.begin_due, now=MONDAY - timedelta(minutes=1))
    assert await database.read(ticks.due, now=MONDAY - timedelta(minutes=1)) == []
    assert await database.read(ticks.due, now=MONDAY) == [
        scheduling.schedule_due,
        briefs.begin_due,
    ]
    for step in (scheduling.schedule_due, briefs.begin_due):
        await database.write(step, now=MONDAY)
    assert await database.read(ticks.due, now=MONDAY) == []
