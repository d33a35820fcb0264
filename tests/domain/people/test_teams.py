"""Teams and their schedules, as admins and coaches type them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from sqlmodel import Session, select

from bot.domain.people import team_forms, teams
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.setup import (
    Channel,
    ScheduleForm,
    TeamForm,
)
from bot.domain.tables import Enrolment, Team
from tests.domain.marked import marked, open_homes
from tests.domain.setting_up import FORM, FRIDAY, PRIVATE, PUBLIC, THIS_WEEK, Setup

# Teams


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


def test_everything_that_is_wrong_is_said_at_once(setup: Setup) -> None:
    bad = TeamForm(
        name="",
        coach=None,
        second_coach="UR",
        channel="CP",
        currency="dollars",
        schedule=ScheduleForm(check_in_at=None),
    )
    problems = setup.problems(bad, channel=None)
    assert set(problems) == {
        "name",
        "coach",
        "second_coach",
        "channel",
        "currency",
        "check_in_at",
    }


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        (replace(FORM, name="  \u200b "), "name", "Type a name for the team"),
        (replace(FORM, name="🚀🚀"), "name", "letters or digits"),
        (replace(FORM, name="n" * 81), "name", "80 characters at the most"),
        (replace(FORM, second_coach="UC"), "second_coach", "choose somebody else"),
        (replace(FORM, coach="UR"), "coach", "Robot is a bot"),
        (replace(FORM, coach="UX"), "coach", "Lee’s Slack account is deactivated"),
        (replace(FORM, coach="UG"), "coach", "Gus is a guest"),
        (replace(FORM, coach="U404"), "coach", "does not know this person"),
        (replace(FORM, currency="XYZ"), "currency", "three letters"),
    ],
)
def test_each_wrong_value_has_its_sentence(
    setup: Setup, form: TeamForm, field: str, words: str
) -> None:
    assert words in setup.problems(form)[field]


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        (None, "can’t see this channel"),
        (replace(PRIVATE, is_archived=True), "is archived"),
        (replace(PRIVATE, is_shared=True), "shared with another organization"),
        (replace(PRIVATE, is_member=False), "not in #coach-dana"),
    ],
)
def test_a_channel_that_cannot_be_used(setup: Setup, channel: Channel | None, words: str) -> None:
    assert words in setup.problems(FORM, channel=channel)["channel"]


def test_a_public_channel_needs_a_word_of_its_own(setup: Setup) -> None:
    form = replace(FORM, channel="CO")
    assert "#general is public" in setup.problems(form, channel=PUBLIC)["public.CO"]
    assert setup.create(form, channel=PUBLIC, confirmed=True).channel == "CO"


def test_a_public_channel_without_the_bot_is_not_to_be_confirmed_first(setup: Setup) -> None:
    problems = setup.problems(replace(FORM, channel="CO"), channel=replace(PUBLIC, is_member=False))
    assert "invite" in problems["channel"]
    assert "public.CO" not in problems


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


# Schedules


@pytest.mark.parametrize(
    ("day", "at", "deadline_day", "deadline_at", "fits"),
    [
        (0, time(9), 1, time(17), True),
        (0, time(9), 0, time(17), True),
        (0, time(9), 6, time(9), True),
        (0, time(9), 6, time(10), False),  # 6 days and an hour
        (0, time(9), 0, time(8), False),  # almost a week
        (0, time(9), 0, time(9), False),
        (0, time(9), 0, time(9, 30), False),  # half an hour
        (4, time(16), 0, time(12), True),  # Friday to Monday
        (6, time(20), 5, time(20), True),
        (6, time(20), 5, time(20, 1), False),
    ],
)
def test_the_deadline_follows_within_six_days(
    day: int, at: time, deadline_day: int, deadline_at: time, fits: bool
) -> None:
    form = ScheduleForm(
        check_in_day=day, check_in_at=at, deadline_day=deadline_day, deadline_at=deadline_at
    )
    problems = team_forms.schedule_problems(form)
    assert problems == {} if fits else list(problems) == ["deadline_at"]


def test_working_hours_end_after_they_begin() -> None:
    form = ScheduleForm(working_from=time(18), working_until=time(9))
    assert "Working hours must end" in team_forms.schedule_problems(form)["working_until"]


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


# Homes


HOMES = ("UA", "UC", "UD", "U1")


def test_another_coach_is_told_on_the_homes_of_the_reps(setup: Setup) -> None:
    team_id = setup.create().team_id
    setup.enrol(team_id)
    open_homes(setup.database, HOMES, now=FRIDAY)
    everybody = {f"home {user}" for user in HOMES}
    other = replace(FORM, coach="UD", second_coach=None)
    assert marked(setup.database, lambda: setup.update(team_id, other)) == everybody
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


def test_a_new_team_marks_the_homes_of_admins_and_its_coaches(setup: Setup) -> None:
    open_homes(setup.database, HOMES, now=FRIDAY)
    assert marked(setup.database, setup.create) == {"home UA", "home UC", "home UD"}
