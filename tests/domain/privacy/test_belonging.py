"""Which rows belong to a person or a check-in, and what may still point to them."""

from __future__ import annotations

import sqlalchemy as sa

from bot.database import columns
from bot.domain.privacy.belonging import below, parent_of, points_to
from bot.domain.privacy.registry import (
    BY_MODEL,
    OF_PEOPLE,
)
from bot.domain.tables import Agreement, Answer, CheckIn, Member, Plan, Target


def test_every_table_of_people_leads_to_a_member() -> None:
    everything = sa.true()
    assert [model for model, _ in below(Member, everything)] == [held.model for held in OF_PEOPLE]


def test_below_a_check_in_is_what_belongs_to_it_and_nothing_else() -> None:
    names = [BY_MODEL[model].name for model, _ in below(CheckIn, columns(CheckIn).id.in_([1, 2]))]
    assert names == [
        "answer_edit",
        "answer_correction",
        "answer",
        "reminder",
        "agreement",
        "alert",
        "praise",
        "check_in",
    ]


def test_the_parent_of_a_column_is_the_table_that_it_refers_to() -> None:
    assert parent_of(columns(Answer).check_in_id) is CheckIn
    assert parent_of(columns(Target).member_id) is Member


def test_rows_that_stay_may_point_to_rows_that_go() -> None:
    assert list(points_to(Plan)) == [(Plan, "based_on")]
    assert list(points_to(CheckIn)) == [(Agreement, "asked_in"), (Agreement, "step_asked_in")]
