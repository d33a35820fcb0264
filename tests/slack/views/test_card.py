"""The card: sound whatever people typed, the goal that is furthest away drawn, and said once what is news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.shown.agreements import AgreementShown
from bot.domain.shown.alerts import TrendWeek
from bot.domain.shown.card import CardShown, DealStanding, PlanAgainst, RatioAgainst
from bot.domain.shown.momentum import MomentumShown
from bot.rules.leaks import Leak, Passed
from bot.rules.ratios import Step, ratio
from bot.rules.reality import Disproof, Why
from bot.slack.views.card import card_modal
from tests.slack.views.shown import READER
from tests.slack.views.sound import ODD, ODD_TEXTS, check_sound, text_of

MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def week(ago: int, calls: int | None, sales: int = 10, result: str = "missed") -> TrendWeek:
    numbers = (
        ("Calls", None if calls is None else Decimal(calls), Decimal(20)),
        ("Sales", Decimal(sales), Decimal(10)),
    )
    return TrendWeek(MONDAY - timedelta(weeks=ago), result, numbers)


ACT = AgreementShown(
    agreement_id=1,
    rep="U0PRIYA",
    coach="U0DANA",
    week=MONDAY,
    act="coach",
    note=ODD,
    step="Three plans",
    due_on=date(2026, 11, 27),
    agreed_at=NOW,
    otherwise=ODD,
    talked="yes",
    helped="no",
    kept="yes",
)
MEASURED = ratio(Step.FIRST, hits=12, trials=84, since=MONDAY)
RATIO = RatioAgainst(Step.FIRST, Decimal(20), "assumed", MEASURED, True, is_new=False)
SUMS = (Decimal(120), Decimal(120), Decimal(30), Decimal(48))
PLAN = PlanAgainst(1, date(2026, 12, 31), (RATIO,), Disproof(Why.RATES, 6, *SUMS))
CARD = CardShown(
    rep="U0PRIYA",
    name="Priya Nair",
    trend=(
        *(TrendWeek(MONDAY - timedelta(weeks=n), "none", ()) for n in range(11, 3, -1)),
        week(3, 22, result="met"),
        TrendWeek(MONDAY - timedelta(weeks=2), "away", ()),
        week(1, None, result="silent"),
        week(0, 8),
    ),
    units={"Calls": "count", "Sales": "money"},
    has_deals=True,
    leak=Leak(Step.SECOND, Passed(2, 14), Passed(9, 20)),
    momentum=MomentumShown("base move", 2, date(2027, 1, 11), 63, 9, True),
    steps=(replace(ACT, kept=None),),
    acts=(ACT,),
    deals=(DealStanding("Acme & Co", 2, date(2026, 9, 22), 63),),
    open_deals=61,
    plan=PLAN,
    reader=READER,
)


def said(shown: CardShown) -> str:
    view = card_modal(shown)
    check_sound(view)
    return text_of(view)


def test_the_goal_that_is_furthest_away_is_drawn_and_weeks_without_a_number_say_why() -> None:
    bars = said(CARD)
    assert bars.index("Calls\n") < bars.index("Sales: last £10 of £10, £10 a week on average")
    assert "26 Oct ██████████ 22 of 20\n" in bars
    assert " 2 Nov            away\n" in bars
    assert " 9 Nov            no answer\n" in bars
    assert "16 Nov ███▌       8 of 20" in bars
    assert "19 Oct" not in bars, "nobody asked before"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "*The leak is 1st → 2nd:* 14 % (2 of 14 in four weeks) against a usual 45 %."),
        ({"leak": None}, "*No leak:* every step carries as much as usual."),
        ({"leak": None, "has_deals": False}, "too few deals are logged to say where they stop"),
        ({}, "*Two weeks without a base move.*"),
        ({}, "*Three plans*, by Friday 27 November"),
        (
            {},
            "Coach by <@U0DANA>, Tuesday 24 November at 10:00: “Three plans” done, it did not help",
        ),
        ({"steps": (), "acts": ()}, "*Agreed:* nothing yet, and no act in twelve weeks."),
        (
            {},
            "*Deals that stand longest* (1 of 61 open)\nAcme &amp; Co: 2nd, 63 days (since 22 Sept)",
        ),
        ({"deals": (), "open_deals": 0}, "*Deals:* none is open on a base."),
        ({}, "conversation → 1st: 20 % planned (assumed), 14.3 % so far (12 of 84)"),
        ({"trend": (TrendWeek(MONDAY, "none", ()),)}, "no week was asked about yet"),
    ],
)
def test_what_the_card_says(changes: dict[str, object], words: str) -> None:
    assert words in said(replace(CARD, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Why.RATES, "disprove the plan’s ratios:* the conversations were held (120 of 120)"),
        (Why.PACE, "disprove the plan’s pace:* 120 conversations of the 120"),
    ],
)
@pytest.mark.parametrize("is_new", [True, False])
def test_what_six_weeks_disprove_is_marked_as_news_once(why: Why, words: str, is_new: bool) -> None:
    plan = replace(PLAN, disproof=Disproof(why, 6, *SUMS), is_new=is_new)
    found = said(replace(CARD, plan=plan))
    assert words in found
    assert (":new: *6 weeks" in found) is is_new


@pytest.mark.parametrize("is_new", [True, False])
def test_a_ratio_that_became_measured_is_announced_once(is_new: bool) -> None:
    plan = PlanAgainst(1, date(2026, 12, 31), (replace(RATIO, is_new=is_new),))
    words = (
        ":new: *conversation → 1st is measured now:* 14.2 %, from 12 of 84. The plan assumes 20 %."
    )
    assert (words in said(replace(CARD, plan=plan))) is is_new


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_the_card_is_sound_whatever_people_typed(odd: str) -> None:
    numbers = tuple((f"{n}{odd}"[:40], Decimal("1.5"), Decimal(0)) for n in range(13))
    trend = tuple(
        TrendWeek(MONDAY - timedelta(weeks=n), "missed", numbers) for n in range(11, -1, -1)
    )
    changes = {
        "name": odd,
        "trend": trend,
        "units": {name: odd[:20] for name, *_ in numbers},
        "steps": (replace(ACT, step=odd, kept=None),) * 9,
        "deals": (DealStanding(odd * 4, 4, MONDAY, 1),) * 5,
    }
    said(replace(CARD, **changes))  # type: ignore[arg-type]
