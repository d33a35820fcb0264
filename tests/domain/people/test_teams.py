"""Teams, their schedules, targets and own metrics, as coaches and admins type them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.access import Caller
from bot.domain.metrics import targets
from bot.domain.metrics.metrics import add_built_in_metrics
from bot.domain.people import enrolments, team_forms, teams
from bot.domain.people.members import Profile, apply_profile
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.setup import forms as setup_forms
from bot.domain.setup import metrics as setup_metrics
from bot.domain.setup import targets as target_setting
from bot.domain.shown.setup import (
    Channel,
    MetricForm,
    OwnMetric,
    ScheduleForm,
    TargetsSaved,
    TeamForm,
    TeamSaved,
)
from bot.domain.tables import Enrolment, Member, Metric, Target, Team, Workspace

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
THIS_WEEK = date(2026, 11, 16)
NEXT_WEEK = date(2026, 11, 23)
PRIVATE = Channel("CP", "coach-dana", is_private=True, is_member=True)
PUBLIC = Channel("CO", "general", is_private=False, is_member=True)
FORM = TeamForm(name="Harbor", coach="UC", second_coach="UD", channel="CP")


@pytest.fixture
def workspace_id(database: Database) -> int:
    """A workspace with an admin UA, coaches UC and UD, people U1, and some who can't coach."""

    def make(session: Session) -> int:
        workspace = Workspace(
            slack_team_id="T1", name="Harbor", bot_user_id="UB", created_at=FRIDAY
        )
        session.add(workspace)
        session.flush()
        add_built_in_metrics(session, workspace.id)
        for profile in (
            Profile("UA", "Alex", "Europe/London", is_admin=True),
            Profile("UC", "Dana", "Europe/London"),
            Profile("UD", "Drew", "Europe/London"),
            Profile("U1", "Priya", "Europe/London"),
            Profile("UR", "Robot", is_bot=True),
            Profile("UX", "Lee", deleted=True),
            Profile("UG", "Gus", is_guest=True),
        ):
            apply_profile(session, workspace_id=workspace.id, profile=profile, now=FRIDAY)
        return workspace.id

    return database.write_now(make)


@pytest.fixture
def setup(database: Database, workspace_id: int) -> Setup:
    return Setup(database, workspace_id)


class Setup:
    """The use cases, as somebody of the workspace."""

    def __init__(self, database: Database, workspace_id: int) -> None:
        self.database = database
        self.workspace_id = workspace_id

    def caller(self, slack_user_id: str) -> Caller:
        return Caller(self.workspace_id, slack_user_id)

    def create(
        self,
        form: TeamForm = FORM,
        *,
        by: str = "UA",
        channel: Channel | None = PRIVATE,
        confirmed: bool = False,
        now: datetime = FRIDAY,
    ) -> TeamSaved:
        return self.database.write_now(
            teams.create_team,
            caller=self.caller(by),
            form=form,
            channel=channel,
            public_confirmed=confirmed,
            now=now,
        )

    def update(
        self,
        team_id: int,
        form: TeamForm,
        *,
        by: str = "UA",
        channel: Channel | None = None,
        confirmed: bool = False,
    ) -> TeamSaved:
        return self.database.write_now(
            teams.update_team,
            caller=self.caller(by),
            team_id=team_id,
            form=form,
            channel=channel,
            public_confirmed=confirmed,
            now=FRIDAY,
        )

    def problems(self, form: TeamForm, **arguments: Any) -> dict[str, str]:
        with pytest.raises(FieldProblems) as refused:
            self.create(form, **arguments)
        assert self.teams() == []
        return refused.value.sentences

    def teams(self) -> list[Team]:
        return list(self.database.read_now(lambda s: s.exec(select(Team)).all()))

    def schedule(self, team_id: int, form: ScheduleForm, *, by: str = "UC") -> TeamSaved:
        return self.database.write_now(
            teams.change_schedule, caller=self.caller(by), team_id=team_id, form=form, now=FRIDAY
        )

    def enrol(self, team_id: int) -> int:
        saved = self.database.write_now(
            setup_forms.enrol_reps,
            caller=self.caller("UA"),
            team_id=team_id,
            slack_user_ids=["U1"],
            now=FRIDAY,
        )
        return saved.reps[0].member_id

    def set_targets(
        self,
        member_id: int,
        texts: dict[str, str],
        *,
        by: str = "UC",
        week: str = "this",
        now: datetime = FRIDAY,
    ) -> TargetsSaved:
        ids = self.database.read_now(lambda s: {m.name: m.id for m in s.exec(select(Metric))})
        return self.database.write_now(
            target_setting.set_targets,
            caller=self.caller(by),
            member_id=member_id,
            texts={ids[name]: text for name, text in texts.items()},
            from_week=week,
            now=now,
        )

    def in_force(self, member_id: int, week: date) -> dict[str, Decimal]:
        def read(session: Session) -> dict[str, Decimal]:
            found = targets.in_force(session, [member_id], week).get(member_id, [])
            return {metric.name: amount for metric, amount in found}

        return self.database.read_now(read)

    def metric(self, team_id: int, form: MetricForm, *, by: str = "UC") -> OwnMetric:
        return self.database.write_now(
            setup_metrics.add_metric, caller=self.caller(by), team_id=team_id, form=form, now=FRIDAY
        )


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


# Targets


def test_targets_are_read_as_people_type_them(setup: Setup) -> None:
    member_id = setup.enrol(setup.create().team_id)
    saved = setup.set_targets(
        member_id, {"Sales": "$12.5k", "Conversations": "20", "Base moves": " "}
    )
    assert saved.changed
    assert saved.from_week == THIS_WEEK
    assert setup.in_force(member_id, THIS_WEEK) == {
        "Conversations": Decimal(20),
        "Sales": Decimal(12500),
    }
    assert setup.in_force(member_id, THIS_WEEK - timedelta(days=7)) == {}


def test_a_number_with_two_readings_says_which_is_taken(setup: Setup) -> None:
    member_id = setup.enrol(setup.create().team_id)
    saved = setup.set_targets(member_id, {"Sales": "1.234"})
    assert len(saved.notes) == 1
    assert "1.234" in saved.notes[0]


@pytest.mark.parametrize("text", ["many", "-5", "1000000000000", "0", "2.5"])
def test_a_target_that_is_none_is_refused_under_its_input(setup: Setup, text: str) -> None:
    member_id = setup.enrol(setup.create().team_id)
    with pytest.raises(FieldProblems) as refused:
        setup.set_targets(member_id, {"Conversations": text, "Base moves": text, "Sales": "20"})
    assert len(refused.value.sentences) == 2
    assert all(field.startswith("amount.") for field in refused.value.sentences)
    assert setup.in_force(member_id, THIS_WEEK) == {}


def test_sending_the_same_targets_again_changes_nothing(setup: Setup) -> None:
    member_id = setup.enrol(setup.create().team_id)
    assert setup.set_targets(member_id, {"Conversations": "20"}).changed
    assert not setup.set_targets(member_id, {"Conversations": "20"}).changed
    assert len(setup.database.read_now(lambda s: s.exec(select(Target)).all())) == 1


def test_targets_of_next_week_leave_this_one(setup: Setup) -> None:
    member_id = setup.enrol(setup.create().team_id)
    setup.set_targets(member_id, {"Conversations": "20"})
    setup.set_targets(member_id, {"Conversations": "25"}, week="next")
    assert setup.in_force(member_id, THIS_WEEK) == {"Conversations": Decimal(20)}
    assert setup.in_force(member_id, NEXT_WEEK) == {"Conversations": Decimal(25)}
    # Said later for this week on, it counts for the next ones too.
    setup.set_targets(member_id, {"Conversations": "22"})
    assert setup.in_force(member_id, NEXT_WEEK) == {"Conversations": Decimal(22)}


def test_taking_a_target_away_keeps_the_past(setup: Setup) -> None:
    member_id = setup.enrol(setup.create().team_id)
    setup.set_targets(member_id, {"Conversations": "20"})
    setup.set_targets(member_id, {"Conversations": ""}, now=FRIDAY + timedelta(days=7))
    assert setup.in_force(member_id, THIS_WEEK) == {"Conversations": Decimal(20)}
    assert setup.in_force(member_id, NEXT_WEEK) == {}


def test_targets_are_set_by_those_who_manage_the_team(setup: Setup) -> None:
    member_id = setup.enrol(setup.create().team_id)
    with pytest.raises(Refusal, match="Only the coach of Harbor"):
        setup.set_targets(member_id, {"Conversations": "1"}, by="U1")
    assert setup.set_targets(member_id, {"Conversations": "1"}, by="UA").changed


def test_a_rep_without_team_has_no_targets_to_set(setup: Setup) -> None:
    setup.create()
    nobody = setup.database.read_now(
        lambda s: s.exec(select(Member.id).where(Member.slack_user_id == "U1")).one()
    )
    with pytest.raises(Refusal, match="Priya is in no team"):
        setup.set_targets(nobody, {"Conversations": "1"})


def test_a_forged_metric_or_week_is_refused(setup: Setup) -> None:
    member_id = setup.enrol(setup.create().team_id)
    other = setup.create(replace(FORM, name="North")).team_id
    metric = setup.metric(other, MetricForm(name="Demos", source="asked"))
    with pytest.raises(Refusal, match="not there any more"):
        setup.set_targets(member_id, {metric.name: "5"})
    with pytest.raises(Refusal, match="this week or the next"):
        setup.set_targets(member_id, {"Conversations": "5"}, week="2020-01-06")


# A team's own metrics


def test_a_team_adds_a_metric_of_its_own(setup: Setup) -> None:
    team_id = setup.create().team_id
    form = MetricForm(name=" Demo  hours ", unit="hours", source="hand")
    metric = setup.metric(team_id, form)
    assert (metric.name, metric.unit) == ("Demo hours", "hours")
    assert metric.question == "Did you meet your goal for Demo hours?"
    assert setup.metric(team_id, form).id == metric.id
    member_id = setup.enrol(team_id)
    setup.set_targets(member_id, {"Demo hours": "2.5"})
    assert setup.in_force(member_id, THIS_WEEK) == {"Demo hours": Decimal("2.5")}


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (MetricForm(name="", source="hand"), "name"),
        (MetricForm(name="n" * 41, source="hand"), "name"),
        (MetricForm(name="SALES", source="hand"), "name"),
        (MetricForm(name="Demos", unit="h" * 21, source="hand"), "unit"),
        (MetricForm(name="Demos", unit="1000", source="hand"), "unit"),
        (MetricForm(name="Demos", question="q" * 151, source="hand"), "question"),
        (MetricForm(name="Demos", source="conversations"), "source"),
    ],
)
def test_a_metric_that_cannot_be_is_refused_under_its_input(
    setup: Setup, form: MetricForm, field: str
) -> None:
    team_id = setup.create().team_id
    with pytest.raises(FieldProblems) as refused:
        setup.metric(team_id, form)
    assert list(refused.value.sentences) == [field]


def test_ten_metrics_are_the_most_and_archiving_makes_room(setup: Setup) -> None:
    team_id = setup.create().team_id
    made = [setup.metric(team_id, MetricForm(name=f"M{n}", source="asked")) for n in range(10)]
    with pytest.raises(Refusal, match="10 metrics of its own"):
        setup.metric(team_id, MetricForm(name="M10", source="asked"))

    def archive(session: Session) -> None:
        setup_metrics.archive_metric(
            session, caller=setup.caller("UC"), metric_id=made[0].id, now=FRIDAY
        )

    setup.database.write_now(archive)
    setup.database.write_now(archive)
    again = setup.metric(team_id, MetricForm(name="M0", source="asked"))
    assert again.id != made[0].id  # an archived metric's targets do not come back


def test_a_metric_gets_other_words(setup: Setup) -> None:
    team_id = setup.create().team_id
    metric = setup.metric(team_id, MetricForm(name="Demos", source="asked"))
    setup.metric(team_id, MetricForm(name="Visits", source="asked"))

    def rename(name: str, by: str = "UC") -> OwnMetric:
        return setup.database.write_now(
            setup_metrics.rename_metric,
            caller=setup.caller(by),
            metric_id=metric.id,
            name=name,
            question="",
            now=FRIDAY,
        )

    assert rename("Demonstrations").name == "Demonstrations"
    with pytest.raises(FieldProblems, match="a metric called Visits"):
        rename("visits")
    with pytest.raises(Refusal, match="Only the coach"):
        rename("Mine", by="U1")


def test_a_built_in_metric_is_not_for_a_team_to_change(setup: Setup) -> None:
    setup.create()
    built_in = setup.database.read_now(lambda s: s.exec(select(Metric.id)).first())
    with pytest.raises(Refusal, match="none that a team added"):
        setup.database.write_now(
            setup_metrics.archive_metric,
            caller=setup.caller("UA"),
            metric_id=built_in or 0,
            now=FRIDAY,
        )


# What the forms begin with


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


def test_a_coach_who_is_none_any_more_may_nothing(setup: Setup) -> None:
    team_id = setup.create(replace(FORM, second_coach=None)).team_id
    setup.update(team_id, replace(FORM, coach="UD", second_coach=None))
    with pytest.raises(Refusal):
        setup.schedule(team_id, ScheduleForm(), by="UC")


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
