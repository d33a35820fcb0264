"""Targets of a rep, as a coach types them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.setup import (
    MetricForm,
)
from bot.domain.tables import Member, Target
from tests.domain.setting_up import FORM, FRIDAY, NEXT_WEEK, THIS_WEEK, Setup


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
