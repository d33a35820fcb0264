"""What a team's plans are made with: who may set it, and what it may be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from bot.database import Database
from bot.domain.access import Caller
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.setup import plan_settings
from bot.domain.shown.plan_settings import PlanSettingsForm, PlanSettingsSaved
from bot.domain.tables import Member, Team
from tests.domain.conversations.rep import seed
from tests.seeding import seed_once

FORM = PlanSettingsForm("45", "20", "30", "6")


@pytest.fixture
def seeded(database: Database) -> Database:
    """A team that U0DANA coaches, U0ALEX is an admin, U0PRIYA a rep."""
    seed_once(database, seed)

    def make_admin(session: Session) -> None:
        session.get_one(Member, 4).is_admin = True

    database.write_now(make_admin)
    return database


def change(database: Database, form: PlanSettingsForm, by: str = "U0DANA") -> PlanSettingsSaved:
    return database.write_now(
        plan_settings.change_plan_settings, caller=Caller(1, by), team_id=1, form=form
    )


def settings(database: Database) -> list[int]:
    def read(session: Session) -> list[Any]:
        team = session.get_one(Team, 1)
        return [
            team.sales_cycle_days,
            team.conversation_minutes,
            team.weekly_hours,
            team.raise_after_weeks,
        ]

    return database.read_now(read)


@pytest.mark.parametrize("by", ["U0DANA", "U0ALEX"])
def test_the_coach_and_an_admin_see_and_change_them(seeded: Database, by: str) -> None:
    def shown() -> PlanSettingsForm:
        return seeded.read_now(
            plan_settings.plan_settings_form, caller=Caller(1, by), team_id=None
        ).form

    assert shown() == PlanSettingsForm("60", "30", "25", "4")
    assert change(seeded, FORM, by) == PlanSettingsSaved("East", 45, 20, 30, 6)
    assert shown() == FORM
    assert settings(seeded) == [45, 20, 30, 6]


def test_a_rep_can_do_neither(seeded: Database) -> None:
    with pytest.raises(Refusal, match="Only coaches and workspace admins"):
        seeded.read_now(plan_settings.plan_settings_form, caller=Caller(1, "U0PRIYA"), team_id=None)
    with pytest.raises(Refusal, match="Only the coach of East or a workspace admin"):
        change(seeded, FORM, "U0PRIYA")
    assert settings(seeded) == [60, 30, 25, 4]


BAD = [
    ("sales_cycle_days", "", "Type a number, like 17."),
    ("sales_cycle_days", "0", "Type days from 1 to 730."),
    ("sales_cycle_days", "731", "Type days from 1 to 730."),
    ("sales_cycle_days", "two months", "“two months” is not a number"),
    ("conversation_minutes", "-5", "It can't be below zero"),
    ("conversation_minutes", "0", "Type minutes from 1 to 480."),
    ("conversation_minutes", "481", "Type minutes from 1 to 480."),
    ("weekly_hours", "37.5", "“37.5” is not a whole number"),
    ("weekly_hours", "0", "Type hours from 1 to 80."),
    ("weekly_hours", "168", "Type hours from 1 to 80."),
    ("raise_after_weeks", "0", "Type weeks from 1 to 52."),
    ("raise_after_weeks", "53", "Type weeks from 1 to 52."),
]


def test_every_number_that_cannot_be_is_answered_and_nothing_is_changed(seeded: Database) -> None:
    for name, text, words in BAD:
        with pytest.raises(FieldProblems) as refused:
            change(seeded, replace(FORM, **{name: text}))
        [(field, sentence)] = refused.value.sentences.items()
        assert (field, sentence.startswith(words)) == (name, True), sentence
    with pytest.raises(FieldProblems) as refused:
        change(seeded, PlanSettingsForm("0", "x", "0", "0"))
    assert len(refused.value.sentences) == 4
    assert settings(seeded) == [60, 30, 25, 4]


def test_the_edges_are_taken(seeded: Database) -> None:
    for form in (PlanSettingsForm("1", "1", "1", "1"), PlanSettingsForm("730", "480", "80", "52")):
        change(seeded, form)
    assert settings(seeded) == [730, 480, 80, 52]
