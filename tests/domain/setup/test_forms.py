"""What the forms of setting up begin with, and enrolling reps."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.access import Caller
from bot.domain.people import enrolments
from bot.domain.people.members import Profile, apply_profile
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.setup import checklist
from bot.domain.setup import forms as setup_forms
from bot.domain.shown.setup import (
    ScheduleForm,
)
from bot.domain.tables import (
    Enrolment,
    Member,
    Workspace,
)
from bot.rules.absences import WorkWeek
from bot.rules.weeks import WEEK
from tests.domain.enrolling import MONDAY_NINE, add_team
from tests.domain.setting_up import FORM, FRIDAY, THIS_WEEK, Setup


def test_the_menu_is_for_admins_and_coaches(setup: Setup) -> None:
    def menu(by: str) -> Any:
        return setup.database.read_now(setup_forms.menu, caller=setup.caller(by))

    assert (menu("UA").is_admin, menu("UA").teams) == (True, 0)
    with pytest.raises(Refusal, match="Only coaches and workspace admins"):
        menu("UC")
    setup.create()
    assert (menu("UC").is_admin, menu("UC").teams) == (False, 1)
    for nobody in ("U1", "U404"):
        with pytest.raises(Refusal, match="Only coaches and workspace admins"):
            menu(nobody)


def test_a_coach_sees_the_own_teams_only(setup: Setup) -> None:
    setup.create(replace(FORM, second_coach=None))
    setup.create(replace(FORM, name="North", coach="UD", second_coach=None))

    def names(by: str) -> list[str]:
        shown = setup.database.read_now(
            setup_forms.schedule_form, caller=setup.caller(by), team_id=None
        )
        return [team.name for team in shown.teams]

    assert names("UA") == ["Harbor", "North"]
    assert names("UC") == ["Harbor"]


def test_the_form_of_a_team_begins_with_what_it_is(setup: Setup) -> None:
    team_id = setup.create().team_id
    shown = setup.database.read_now(
        setup_forms.team_form, caller=setup.caller("UA"), team_id=team_id
    )
    assert shown.form == replace(FORM, schedule=ScheduleForm())


def test_the_targets_form_takes_the_only_rep_and_asks_among_several(setup: Setup) -> None:
    team_id = setup.create().team_id

    def form(**arguments: Any) -> Any:
        return setup.database.read_now(
            setup_forms.targets_form,
            caller=setup.caller("UC"),
            now=FRIDAY,
            **{"member_id": None, **arguments},
        )

    with pytest.raises(Refusal, match="There are no reps yet"):
        form()
    member_id = setup.enrol(team_id)
    assert (form().member_id, form().this_week) == (member_id, THIS_WEEK)
    setup.database.write_now(
        enrolments.enrol,
        workspace_id=setup.workspace_id,
        member_id=setup.database.read_now(
            lambda s: s.exec(select(Member.id).where(Member.slack_user_id == "UD")).one()
        ),
        team_id=team_id,
        enrolled_on=None,
        now=FRIDAY,
    )
    assert form().member_id is None
    assert form(slack_user_id="U1").member_id == member_id
    with pytest.raises(Refusal, match="no rep of your teams"):
        form(slack_user_id="UA")


def caller(workspace_id: int, slack_user_id: str) -> Caller:
    return Caller(workspace_id, slack_user_id)


def enrol_reps(
    database: Database,
    workspace_id: int,
    by: str,
    team_id: int,
    *reps: str,
    now: datetime = FRIDAY,
) -> setup_forms.EnrolSaved:
    return database.write_now(
        setup_forms.enrol_reps,
        caller=caller(workspace_id, by),
        team_id=team_id,
        slack_user_ids=reps,
        now=now,
    )


def test_enrolling_says_when_each_is_asked_and_that_targets_are_missing(
    database: Database, workspace_id: int
) -> None:
    team_id = database.write_now(add_team, "UC")
    saved = enrol_reps(database, workspace_id, "UC", team_id, "U1", "U2", "U1")
    assert [rep.name for rep in saved.reps] == ["Priya", "Sam"]
    # Of this week only Friday is left, so the first check-in is about the next.
    assert {rep.next_due_at for rep in saved.reps} == {MONDAY_NINE + WEEK}
    assert [rep.work for rep in saved.reps] == [None, None]
    assert not any(rep.has_targets for rep in saved.reps)


def test_enrolling_in_the_middle_of_a_week_says_how_many_days_count(
    database: Database, workspace_id: int
) -> None:
    team_id = database.write_now(add_team, "UC")
    wednesday = FRIDAY - timedelta(days=2)
    saved = enrol_reps(database, workspace_id, "UC", team_id, "U1", now=wednesday)
    [rep] = saved.reps
    assert rep.next_due_at == MONDAY_NINE
    assert rep.work == WorkWeek(5, off=2, joined_on=wednesday.date())


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


def test_a_new_team_is_coached_by_whoever_opens_its_form(setup: Setup) -> None:
    shown = setup.database.read_now(setup_forms.team_form, caller=setup.caller("UA"), team_id=None)
    assert (shown.form.coach, shown.form.schedule) == ("UA", ScheduleForm())
    with pytest.raises(Refusal, match="Only a workspace admin"):
        setup.database.read_now(setup_forms.team_form, caller=setup.caller("UC"), team_id=None)


def test_the_list_of_reps_says_who_is_out_of_reach_and_whom_the_reader_coaches(
    setup: Setup,
) -> None:
    team_id = setup.create().team_id
    member_id = setup.enrol(team_id)

    def gone(session: Session) -> None:
        session.get_one(Member, member_id).inactive_because = "user_disabled"

    setup.database.write_now(gone)

    def listed(by: str) -> Any:
        shown = setup.database.read_now(setup_forms.reps_list, caller=setup.caller(by), now=FRIDAY)
        (team,) = shown.teams
        return team

    (rep,) = listed("UC").reps
    assert (rep.slack_user_id, rep.inactive_because) == ("U1", "user_disabled")
    assert (listed("UC").coached, listed("UD").coached, listed("UA").coached) == (
        True,
        True,
        False,
    )


def test_nobody_chosen_and_somebody_with_targets(setup: Setup) -> None:
    team_id = setup.create().team_id

    def enrol(*users: str) -> Any:
        return setup.database.write_now(
            setup_forms.enrol_reps,
            caller=setup.caller("UC"),
            team_id=team_id,
            slack_user_ids=users,
            now=FRIDAY,
        )

    with pytest.raises(Refusal, match="Choose at least one person") as refused:
        enrol()
    assert refused.value.field == "reps"
    setup.set_targets(setup.enrol(team_id), {"Conversations": "20"})
    assert [rep.has_targets for rep in enrol("U1", "UA").reps] == [True, False]
