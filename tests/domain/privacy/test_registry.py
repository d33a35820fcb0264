"""Every column is classified, and everything that shows people's data can be found from the person."""

from __future__ import annotations

import pytest
from sqlmodel import SQLModel

from bot.database import table
from bot.domain.outbox import outbox
from bot.domain.privacy.registry import (
    ALL,
    BY_MODEL,
    OF_PEOPLE,
    SHARED,
    SUBJECTS,
    Fate,
    Held,
    names_members,
)
from bot.domain.tables import Alert, Notice, Plan, Target
from bot.slack.delivery.rendering import READERS, RENDERERS
from tests.repository import ROOT

MEND = (
    "Say in bot/domain/privacy/registry.py what becomes of it when a person is deleted, "
    "and name it in PRIVACY.md."
)


def test_every_table_of_the_schema_is_in_the_registry() -> None:
    known = {held.name for held in ALL}
    assert set(SQLModel.metadata.tables) - known == set(), MEND
    assert len(known) == len(ALL)


@pytest.mark.parametrize("held", ALL, ids=lambda held: held.name)
def test_every_column_has_one_fate(held: Held) -> None:
    named = f"{held.removed} {held.anonymised} {held.kept}".split()
    assert set(named) == {column.name for column in table(held.model).columns}, MEND
    assert len(named) == len(set(named))
    assert held.hidden <= set(named)


@pytest.mark.parametrize("held", OF_PEOPLE, ids=lambda held: held.name)
def test_a_row_of_a_persons_goes_as_a_whole(held: Held) -> None:
    assert set(held.fates().values()) == {Fate.REMOVED}


@pytest.mark.parametrize("held", SHARED, ids=lambda held: held.name)
def test_what_names_people_in_others_rows_is_anonymised(held: Held) -> None:
    fates = held.fates()
    coaches = {"coach_id", "second_coach_id"}  # nobody is deleted while they coach
    for name in set(names_members(held)) - coaches:
        assert fates[name] is Fate.ANONYMISED


def test_rows_are_deleted_before_those_that_they_refer_to() -> None:
    order = [held.model for held in OF_PEOPLE]
    for at, held in enumerate(OF_PEOPLE):
        for column in table(held.model).columns:
            for key in column.foreign_keys:
                parent = next(one.model for one in ALL if table(one.model) is key.column.table)
                assert parent is held.model or parent not in order[:at], (held.name, column.name)


def test_columns_that_name_others_leave_the_owner_out() -> None:
    assert names_members(BY_MODEL[Target]) == ["set_by"]
    assert names_members(BY_MODEL[Alert]) == ["taken_by", "done_by", "passed_on_to"]
    assert names_members(BY_MODEL[Plan]) == ["coach_agreed_by", "signer_id", "decided_by"]
    assert names_members(BY_MODEL[Notice]) == []


def test_the_subjects_of_every_surface_are_known() -> None:
    assert {*READERS, *RENDERERS} <= set(SUBJECTS)
    assert not set(SUBJECTS) & outbox.ERASED


def source_table() -> str:
    """The table in PRIVACY.md, as the registry has it."""
    lines = ["| table | what it holds | when the person is deleted |", "|---|---|---|"]
    for held in ALL:
        parts = []
        for fate in Fate:
            names = [name for name, found in held.fates().items() if found is fate]
            if names:
                parts.append(f"{fate}: " + ", ".join(f"`{name}`" for name in names))
        lines.append(f"| `{held.name}` | {held.what} | {'; '.join(parts)} |")
    return "\n".join(lines)


def test_privacy_md_has_the_registry_word_for_word() -> None:
    text = (ROOT / "PRIVACY.md").read_text(encoding="utf-8")
    assert source_table() in text, f"PRIVACY.md needs this table:\n\n{source_table()}"
