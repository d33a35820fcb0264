"""One metric's targets for all reps of a team, in one form."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.domain.checkins import scheduling
from bot.domain.people.members import Profile, apply_profile
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.setup import team_targets
from bot.domain.shown.setup import MetricForm
from bot.domain.shown.team_targets import TeamTargetsForm, TeamTargetsSaved
from bot.domain.tables import Enrolment, Metric, Plan, Team
from bot.rules.weeks import WEEK
from tests.counting import counted
from tests.domain.setting_up import FRIDAY, NEXT_WEEK, THIS_WEEK, Setup


def reps(setup: Setup, team_id: int, count: int) -> list[int]:
    """Enrol so many people, and return their ids."""

    def people(session: Session) -> list[str]:
        names = [f"U1{number:02}" for number in range(count)]
        for name in names:
            profile = Profile(name, f"Rep {name}", "Europe/London")
            apply_profile(session, workspace_id=setup.workspace_id, profile=profile, now=FRIDAY)
        return names

    return [setup.enrol(team_id, name) for name in setup.database.write_now(people)]


def metric_id(setup: Setup, name: str = "Conversations") -> int:
    return setup.database.read_now(
        lambda s: s.exec(select(Metric.id).where(Metric.name == name)).one()
    )


def form(setup: Setup, by: str = "UC", **given: Any) -> TeamTargetsForm:
    return setup.database.read_now(
        team_targets.form, caller=setup.caller(by), **{"team_id": None, "now": FRIDAY, **given}
    )


def save(
    setup: Setup,
    team_id: int,
    texts: dict[int, str],
    *,
    everybody: str = "",
    week: date | None = NEXT_WEEK,
    by: str = "UC",
    **given: Any,
) -> TeamTargetsSaved:
    return setup.database.write_now(
        team_targets.set_team_targets,
        caller=setup.caller(by),
        **{
            "team_id": team_id,
            "metric_id": metric_id(setup),
            "everybody": everybody,
            "texts": texts,
            "from_week": week,
            "now": FRIDAY,
            **given,
        },
    )


def amounts(setup: Setup, ids: list[int], week: date = NEXT_WEEK) -> list[Decimal | None]:
    return [setup.in_force(one, week).get("Conversations") for one in ids]


def test_each_rep_has_a_number_from_a_monday_on(setup: Setup) -> None:
    team_id = setup.create().team_id
    first, second, third = ids = reps(setup, team_id, 3)
    later = NEXT_WEEK + 3 * WEEK
    saved = save(setup, team_id, {first: "20", second: "15", third: " "}, week=later)
    assert [(rep.slack_user_id, rep.amount) for rep in saved.changed] == [
        ("U100", Decimal(20)),
        ("U101", Decimal(15)),
    ]
    assert (saved.metric, saved.from_week, saved.unchanged) == ("Conversations", later, 1)
    assert amounts(setup, ids) == [None, None, None]
    assert amounts(setup, ids, later) == [20, 15, None]
    again = save(setup, team_id, {first: "20", second: "15", third: ""}, week=later)
    assert (again.changed, again.unchanged) == ((), 3)
    save(setup, team_id, {second: ""}, week=later + WEEK)
    assert amounts(setup, ids, later + WEEK) == [20, None, None]


def test_one_number_for_everybody_replaces_each(setup: Setup) -> None:
    team_id = setup.create().team_id
    ids = reps(setup, team_id, 3)
    save(setup, team_id, {ids[0]: "7"}, everybody="18", week=THIS_WEEK)
    assert amounts(setup, ids, THIS_WEEK) == [18, 18, 18]
    shown = form(setup)
    assert [rep.amount for rep in shown.reps] == [18, 18, 18]
    assert shown.weeks[:2] == (THIS_WEEK, NEXT_WEEK)


def test_a_signed_plan_keeps_its_target(setup: Setup) -> None:
    team_id = setup.create().team_id
    ids = reps(setup, team_id, 2)

    def sign(session: Session) -> None:
        plan = Plan(
            workspace_id=setup.workspace_id,
            member_id=ids[0],
            team_id=team_id,
            version=1,
            state="approved",
            currency="USD",
            period="quarter",
            begins_on=NEXT_WEEK,
            ends_on=NEXT_WEEK + 12 * WEEK,
            goal=Decimal(1),
            closed=Decimal(0),
            conversations=11,
            from_week=NEXT_WEEK,
            created_at=FRIDAY,
        )
        session.add(plan)

    setup.database.write_now(sign)
    saved = save(setup, team_id, {}, everybody="18")
    assert saved.planned == ("U100",)
    assert amounts(setup, ids) == [None, 18]
    assert [rep.planned for rep in form(setup).reps] == [True, False]
    with pytest.raises(FieldProblems) as refused:
        save(setup, team_id, {ids[0]: "12", ids[1]: "12"})
    assert list(refused.value.sentences) == [f"rep.{ids[0]}"]
    assert amounts(setup, ids) == [None, 18]
    save(setup, team_id, {ids[0]: "11", ids[1]: "12"})
    assert amounts(setup, ids)[1] == 12


def test_what_is_wrong_is_said_and_nothing_is_saved(setup: Setup) -> None:
    team_id = setup.create().team_id
    with pytest.raises(Refusal, match="Harbor has no reps yet"):
        form(setup)
    first, second = ids = reps(setup, team_id, 2)
    stranger = reps(setup, team_id, 3)[-1]
    setup.database.write_now(
        lambda s: setattr(
            s.exec(select(Enrolment).where(Enrolment.member_id == stranger)).one(),
            "ended_on",
            THIS_WEEK,
        )
    )
    with pytest.raises(FieldProblems) as refused:
        save(setup, team_id, {first: "many", second: "0"})
    assert list(refused.value.sentences) == [f"rep.{first}", f"rep.{second}"]
    with pytest.raises(FieldProblems) as refused:
        save(setup, team_id, {first: "1"}, everybody="-5")
    assert list(refused.value.sentences) == ["everybody"]
    for given, words in (
        ({"week": None}, "Choose the week"),
        ({"week": NEXT_WEEK + timedelta(days=1)}, "Choose the week"),
        ({"week": THIS_WEEK - 2 * WEEK}, "Choose the week"),
        ({"texts": {stranger: "5"}}, "Somebody left the team"),
        ({"metric_id": 99}, "This metric is not there any more"),
        ({"by": "U1"}, "Only coaches and workspace admins"),
        ({"team_id": 99}, "team"),
    ):
        arguments: dict[str, Any] = {"team_id": team_id, "texts": {first: "5"}, **given}
        with pytest.raises(Refusal, match=words):
            save(setup, **arguments)
    with pytest.raises(Refusal, match="This metric is not there any more"):
        form(setup, metric_id=99)
    assert amounts(setup, ids) == [None, None]


def test_a_week_that_was_asked_about_is_refused_with_names(setup: Setup) -> None:
    team_id = setup.create().team_id
    ids = reps(setup, team_id, 3)
    save(setup, team_id, {}, everybody="5", week=THIS_WEEK)
    setup.database.write_now(scheduling.schedule_due, now=FRIDAY + timedelta(days=3))
    with pytest.raises(Refusal, match="Rep U100 and 2 more were asked about this week already"):
        save(setup, team_id, {}, everybody="6", week=THIS_WEEK)
    with pytest.raises(Refusal, match="Rep U101 was asked about this week already"):
        save(setup, team_id, {ids[1]: "6"}, week=THIS_WEEK)


def test_a_large_team_has_pages_and_takes_no_more_statements(setup: Setup) -> None:
    team_id = setup.create().team_id
    own = MetricForm("Demos", "demos", "How many demos?", "asked")
    setup.metric(team_id, own)
    ids = reps(setup, team_id, 5)
    with counted(setup.database) as few:
        save(setup, team_id, {}, everybody="5")
    with counted(setup.database) as few_shown:
        form(setup)
    ids = reps(setup, team_id, team_targets.REPS_A_PAGE + 5)
    with counted(setup.database) as many:
        save(setup, team_id, {}, everybody="6")
    demos = metric_id(setup, "Demos")
    with counted(setup.database) as many_shown:
        second = form(setup, page=1, metric_id=demos)
    assert len(many) <= len(few)  # PostgreSQL gets many rows by COPY, which is not counted
    assert len(many_shown) == len(few_shown)
    assert (second.page, second.pages, len(second.reps)) == (1, 2, 5)
    assert form(setup, page=9).page == 1
    assert amounts(setup, ids[-1:]) == [6]
    assert setup.database.read_now(lambda s: s.get_one(Team, team_id)).name == "Harbor"
