"""The modals that ask for numbers: sound, whatever names people gave, and clear about which number decides."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.shown.checkins import NumberQuestion
from bot.slack.views.checkins.forms import form_modal, number_modal
from tests.slack.views.shown import (
    CHECK_IN,
    METRIC,
    MISSED,
    MONDAY,
    MOST_METRICS,
    NOW,
    ODD_QUESTION,
    QUESTION,
    READER,
    TWO_AWAY,
    UNIT,
)
from tests.slack.views.sound import ODD, check_sound, text_of

NUMBER = NumberQuestion(
    answer_id=1,
    name=METRIC,
    unit=UNIT,
    question=ODD,
    target=Decimal("3.5"),
    initial=Decimal("1.5"),
    pressed="yes",
    logged=Decimal("1.5"),
    reader=READER,
    week=MONDAY,
    late=False,
    deadline_at=NOW,
    full_target=Decimal("7.5"),
    work=TWO_AWAY,
)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"pressed": "no"},
        {"pressed": None, "logged": None, "initial": None},
        {"late": True},
        {"unit": "money"},
        {"unit": "count", "full_target": None},
    ],
)
@pytest.mark.parametrize("closed_meanwhile", [True, False])
def test_the_number_is_asked_for_in_a_sound_modal(
    changes: dict[str, Any], closed_meanwhile: bool
) -> None:
    question = replace(NUMBER, **changes)
    reply = "https://hooks.slack.com/" + "x" * 200
    check_sound(number_modal(question, closed_meanwhile=closed_meanwhile, reply=reply))


def test_the_number_form_shows_the_share_of_a_short_week() -> None:
    question = replace(NUMBER, unit="count", target=Decimal(12), full_target=Decimal(20))
    question = replace(question, logged=Decimal(3))
    said = text_of(number_modal(question))
    assert "*Yes*, and the log says 3 of 12 (20 a week, 2 of 5 days away). Which" in said
    changed = number_modal(replace(question, pressed=None))
    assert "was 12 (20 a week, 2 of 5 days away). The number" in text_of(changed)


@pytest.mark.parametrize("closed_meanwhile", [True, False])
@pytest.mark.parametrize("changes", [{}, {"closed": True}, {"deadline_at": None}, {"work": None}])
def test_all_questions_together_make_a_sound_modal(
    changes: dict[str, Any], closed_meanwhile: bool
) -> None:
    shown = replace(CHECK_IN, questions=(QUESTION, ODD_QUESTION, MISSED), **changes)
    check_sound(form_modal(shown, closed_meanwhile=closed_meanwhile))


def test_as_many_questions_as_a_team_has_metrics_fit() -> None:
    many = tuple(replace(ODD_QUESTION, answer_id=n, name="&" * 40) for n in range(MOST_METRICS))
    view = form_modal(replace(CHECK_IN, questions=many))
    check_sound(view)
    assert sum(block["type"] == "input" for block in view["blocks"]) == MOST_METRICS
    assert "goal 12 (20 a week, 2 of 5 days away)" in text_of(form_modal(CHECK_IN))
