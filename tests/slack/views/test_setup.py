"""The views of setting up are what Slack takes, whatever names people chose."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.shown.plan_settings import (
    PlanSettingsForm,
    PlanSettingsSaved,
    PlanSettingsShown,
)
from bot.domain.shown.reader import Reader
from bot.domain.shown.setup import (
    Channel,
    Checklist,
    Choice,
    Enrolled,
    EnrolSaved,
    EnrolShown,
    Menu,
    MetricShown,
    Missing,
    OwnMetric,
    RepCard,
    RepShown,
    RepsShown,
    ScheduleForm,
    ScheduleShown,
    TargetRow,
    TargetsSaved,
    TargetsShown,
    TeamForm,
    TeamReps,
    TeamSaved,
    TeamShown,
)
from bot.rules.weeks import DEFAULT_SCHEDULE
from bot.sandbox.block_kit.checks import check_message, check_view
from bot.slack.views.blocks import home
from bot.slack.views.setup import done as done
from bot.slack.views.setup import menu as views
from bot.slack.views.setup import metrics as metric_views
from bot.slack.views.setup import plan_settings as plan_views
from bot.slack.views.setup import reps as rep_views
from bot.slack.views.setup import team as team_views
from bot.slack.views.setup.inputs import Filled

NASTY = "<!channel> & *Ltd* <@U0BOSS> " + "n" * 60
READER = Reader("Europe/London", "en_GB", "GBP")
MONDAY = date(2026, 11, 23)
DUE = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
ROWS = (
    TargetRow(1, "Conversations", "count", Decimal(20), Decimal(25)),
    TargetRow(3, "Sales", "money", Decimal("12500.50"), Decimal("12500.50")),
    TargetRow(9, NASTY[:40], "hours", None, None),
)
TEAMS = (Choice(1, NASTY), Choice(2, "North"))
OWN = tuple(OwnMetric(n, 1, NASTY, NASTY[:40], "hours", NASTY, "hand") for n in range(1, 11))
SAVED = TeamSaved(1, NASTY, "U0DANA", None, DEFAULT_SCHEDULE, True, 0)
REP = Enrolled(7, "U0SAM", NASTY, "created", "America/New_York", True, DUE, MONDAY, False)
ENROLLED = EnrolSaved(1, NASTY, None, None, (REP,) * 20, READER)


def reps(number: int) -> RepsShown:
    rep = RepShown(7, "U0SAM", NASTY, ROWS, "America/New_York", True, None, DUE)
    gone = replace(rep, inactive_because="deactivated", next_due_at=None)
    return RepsShown(
        (TeamReps(1, NASTY, "GBP", (rep, gone) * number), TeamReps(2, "N", "USD", ())), READER
    )


def targets(number: int) -> TargetsShown:
    people = tuple(Choice(n, NASTY) for n in range(1, number + 1))
    return TargetsShown(((TEAMS[0], people),), 1, NASTY, ROWS, MONDAY, READER)


MODALS: dict[str, Any] = {
    "menu of an admin": views.menu_view(Menu(True, 2, 5)),
    "menu of a first admin": views.menu_view(Menu(True, 0, 0)),
    "menu of a coach": views.menu_view(Menu(False, 1, 0)),
    "reps": views.reps_view(reps(2)),
    "many reps": views.reps_view(reps(100)),
    "new team": team_views.team_view(
        TeamShown(TEAMS, None, TeamForm(coach="U0ALEX", schedule=ScheduleForm()), "Harbor")
    ),
    "public channel": team_views.team_view(
        TeamShown(
            tuple(Choice(n, NASTY) for n in range(1, 200)),
            150,
            TeamForm(NASTY[:80], "U0DANA", "U0MORGAN", "C0GENERAL"),
            NASTY,
            Channel("C0GENERAL", NASTY, is_private=False, is_member=True),
        )
    ),
    "schedule": team_views.schedule_view(ScheduleShown(TEAMS, 2, ScheduleForm())),
    "schedule of the only team": team_views.schedule_view(
        ScheduleShown(TEAMS[:1], 1, ScheduleForm(check_in_at=None))
    ),
    "plan settings": plan_views.plan_settings_view(
        PlanSettingsShown(TEAMS, 2, PlanSettingsForm("60", "30", "25", "4"))
    ),
    "plan settings of the only team": plan_views.plan_settings_view(
        PlanSettingsShown(TEAMS[:1], 1, PlanSettingsForm())
    ),
    "plan settings done": plan_views.plan_settings_done(PlanSettingsSaved(NASTY, 1, 30, 25, 1)),
    "enrol": rep_views.enrol_view(EnrolShown(TEAMS, 1)),
    "targets": rep_views.targets_view(targets(3)),
    "targets of many": rep_views.targets_view(targets(101)),
    "whose targets": rep_views.targets_view(
        replace(targets(3), member_id=None, name="", rows=(), this_week=None)
    ),
    "metric": metric_views.metric_view(MetricShown(TEAMS, 1, OWN)),
    "rename": metric_views.rename_view(OWN[0]),
    "archive": metric_views.archive_view(OWN[0]),
    "zone": rep_views.zone_view(RepCard(7, "U0SAM", NASTY, NASTY, "UTC")),
    "remove": rep_views.remove_view(RepCard(7, "U0SAM", NASTY, NASTY, "UTC")),
    "team done": done.team_done(SAVED),
    "team changed": done.team_done(replace(SAVED, channel="C0COACH", is_new=False, reps=3)),
    "schedule done": done.schedule_done(replace(SAVED, reps=3)),
    "enrol done": done.enrol_done(ENROLLED),
    "enrolled already": done.enrol_done(
        replace(
            ENROLLED,
            channel="C0COACH",
            channel_problem="not_in_channel",
            reps=(replace(REP, change="unchanged", next_due_at=None, has_targets=True),),
        )
    ),
    "targets done": done.targets_done(
        TargetsSaved(
            7, "U0SAM", NASTY, True, MONDAY, ROWS, (NASTY,), DUE, "America/New_York", READER
        )
    ),
    "targets unchanged": done.targets_done(
        TargetsSaved(7, "U0SAM", NASTY, False, MONDAY, (), (), None, "UTC", READER)
    ),
    "metric done": done.metric_done(OWN[0], what="added"),
    "zone done": done.zone_done("U0SAM", "Europe/London"),
    "removed": done.removed("U0SAM"),
}


def texts(node: Any, kind: str) -> list[str]:
    """Every text of one kind, wherever it is."""
    if isinstance(node, dict):
        own = [node["text"]] if node.get("type") == kind and isinstance(node["text"], str) else []
        return own + [text for value in node.values() for text in texts(value, kind)]
    if isinstance(node, list):
        return [text for value in node for text in texts(value, kind)]
    return []


@pytest.mark.parametrize("name", MODALS)
def test_slack_takes_the_modal(name: str) -> None:
    assert check_view(MODALS[name], kind="modal") == []


@pytest.mark.parametrize("name", MODALS)
def test_what_people_typed_mentions_nobody(name: str) -> None:
    for text in texts(MODALS[name], "mrkdwn"):
        assert "<!channel>" not in text
        assert "<@U0BOSS>" not in text


def test_the_usage_says_back_what_was_typed_and_mentions_nobody() -> None:
    for message in (
        views.usage_message(),
        views.usage_message(NASTY),
        views.usage_message("n" * 5000),
    ):
        assert check_message(message["blocks"]) == []
        assert "<!channel>" not in message["text"]
    assert "“&lt;!channel&gt; &amp;" in views.usage_message(NASTY)["text"]


def test_the_checklist_fits_into_home() -> None:
    missing = tuple(
        Missing(kind, NASTY * 3, form, 7)
        for kind, form in zip(
            "abcdef", ("team", "enrol", "targets", "zone", "reps", None), strict=True
        )
    )
    for checklist in (
        Checklist(0, 0, (Missing("no_team", "There is no team yet.", "team"),)),
        Checklist(2, 5, missing * 10),
        Checklist(2, 5, ()),
    ):
        view = home(views.checklist_blocks(checklist))
        assert check_view(view, kind="home") == []
        assert "<!channel>" not in "".join(texts(view, "mrkdwn"))


def test_each_button_of_the_checklist_opens_a_form() -> None:
    blocks = views.checklist_blocks(Checklist(1, 1, (Missing("no_zone", "x", "zone", 7),)))
    button = blocks[0]["accessory"]
    assert (button["action_id"], button["value"]) == ("setup.open.zone", "7")


def test_moments_are_told_on_the_clock_of_whom_they_are_about() -> None:
    text = "".join(texts(MODALS["enrol done"], "mrkdwn"))
    assert "Monday 30 November at 09:00, New York time" in text
    assert "about the week 23–29 November" in text


def test_a_target_stands_in_its_form_as_it_would_be_typed() -> None:
    inputs = {
        b["block_id"]: b["element"] for b in MODALS["targets"]["blocks"] if b["type"] == "input"
    }
    assert inputs["amount.1"]["initial_value"] == "25"
    assert inputs["amount.3"]["initial_value"] == "£12,500.50"
    assert "initial_value" not in inputs["amount.9"]


def test_a_form_about_somebody_else_does_not_keep_what_was_typed() -> None:
    def action_ids(view: dict[str, Any]) -> set[str]:
        return {b["element"]["action_id"] for b in view["blocks"] if b["type"] == "input"}

    mine, other = targets(3), replace(targets(3), member_id=2)
    assert not action_ids(rep_views.targets_view(mine)) & action_ids(rep_views.targets_view(other))


def state(**values: dict[str, Any]) -> dict[str, Any]:
    return {"state": {"values": {block: {"any": element} for block, element in values.items()}}}


def test_what_was_filled_in_is_read_back() -> None:
    view = state(
        name={"type": "plain_text_input", "value": "Harbor"},
        coach={"type": "users_select", "selected_user": "U1"},
        channel={"type": "conversations_select", "selected_conversation": "C1"},
        check_in_day={"type": "static_select", "selected_option": {"value": "2"}},
        check_in_at={"type": "timepicker", "selected_time": "10:30"},
        deadline_day={"type": "static_select", "selected_option": {"value": "3"}},
        deadline_at={"type": "timepicker", "selected_time": "17:00"},
        currency={"type": "plain_text_input", "value": "eur"},
        **{"public.C1": {"type": "checkboxes", "selected_options": [{"value": "yes"}]}},
    )
    form, confirmed = team_views.read_team(view)
    assert confirmed
    assert form == TeamForm(
        "Harbor", "U1", None, "C1", ScheduleForm(2, time(10, 30), 3, time(17)), "eur"
    )


@pytest.mark.parametrize(
    "view",
    [
        {},
        {"state": None},
        {"state": {"values": {"name": {"any": None}}}},
        state(
            name={"value": ["a"]},
            coach={"selected_user": 7},
            check_in_at={"selected_time": "25:99"},
            check_in_day={"selected_option": {"value": "9"}},
            reps={"selected_users": [None, 3]},
        ),
    ],
)
def test_a_form_of_the_wrong_shape_reads_as_empty(view: dict[str, Any]) -> None:
    form, confirmed = team_views.read_team(view)
    assert (form.name, form.coach, confirmed) == ("", None, False)
    assert rep_views.read_reps(view) == []
    assert rep_views.read_targets(view) == ({}, "")
    assert Filled(view).at("check_in_at") is None
