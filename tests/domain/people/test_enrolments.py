"""Who is a rep of which team, and which check-in comes next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.metrics import targets
from bot.domain.outbox import outbox
from bot.domain.people import enrolments
from bot.domain.refusals import Refusal
from bot.domain.tables import CheckIn, Enrolment, Metric, OutboxItem, Team
from tests.domain.enrolling import FRIDAY, MONDAY_NINE, THIS_WEEK, add_team, enrol, member
from tests.domain.marked import marked, open_homes


def welcomes(session: Session) -> list[int]:
    return list(
        session.exec(select(OutboxItem.desired_version).where(OutboxItem.surface == outbox.WELCOME))
    )


def asked(session: Session, week: date) -> None:
    enrolment = session.exec(select(Enrolment)).one()
    session.add(
        CheckIn(
            workspace_id=enrolment.workspace_id,
            member_id=enrolment.member_id,
            team_id=enrolment.team_id,
            week=week,
            state="open",
            due_at=FRIDAY,
        )
    )


def test_the_first_check_in_is_about_the_week_of_enrolment(
    database: Database, workspace_id: int
) -> None:
    team_id = database.write_now(add_team, "UC")
    wednesday = FRIDAY - timedelta(days=2)
    change, enrolment = database.write_now(enrol, team_id, now=wednesday)
    assert change == "created"
    assert enrolment.enrolled_on == date(2026, 11, 18)
    assert (enrolment.next_week, enrolment.next_due_at) == (THIS_WEEK, MONDAY_NINE)


def test_a_week_before_the_enrolment_is_never_asked(database: Database, workspace_id: int) -> None:
    team_id = database.write_now(add_team, "UC")
    before_nine = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # last week's check-in is still to come
    _, enrolment = database.write_now(enrol, team_id, now=before_nine)
    assert enrolment.next_week == date(2026, 11, 23)
    assert enrolment.next_due_at == MONDAY_NINE + timedelta(days=7)


def test_enrolling_for_a_later_day_plans_for_then(database: Database, workspace_id: int) -> None:
    team_id = database.write_now(add_team, "UC")
    _, enrolment = database.write_now(enrol, team_id, on=date(2026, 12, 16))
    assert enrolment.next_week == date(2026, 12, 14)
    assert enrolment.next_due_at == datetime(2026, 12, 21, 9, 0, tzinfo=UTC)
    # Corrected to an earlier day it comes forward again.
    change, enrolment = database.write_now(enrol, team_id, on=date(2026, 11, 2))
    assert change == "updated"
    assert (enrolment.next_week, enrolment.next_due_at) == (THIS_WEEK, MONDAY_NINE)


@pytest.mark.parametrize("on", [date(1999, 12, 31), date(2028, 1, 1)])
def test_a_day_out_of_reason_is_refused(database: Database, workspace_id: int, on: date) -> None:
    team_id = database.write_now(add_team, "UC")
    with pytest.raises(Refusal, match="is no day to begin on"):
        database.write_now(enrol, team_id, on=on)


def test_repeating_changes_nothing_and_welcomes_once(database: Database, workspace_id: int) -> None:
    team_id = database.write_now(add_team, "UC")
    database.write_now(enrol, team_id)
    change, _ = database.write_now(enrol, team_id)
    assert change == "unchanged"
    assert database.read_now(welcomes) == [1]


def test_leaving_ends_the_planning_and_coming_back_is_not_welcomed_again(
    database: Database, workspace_id: int
) -> None:
    team_id = database.write_now(add_team, "UC")
    database.write_now(enrol, team_id, on=THIS_WEEK)

    def leave(session: Session) -> bool:
        return enrolments.end(session, member=member(session, "U1"), now=FRIDAY)

    assert database.write_now(leave) is True
    assert database.write_now(leave) is False
    ended = database.read_now(lambda session: session.exec(select(Enrolment)).one())
    assert (ended.ended_on, ended.next_due_at) == (date(2026, 11, 20), None)
    later = FRIDAY + timedelta(days=14)
    change, back = database.write_now(enrol, team_id, now=later)
    assert change == "updated"
    assert (back.ended_on, back.enrolled_on) == (None, date(2026, 12, 4))
    assert back.next_week == date(2026, 12, 7)  # of the first week only Friday was left
    assert database.read_now(welcomes) == [1]


def test_coming_back_within_the_week_does_not_ask_about_it_twice(
    database: Database, workspace_id: int
) -> None:
    team_id = database.write_now(add_team, "UC")
    database.write_now(enrol, team_id)
    database.write_now(asked, THIS_WEEK)

    def leave(session: Session) -> None:
        enrolments.end(session, member=member(session, "U1"), now=FRIDAY)

    database.write_now(leave)
    _, back = database.write_now(enrol, team_id)
    assert back.next_week == THIS_WEEK + timedelta(days=7)


def test_another_team_moves_the_rep_with_the_week_and_without_its_own_metrics(
    database: Database, workspace_id: int
) -> None:
    first = database.write_now(add_team, "UC")
    second = database.write_now(add_team, "UD", name="North", day=2)
    database.write_now(enrol, first, on=THIS_WEEK)

    def own_target(session: Session) -> int:
        metric = Metric(
            workspace_id=workspace_id,
            team_id=first,
            key="demos",
            name="Demos",
            unit="count",
            question="?",
            source="asked",
            position=100,
        )
        session.add(metric)
        session.flush()
        rep = member(session, "U1")
        for metric_id in (
            metric.id,
            session.exec(select(Metric.id).order_by(Metric.position)).first(),
        ):
            assert metric_id is not None
            targets.set_target(
                session,
                workspace_id=workspace_id,
                member_id=rep.id,
                metric_id=metric_id,
                from_week=date(2026, 11, 9),
                amount=Decimal(5),
                set_by=None,
                now=FRIDAY,
            )
        return rep.id

    rep_id = database.write_now(own_target)
    change, enrolment = database.write_now(enrol, second)
    assert change == "updated"
    assert enrolment.next_week == THIS_WEEK
    assert enrolment.next_due_at == MONDAY_NINE + timedelta(days=2)

    def asked_for(session: Session, week: date) -> list[str]:
        return [m.name for m, _ in targets.in_force(session, [rep_id], week).get(rep_id, [])]

    assert database.read_now(asked_for, THIS_WEEK) == ["Conversations"]
    assert database.read_now(asked_for, date(2026, 11, 9)) == ["Conversations", "Demos"]
    assert database.read_now(welcomes) == [1]


def test_the_day_the_calendar_begins_can_be_enrolled_on(
    database: Database, workspace_id: int
) -> None:
    team_id = database.write_now(add_team, "UC")
    _, enrolment = database.write_now(enrol, team_id, on=date(2000, 1, 1))
    assert enrolment.enrolled_on == date(2000, 1, 1)


def test_who_begins_moves_or_leaves_is_told_on_the_homes(
    database: Database, workspace_id: int
) -> None:
    first = database.write_now(add_team, "UC")
    second = database.write_now(add_team, "UD", name="North")
    open_homes(database, ("UA", "UC", "UD", "U1", "U2"), now=FRIDAY)

    def homes(work: Callable[[], object]) -> set[str]:
        return {name for name in marked(database, work) if name.startswith("home ")}

    assert homes(lambda: database.write_now(enrol, first)) == {"home UC", "home U1"}
    assert homes(lambda: database.write_now(enrol, first)) == set()
    moved = homes(lambda: database.write_now(enrol, second))
    assert {"home UC", "home UD", "home U1"} <= moved

    def leave(session: Session) -> bool:
        return enrolments.end(session, member=member(session, "U1"), now=FRIDAY)

    assert homes(lambda: database.write_now(leave)) == {"home UD", "home U1"}
    assert not database.write_now(leave)


def test_an_open_check_in_is_withdrawn_from_who_leaves(
    database: Database, workspace_id: int
) -> None:
    database.write_now(enrol, database.write_now(add_team, "UC"))
    database.write_now(asked, THIS_WEEK)

    def leave(session: Session) -> str:
        enrolments.end(session, member=member(session, "U1"), now=FRIDAY)
        return session.exec(select(CheckIn.state)).one()

    assert database.write_now(leave) == "skipped"


def test_another_schedule_moves_those_who_are_still_there(
    database: Database, workspace_id: int
) -> None:
    team_id = database.write_now(add_team, "UC")
    for user in ("U1", "U2"):
        database.write_now(enrol, team_id, slack_user_id=user, on=THIS_WEEK)

    def change(session: Session) -> list[datetime | None]:
        enrolments.end(session, member=member(session, "U2"), now=FRIDAY)
        team = session.get_one(Team, team_id)
        team.check_in_day, team.deadline_day = 2, 3
        session.flush()
        enrolments.reschedule_team(session, team=team, now=FRIDAY)
        found = session.exec(select(Enrolment).order_by(Enrolment.id))
        return [enrolment.next_due_at for enrolment in found]

    assert database.write_now(change) == [MONDAY_NINE + timedelta(days=2), None]
