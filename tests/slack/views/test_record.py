"""A rep's record: sound whatever people wrote, whole pages fit, and every trail is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.shown.log import RepLog
from bot.domain.shown.record import (
    AlertOfWeek,
    Correction,
    CorrectionForm,
    Earlier,
    GoalOfWeek,
    RecordPage,
    WeekOfRecord,
)
from bot.rules.absences import WorkWeek
from bot.slack.views.record import correction_modal, log_modal, record_modal
from tests.slack.views.conversations.test_listing import LAST, LINE, THIS
from tests.slack.views.shown import MOST_METRICS, NOW, READER
from tests.slack.views.sound import ODD, ODD_TEXTS, check_sound, text_of

GOAL = GoalOfWeek(
    answer_id=1,
    name="Conversations",
    unit="count",
    target=Decimal(12),
    full_target=Decimal(20),
    number=Decimal(11),
    logged=Decimal(9),
    verdict="no",
    late=True,
    earlier=(Earlier(Decimal(7), NOW, False),),
    corrections=(Correction(Decimal(10), "Counted twice", "U0DANA", NOW),),
)
ALERT = AlertOfWeek(NOW, "U0DANA", "U0DANA", NOW, "Called.")
WEEK = WeekOfRecord(
    check_in_id=1,
    week=date(2026, 11, 16),
    result="missed",
    not_asked_because=None,
    completed_at=NOW,
    late=True,
    work=WorkWeek(5, off=2),
    goals=(GOAL, replace(GOAL, number=None, verdict=None, earlier=(), corrections=())),
    alert=ALERT,
    correctable=True,
)
PAGE = RecordPage("U0SAM", "Sam Ortiz", False, (WEEK,), 0, 2, READER)
FORM = CorrectionForm(1, "Sam Ortiz", WEEK.week, (GOAL,), READER)


def test_a_week_tells_its_numbers_changes_corrections_and_alert() -> None:
    said = text_of(record_modal(PAGE))
    assert "*16–22 November*   :large_red_square: missed, answered late" in said
    assert ":x: Conversations: 11 of 12 (20 a week) (the log said 9, late)" in said
    assert "was 7, Thursday 3 December at 10:12" in said
    assert "10 would be right, noted by <@U0DANA> Thursday 3 December at 10:12: Counted" in said
    assert ":white_circle: Conversations: no answer, the goal was 12 (20 a week)" in said
    assert ":palm_tree: 2 of 5 days away." in said
    assert "done by <@U0DANA> Thursday 3 December at 10:12. “Called.”" in said
    assert "Page 1 of 2" in said
    own = record_modal(replace(PAGE, own=True, weeks=()))
    assert (own["title"]["text"], text_of(own)) == (
        "My history",
        "No week was asked about yet.\nMore\nPage 1 of 2",
    )


@pytest.mark.parametrize("odd", [ODD, *ODD_TEXTS])
def test_full_pages_are_sound_whatever_people_wrote(odd: str) -> None:
    correction = Correction(Decimal(1), (odd * 4)[:300], "U0DANA", NOW)
    goal = replace(GOAL, name=odd[:40], unit=odd[:20], corrections=(correction,) * 3)
    alert = AlertOfWeek(NOW, None, "U0DANA", NOW, odd[:80] * 5)
    week = replace(WEEK, goals=(goal,) * MOST_METRICS, alert=alert, not_asked_because=odd)
    check_sound(record_modal(replace(PAGE, name=odd, weeks=(week,) * 6, page=1, pages=3)))
    check_sound(correction_modal(replace(FORM, name=odd, goals=(goal,) * MOST_METRICS), page=0))
    lines = tuple(replace(LINE, company=odd[:80]) for _ in range(150))
    check_sound(log_modal(RepLog("U0SAM", (THIS, LAST), lines, 0, 3, READER)))


@pytest.mark.parametrize(
    ("taken_by", "words"), [("U0DANA", "taken by <@U0DANA>."), (None, "nobody took it yet.")]
)
def test_an_alert_that_waits_says_so(taken_by: str | None, words: str) -> None:
    alert = replace(ALERT, done_by=None, taken_by=taken_by)
    assert words in text_of(record_modal(replace(PAGE, weeks=(replace(WEEK, alert=alert),))))
