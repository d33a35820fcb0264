"""Changing the targets of many reps at once: what changes is decided in memory, and written by few statements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlmodel import Session, select

from bot.database import Database
from bot.domain.metrics.target_changes import read_targets
from bot.domain.tables import Member, Metric, Target
from bot.rules.weeks import WEEK
from tests.counting import counted
from tests.domain.planning import FRIDAY, NEXT_MONDAY, Office

THIS_WEEK = date(2026, 11, 16)
TWENTY, THIRTY = Decimal(20), Decimal(30)


def ids(session: Session) -> tuple[dict[str, int], int]:
    """The members' ids by Slack id, and the id of the metric Conversations."""
    members = {member.slack_user_id: member.id for member in session.exec(select(Member))}
    metric = session.exec(select(Metric).where(Metric.key == "conversations")).one()
    return members, metric.id


def test_what_would_change_is_known_before_it_is_saved(office: Office) -> None:
    def change(session: Session) -> None:
        members, metric_id = ids(session)
        priya, sam = members["U1"], members["U2"]
        changes = read_targets(session, [priya, sam])
        assert not changes.had_any(priya)
        assert changes.differs(priya, {metric_id: TWENTY}, THIS_WEEK)
        assert changes.save(priya, {metric_id: TWENTY}, THIS_WEEK)
        assert not changes.differs(priya, {metric_id: TWENTY}, NEXT_MONDAY)
        assert not changes.save(priya, {metric_id: TWENTY}, NEXT_MONDAY)
        assert changes.amount(priya, metric_id, THIS_WEEK - WEEK) is None
        assert changes.amount(priya, metric_id, NEXT_MONDAY) == TWENTY
        assert changes.amount(sam, metric_id, NEXT_MONDAY) is None
        assert changes.write(session, workspace_id=office.workspace_id, set_by=None, now=FRIDAY)
        # What was written is written once.
        assert not changes.write(session, workspace_id=office.workspace_id, set_by=None, now=FRIDAY)

    office.database.write_now(change)
    assert office.targets(THIS_WEEK) == {"conversations": TWENTY}
    assert (office.targets(THIS_WEEK, "U2"), office.count(Target)) == ({}, 1)


def test_a_later_week_differs_too(office: Office) -> None:
    def change(session: Session) -> None:
        members, metric_id = ids(session)
        changes = read_targets(session, [members["U1"]])
        changes.save(members["U1"], {metric_id: THIRTY}, NEXT_MONDAY)
        changes.save(members["U1"], {metric_id: TWENTY}, THIS_WEEK)
        changes.write(session, workspace_id=office.workspace_id, set_by=None, now=FRIDAY)

    def look(session: Session) -> None:
        members, metric_id = ids(session)
        stored = read_targets(session, [members["U1"]])
        assert stored.had_any(members["U1"])
        assert stored.amount(members["U1"], metric_id, NEXT_MONDAY) == TWENTY
        assert stored.differs(members["U1"], {metric_id: THIRTY}, THIS_WEEK)
        assert not stored.differs(members["U1"], {metric_id: TWENTY}, THIS_WEEK)

    office.database.write_now(change)
    office.database.read_now(look)


def test_more_reps_and_weeks_take_no_more_statements(database: Database) -> None:
    office = Office(database)

    def change(session: Session, *, users: list[str], weeks: int, amount: int) -> None:
        members, metric_id = ids(session)
        changes = read_targets(session, [members[user] for user in users])
        for user in users:
            for number in range(weeks):
                wanted = {metric_id: Decimal(amount + number)}
                changes.save(members[user], wanted, THIS_WEEK + number * WEEK)
        changes.write(session, workspace_id=office.workspace_id, set_by=None, now=FRIDAY)

    with counted(database) as few:
        database.write_now(change, users=["U1"], weeks=1, amount=10)
    with counted(database) as many:
        database.write_now(change, users=["U1", "U2", "U3"], weeks=9, amount=20)
    assert len(many) <= len(few)
