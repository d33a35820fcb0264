"""Creating teams and changing them, and whose Homes tell of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlmodel import Session, select

from bot.domain.people import teams
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.setup import (
    ScheduleForm,
)
from bot.domain.tables import Enrolment, Team
from tests.domain.marked import marked, open_homes
from tests.domain.setting_up import FORM, FRIDAY, PRIVATE, THIS_WEEK, Setup


def test_an_admin_creates_a_team(setup: Setup) -> None:
    saved = setup.create()
    assert (saved.name, saved.coach, saved.channel, saved.is_new) == ("Harbor", "UC", "CP", True)
    [team] = setup.teams()
    assert (team.check_in_day, team.check_in_at) == (0, time(9))
    assert (team.deadline_day, team.deadline_at, team.currency) == (1, time(17), "USD")


def test_sending_the_same_form_again_creates_no_second_team(setup: Setup) -> None:
    assert setup.create().team_id == setup.create().team_id
    with pytest.raises(FieldProblems, match="There is a team called HARBOR already"):
        setup.create(replace(FORM, name="HARBOR", coach="UD", second_coach=None))
    assert len(setup.teams()) == 1


@pytest.mark.parametrize("by", ["UC", "U1"])
def test_others_cannot_create_a_team(setup: Setup, by: str) -> None:
    with pytest.raises(Refusal, match="Only a workspace admin"):
        setup.create(by=by)
    assert setup.teams() == []


def test_changing_the_channel_clears_its_problem(setup: Setup) -> None:
    team_id = setup.create().team_id

    def break_channel(session: Session) -> None:
        session.get_one(Team, team_id).channel_problem = "is_archived"

    setup.database.write_now(break_channel)
    setup.update(team_id, replace(FORM, name="Harbour"))  # the channel itself is not looked at
    assert setup.teams()[0].channel_problem == "is_archived"
    setup.update(team_id, replace(FORM, channel="CN"), channel=replace(PRIVATE, id="CN"))
    [team] = setup.teams()
    assert (team.coach_channel, team.channel_problem, team.name) == ("CN", None, "Harbor")


def test_a_coach_changes_neither_channel_nor_coach(setup: Setup) -> None:
    team_id = setup.create().team_id
    with pytest.raises(Refusal, match="Only a workspace admin"):
        setup.update(team_id, replace(FORM, channel=None), by="UC")


def test_a_name_of_another_team_is_taken(setup: Setup) -> None:
    team_id = setup.create().team_id
    setup.create(replace(FORM, name="North"))
    with pytest.raises(FieldProblems, match="There is a team called north already") as refused:
        setup.update(team_id, replace(FORM, name=" north "))
    assert refused.value.field == "name"


def test_a_changed_schedule_moves_the_next_check_ins(setup: Setup) -> None:
    team_id = setup.create().team_id
    setup.enrol(team_id)
    form = ScheduleForm(check_in_day=2, check_in_at=time(10, 30), deadline_day=3)
    saved = setup.schedule(team_id, form)
    assert saved.reps == 1
    enrolment = setup.database.read_now(lambda s: s.exec(select(Enrolment)).one())
    assert enrolment.next_week == THIS_WEEK
    assert enrolment.next_due_at == datetime(2026, 11, 25, 10, 30, tzinfo=UTC)


def test_a_schedule_that_would_have_been_earlier_asks_soon_and_not_twice(setup: Setup) -> None:
    team_id = setup.create(
        replace(FORM, schedule=ScheduleForm(check_in_day=5, deadline_day=6))
    ).team_id
    setup.enrol(team_id)
    before = setup.database.read_now(lambda s: s.exec(select(Enrolment)).one())
    wednesday = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)

    def change(session: Session) -> None:
        teams.change_schedule(
            session,
            caller=setup.caller("UC"),
            team_id=team_id,
            form=ScheduleForm(check_in_day=0),
            now=wednesday,
        )

    setup.database.write_now(change)
    after = setup.database.read_now(lambda s: s.exec(select(Enrolment)).one())
    assert after.next_week == before.next_week == THIS_WEEK
    assert after.next_due_at == datetime(2026, 11, 26, 8, 0, tzinfo=UTC)  # Thursday morning


@pytest.mark.parametrize(("by", "may"), [("UC", True), ("UD", True), ("UA", True), ("U1", False)])
def test_who_may_change_the_schedule(setup: Setup, by: str, may: bool) -> None:
    team_id = setup.create().team_id
    if may:
        assert setup.schedule(team_id, ScheduleForm(check_in_at=time(8)), by=by).name == "Harbor"
        return
    with pytest.raises(Refusal, match="Only the coach of Harbor"):
        setup.schedule(team_id, ScheduleForm(), by=by)


def test_a_coach_who_is_none_any_more_may_nothing(setup: Setup) -> None:
    team_id = setup.create(replace(FORM, second_coach=None)).team_id
    setup.update(team_id, replace(FORM, coach="UD", second_coach=None))
    with pytest.raises(Refusal):
        setup.schedule(team_id, ScheduleForm(), by="UC")


HOMES = ("UA", "UC", "UD", "U1")


def test_another_coach_is_told_on_the_homes_of_the_reps(setup: Setup) -> None:
    team_id = setup.create().team_id
    setup.enrol(team_id)
    open_homes(setup.database, HOMES, now=FRIDAY)
    everybody = {f"home {user}" for user in HOMES}
    other = replace(FORM, coach="UD", second_coach=None)
    found = marked(setup.database, lambda: setup.update(team_id, other))
    assert {name for name in found if not name.startswith("notice")} == everybody
    assert marked(setup.database, lambda: setup.update(team_id, other)) == set()
    # UC coaches nobody any more, and nothing of the team stands on their Home.
    third = replace(other, name="Quay")
    assert marked(setup.database, lambda: setup.update(team_id, third)) == everybody - {"home UC"}


def test_a_changed_schedule_marks_the_homes_that_say_when_is_asked(setup: Setup) -> None:
    team_id = setup.create().team_id
    setup.enrol(team_id)
    open_homes(setup.database, HOMES, now=FRIDAY)
    form = ScheduleForm(check_in_day=2, deadline_day=3)
    assert marked(setup.database, lambda: setup.schedule(team_id, form)) == {
        f"home {user}" for user in HOMES
    }
    assert marked(setup.database, lambda: setup.schedule(team_id, form)) == set()


def test_a_new_team_marks_the_homes_of_admins_and_its_coaches_and_welcomes_these(
    setup: Setup,
) -> None:
    open_homes(setup.database, HOMES, now=FRIDAY)
    homes = {"home UA", "home UC", "home UD"}
    assert marked(setup.database, setup.create) == homes | {"notice 1", "notice 2"}


def test_a_form_that_is_sent_again_after_an_hour_is_another_one(setup: Setup) -> None:
    setup.create()
    assert setup.create(now=FRIDAY + timedelta(hours=1)).is_new
    with pytest.raises(FieldProblems, match="There is a team called Harbor already"):
        setup.create(now=FRIDAY + timedelta(hours=1, seconds=1))


def test_a_team_of_another_workspace_is_not_there(setup: Setup) -> None:
    team_id = setup.create().team_id
    elsewhere = Setup(setup.database, team="T2")
    with pytest.raises(Refusal, match="not there any more"):
        elsewhere.update(team_id, FORM)
