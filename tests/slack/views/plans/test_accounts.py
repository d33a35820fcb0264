"""The account of a plan's period, as rep and coach read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.shown.plan_accounts import AccountShown, Sum
from bot.slack.views.plans import accounts
from tests.slack.views.plans.shown import READER, REP, SPAN, buttons_of
from tests.slack.views.sound import ODD, check_sound, text_of

SHOWN = AccountShown(
    plan_id=7,
    version=3,
    rep="U0OWNREP",
    rep_name="Priya Nair",
    reader=READER,
    span=SPAN,
    goal=Decimal(600_000),
    closed=Decimal(540_000),
    sums=(
        Sum("Conversations", Decimal(1_012), Decimal(980)),
        Sum("Base moves", Decimal(414), Decimal(400)),
    ),
    weeks={"met": 40, "missed": 1, "silent": 1, "away": 4},
    weeks_left=1,
    targets_until=date(2027, 1, 31),
)


def test_the_rep_reads_the_account_and_can_start_afresh() -> None:
    message = accounts.ended_reply_message(SHOWN)
    check_sound(message)
    said = text_of(message)
    for line in (
        "*The time of your plan is over*, version 3, 1 January – 31 December 2026.",
        "*$540,000* sold of the *$600,000* planned: $60,000 short",
        "*980* of *1,012* conversations",
        "*400* of *414* base moves",
        "46 weeks: 40 met, 1 missed, 1 without an answer, 4 away",
        "Its targets stand until 31 January 2027.",
    ):
        assert line in said
    assert buttons_of(message) == {"plan.afresh", "plan.see"}


def test_the_coach_reads_the_same_and_starts_no_plan_for_the_rep() -> None:
    for view in (accounts.ended_message, accounts.reached_message):
        message = view(replace(SHOWN, rep_name=ODD))
        check_sound(message)
        assert REP in text_of(message)
        assert "980* of *1,012* conversations" in text_of(message)
        assert buttons_of(message) == {"plan.see"}


@pytest.mark.parametrize(
    ("closed", "words"),
    [(600_000, "planned: all of it"), (650_000, "planned: $50,000 above it")],
)
def test_a_goal_that_is_reached_early(closed: int, words: str) -> None:
    message = accounts.reached_reply_message(replace(SHOWN, closed=Decimal(closed)))
    check_sound(message)
    assert words in text_of(message)
    assert (
        "*You reached the goal of your plan early*, version 3, 1 week before its end."
        in text_of(message)
    )
    assert "stand until the plan ends on 31 December 2026" in text_of(message)
    last = accounts.reached_reply_message(replace(SHOWN, weeks_left=0))
    assert "in its last week" in text_of(last)


def test_what_follows_is_named_and_nothing_is_started_twice() -> None:
    followed = replace(
        SHOWN, next_version=4, next_from=date(2027, 1, 4), can_start=False, weeks={}, sums=()
    )
    message = accounts.ended_reply_message(followed)
    check_sound(message)
    assert "The next plan, version 4, counts from 4 January 2027 on." in text_of(message)
    assert buttons_of(message) == {"plan.see"}
    others = accounts.ended_reply_message(replace(SHOWN, targets_until=None))
    assert "What your targets were set to since then stays." in text_of(others)
