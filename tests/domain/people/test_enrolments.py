"""Who is a rep of which team, and which check-in comes next."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.access import Caller
from bot.domain.metrics import targets
from bot.domain.metrics.metrics import add_built_in_metrics
from bot.domain.outbox import outbox
from bot.domain.people import enrolments
from bot.domain.people.members import Profile, apply_profile
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.setup import checklist
from bot.domain.setup import forms as setup_forms
from bot.domain.tables import CheckIn, Enrolment, Member, Metric, OutboxItem, Team, Workspace

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MONDAY_NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
THIS_WEEK = date(2026, 11, 16)


@pytest.fixture
def workspace_id(database: Database) -> int:
    """A workspace with an admin UA, coaches UC and UD, and people U1, U2."""

    def make(session: Session) -> int:
        workspace = Workspace(
            slack_team_id="T1", name="Harbor", bot_user_id="UB", created_at=FRIDAY
        )
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

    return database.write_now(make)


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
    change, enrolment = database.write_now(enrol, team_id)
    assert change == "created"
    assert enrolment.enrolled_on == date(2026, 11, 20)
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
    database.write_now(enrol, team_id)

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
    assert back.next_week == date(2026, 11, 30)
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
    database.write_now(enrol, first)

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


def caller(workspace_id: int, slack_user_id: str) -> Caller:
    return Caller(workspace_id, slack_user_id)


def enrol_reps(
    database: Database, workspace_id: int, by: str, team_id: int, *reps: str
) -> setup_forms.EnrolSaved:
    return database.write_now(
        setup_forms.enrol_reps,
        caller=caller(workspace_id, by),
        team_id=team_id,
        slack_user_ids=reps,
        now=FRIDAY,
    )


def test_enrolling_says_when_each_is_asked_and_that_targets_are_missing(
    database: Database, workspace_id: int
) -> None:
    team_id = database.write_now(add_team, "UC")
    saved = enrol_reps(database, workspace_id, "UC", team_id, "U1", "U2", "U1")
    assert [rep.name for rep in saved.reps] == ["Priya", "Sam"]
    assert {rep.next_due_at for rep in saved.reps} == {MONDAY_NINE}
    assert not any(rep.has_targets for rep in saved.reps)


def test_who_may_enrol(database: Database, workspace_id: int) -> None:
    team_id = database.write_now(add_team, "UC")
    enrol_reps(database, workspace_id, "UA", team_id, "U1")
    for nobody in ("U1", "UD"):
        with pytest.raises(Refusal, match="Only the coach of Harbor"):
            enrol_reps(database, workspace_id, nobody, team_id, "U2")


def test_a_coach_cannot_take_another_coachs_rep_and_an_admin_can_move_them(
    database: Database, workspace_id: int
) -> None:
    first = database.write_now(add_team, "UC")
    second = database.write_now(add_team, "UD", name="North")
    enrol_reps(database, workspace_id, "UC", first, "U1")
    with pytest.raises(FieldProblems, match="Priya is a rep of Harbor"):
        enrol_reps(database, workspace_id, "UD", second, "U1", "U2")
    assert len(database.read_now(lambda s: s.exec(select(Enrolment)).all())) == 1
    saved = enrol_reps(database, workspace_id, "UA", second, "U1", "U2")
    assert [rep.change for rep in saved.reps] == ["updated", "created"]


def test_all_who_cannot_be_enrolled_are_named_and_nobody_is_enrolled(
    database: Database, workspace_id: int
) -> None:
    team_id = database.write_now(add_team, "UC")
    for profile in (Profile("U8", "Lee", deleted=True), Profile("U9", "Robot", is_bot=True)):
        database.write_now(apply_profile, workspace_id=workspace_id, profile=profile, now=FRIDAY)
    with pytest.raises(FieldProblems) as refused:
        enrol_reps(database, workspace_id, "UC", team_id, "U1", "U8", "U9", "U404")
    sentence = refused.value.sentences["reps"]
    assert "Lee’s Slack account is deactivated" in sentence
    assert "Robot is a bot" in sentence
    assert "does not know U404" in sentence
    assert database.read_now(lambda s: s.exec(select(Enrolment)).all()) == []


def test_taking_a_rep_out(database: Database, workspace_id: int) -> None:
    team_id = database.write_now(add_team, "UC")
    [rep] = enrol_reps(database, workspace_id, "UC", team_id, "U1").reps

    def end(by: str) -> str:
        return database.write_now(
            setup_forms.end_enrolment,
            caller=caller(workspace_id, by),
            member_id=rep.member_id,
            now=FRIDAY,
        )

    with pytest.raises(Refusal, match="Only the coach"):
        end("UD")
    assert end("UC") == "U1"
    assert end("UA") == "U1"


def test_no_row_crosses_into_another_workspace(database: Database, workspace_id: int) -> None:
    team_id = database.write_now(add_team, "UC")

    def twin(session: Session) -> int:
        workspace = Workspace(slack_team_id="T2", name="Twin", bot_user_id="UB", created_at=FRIDAY)
        session.add(workspace)
        session.flush()
        apply_profile(
            session,
            workspace_id=workspace.id,
            profile=Profile("UX", "Mallory", "UTC", is_admin=True),
            now=FRIDAY,
        )
        return workspace.id

    other = database.write_now(twin)
    [rep] = enrol_reps(database, workspace_id, "UC", team_id, "U1").reps
    mallory = caller(other, "UX")
    with pytest.raises(Refusal, match="not there any more"):
        enrol_reps(database, other, "UX", team_id, "UX")
    for use_case, arguments in (
        (setup_forms.end_enrolment, {"member_id": rep.member_id}),
        (setup_forms.targets_form, {"member_id": rep.member_id}),
        (setup_forms.reps_list, {}),
    ):
        try:
            shown = database.write_now(use_case, caller=mallory, now=FRIDAY, **arguments)
        except Refusal:
            continue
        assert "Priya" not in repr(shown)
    missing = database.read_now(checklist.checklist, workspace_id=other, now=FRIDAY)
    assert [item.kind for item in missing.missing] == ["no_team"]


def test_the_checklist_names_what_is_missing_until_nothing_is(
    database: Database, workspace_id: int
) -> None:
    def kinds() -> list[str]:
        found = database.read_now(checklist.checklist, workspace_id=workspace_id, now=FRIDAY)
        return [item.kind for item in found.missing]

    assert kinds() == ["no_team"]
    team_id = database.write_now(add_team, "UC")
    assert kinds() == ["no_channel", "no_reps"]
    enrol_reps(database, workspace_id, "UC", team_id, "U1")
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
