"""A plan against reality: six weeks can disprove its pace or its ratios, and five can't."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.rules.ratios import Provenance
from bot.rules.reality import Disproof, PlanWeek, Why, became_measured, disproof

ASKED = (20, 8)


def week(conversations: int, base_moves: int, asked: tuple[int, int] = ASKED) -> PlanWeek:
    return PlanWeek(
        Decimal(conversations), Decimal(asked[0]), Decimal(base_moves), Decimal(asked[1])
    )


@pytest.mark.parametrize(
    ("weeks", "why"),
    [
        ([week(20, 8)] * 6, None),
        ([week(14, 6)] * 6, Why.PACE),
        ([week(14, 6)] * 5, None),  # five weeks are not enough
        ([week(15, 6)] * 6, None),  # three quarters of it is no other reality
        ([week(14, 6)] * 5 + [week(20, 6)], None),  # one week reached it, so it can be done
        ([week(30, 9)] * 6 + [week(14, 6)] * 6, Why.PACE),  # the last six count
        ([week(20, 5)] * 6, Why.RATES),
        ([week(18, 5)] * 6, Why.RATES),  # nine tenths of the conversations are the conversations
        ([week(17, 5)] * 6, None),  # with fewer it may be the effort, not the ratio
        ([week(20, 6)] * 6, None),
        ([week(40, 2)] * 3 + [week(0, 8)] * 3, Why.RATES),
        ([week(8, 3, (8, 4))] * 6, None),  # weeks with days off ask for less
        ([], None),
    ],
)
def test_what_disproves_a_plan(weeks: list[PlanWeek], why: Why | None) -> None:
    found = disproof(weeks)
    assert (found.why if found is not None else None) == why


def test_it_says_the_sums_of_the_six_weeks() -> None:
    expected = [Decimal(n) for n in (120, 120, 30, 48)]
    assert disproof([week(1, 1)] + [week(20, 5)] * 6) == Disproof(Why.RATES, 6, *expected)


@pytest.mark.parametrize("planned", list(Provenance))
@pytest.mark.parametrize("now", list(Provenance))
def test_only_an_assumed_ratio_becomes_measured(planned: Provenance, now: Provenance) -> None:
    expected = (planned, now) == (Provenance.ASSUMED, Provenance.MEASURED)
    assert became_measured(planned=planned, now=now) is expected
