"""What is read for an import of members: of people who are known, and not of others."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from sqlmodel import Session, select

from bot.database import Database
from bot.domain.imports.member_facts import Facts, read_facts
from bot.domain.imports.previews import ImportPreview
from bot.domain.people.enrolled import Enrolled
from bot.domain.tables import Metric
from tests.counting import counted
from tests.domain.imports.files import FRIDAY, MEMBERS, ONE_TEAM


def facts(database: Database, *users: str, lock: bool = False) -> Facts:
    def read(session: Session) -> Facts:
        return read_facts(session, workspace_id=1, slack_user_ids=users, lock=lock)

    return database.write_now(read) if lock else database.read_now(read)


def test_people_who_are_known_are_read_with_what_they_have(
    database: Database, teams: Callable[..., ImportPreview], members: Callable[..., ImportPreview]
) -> None:
    teams(ONE_TEAM)
    members(MEMBERS + "U0PRIYA,Harbor,,2026-11-02,,,20\nU0SAM,Harbor,,,,,\n")
    found = facts(database, "U0PRIYA", "U0NEW", "no id", lock=True)
    assert list(found.members) == ["U0PRIYA"]
    assert found.team_ids.keys() == {"harbor"}
    priya = found.members["U0PRIYA"]
    _, enrolled = found.enrolments[priya.id]
    assert isinstance(enrolled, Enrolled)
    assert (enrolled.team_id, enrolled.ended_on) == (found.team_ids["harbor"], None)
    built_in = found.built_in["conversations"].id
    assert found.targets.amount(priya.id, built_in, FRIDAY.date()) == Decimal(20)
    assert (found.asked, found.signed) == ({}, {})


def test_metrics_of_teams_are_told_from_those_that_all_have(
    database: Database, teams: Callable[..., ImportPreview]
) -> None:
    teams(ONE_TEAM)

    def add(session: Session) -> int:
        own = Metric(
            workspace_id=1,
            team_id=1,
            key="demos",
            name="Demos",
            unit="count",
            question="Did you?",
            source="hand",
            position=9,
        )
        session.add(own)
        archived = session.exec(select(Metric).where(Metric.key == "sales")).one()
        archived.archived_at = FRIDAY
        session.flush()
        return own.id

    demos = database.write_now(add)
    found = facts(database)
    assert found.own_metrics == {1: [demos]}
    assert found.built_in.keys() == {"conversations", "base_moves"}


def test_more_people_take_no_more_statements(
    database: Database, teams: Callable[..., ImportPreview], members: Callable[..., ImportPreview]
) -> None:
    teams(ONE_TEAM)
    users = ["U0PRIYA", "U0SAM", "U0NOZONE"]
    members(MEMBERS + "".join(f"{user},Harbor,,,,,20\n" for user in users))
    with counted(database) as few:
        facts(database, users[0])
    with counted(database) as many:
        facts(database, *users)
    assert len(many) == len(few)
