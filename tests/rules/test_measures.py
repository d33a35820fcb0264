"""What a history says for a plan: maturity, the sales cycle, ratios, the average sale, medians, the best weeks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.conversation import Base
from bot.rules.measures import (
    ENOUGH_REPS,
    LONGEST_CYCLE,
    AverageSale,
    BestWeeks,
    Deal,
    Median,
    average_sale,
    best_weeks,
    mature,
    medians,
    ratios_of,
    sales_cycle,
)
from bot.rules.ratios import Provenance, Ratio, Step, ratio

TODAY = date(2026, 11, 20)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def won(*, started: int, after: int, amount: int | None = 1_000) -> Deal:
    """A deal that began so many days ago and was won `after` days."""
    return Deal(
        started_on=ago(started),
        conversations=4,
        reached=Base.HOME,
        won_on=ago(started - after),
        amount=None if amount is None else Decimal(amount),
    )


# The sales cycle


def test_the_sales_cycle_is_the_median_so_one_slow_deal_does_not_move_it() -> None:
    deals = [won(started=360, after=days) for days in (20, 25, 30, 35, 350)]
    found = sales_cycle(deals, default=60, today=TODAY)
    assert (found.days, found.wins, found.provenance) == (30, 5, Provenance.MEASURED)


def test_half_a_day_counts_as_a_whole_one() -> None:
    deals = [won(started=300, after=days) for days in (10, 20, 30, 31, 40, 50)]
    assert sales_cycle(deals, default=60, today=TODAY).days == 31


def test_fewer_than_five_wins_leave_the_teams_number() -> None:
    found = sales_cycle([won(started=100, after=10)] * 4, default=45, today=TODAY)
    assert (found.days, found.wins, found.provenance) == (45, 4, Provenance.ASSUMED)


@pytest.mark.parametrize(("closed", "counts"), [(-1, False), (0, True), (364, True), (365, False)])
def test_wins_count_for_a_year_and_never_ahead(closed: int, counts: bool) -> None:
    deals = [won(started=closed + 10, after=10)]
    assert sales_cycle(deals, default=60, today=TODAY).wins == counts


def test_a_sales_cycle_of_many_years_is_cut() -> None:
    deals = [won(started=1_000, after=900)] * 5
    assert sales_cycle(deals, default=60, today=TODAY).days == LONGEST_CYCLE == 730


def test_a_deal_is_neither_won_nor_worth_anything_unless_it_says_so() -> None:
    deal = Deal(ago(10), 1, Base.FIRST)
    assert (deal.won_on, deal.amount) == (None, None)


# Maturity and ratios


@pytest.mark.parametrize(
    ("started", "counts"), [(59, False), (60, True), (424, True), (425, False)]
)
def test_a_deal_counts_from_one_sales_cycle_after_it_began_for_a_year(
    started: int, counts: bool
) -> None:
    deal = Deal(ago(started), 1, Base.FIRST)
    assert (deal in mature([deal], cycle_days=60, today=TODAY)) is counts


def test_each_step_divides_by_what_reached_the_base_before_and_the_first_by_conversations() -> None:
    deals = [
        Deal(ago(200), 1, Base.NONE),
        Deal(ago(190), 3, Base.FIRST),
        Deal(ago(210), 2, Base.SECOND),
        Deal(ago(150), 5, Base.HOME),
    ]
    found = ratios_of(deals)
    assert {step: (r.hits, r.trials) for step, r in found.items()} == {
        Step.FIRST: (3, 11),
        Step.SECOND: (2, 3),
        Step.THIRD: (1, 2),
        Step.HOME: (1, 1),
    }
    assert {r.since for r in found.values()} == {ago(210)}


def test_without_any_opportunity_all_is_assumed() -> None:
    assert {r.provenance for r in ratios_of([]).values()} == {Provenance.ASSUMED}
    assert {r.since for r in ratios_of([]).values()} == {None}


deals = st.builds(
    Deal,
    started_on=st.dates(date(2024, 1, 1), TODAY),
    conversations=st.integers(1, 9),
    reached=st.sampled_from(Base),
)


@given(st.lists(deals, max_size=40))
def test_every_ratio_is_one_whatever_the_history(history: list[Deal]) -> None:
    counted = mature(history, cycle_days=30, today=TODAY)
    for found in ratios_of(counted).values():
        assert 0 < found.percent <= 100


@given(st.lists(deals, max_size=40), st.lists(deals, max_size=10))
def test_what_has_not_matured_changes_no_ratio(history: list[Deal], recent: list[Deal]) -> None:
    young = [Deal(ago(5), deal.conversations, deal.reached) for deal in recent]
    assert ratios_of(mature(history + young, cycle_days=30, today=TODAY)) == ratios_of(
        mature(history, cycle_days=30, today=TODAY)
    )


# The average sale


def test_the_average_is_rounded_down_to_the_cent_and_leaves_out_sales_without_an_amount() -> None:
    sales = [won(started=90, after=10, amount=amount) for amount in (100, 100, 201, None)]
    sales.append(won(started=400, after=20, amount=9_000))  # more than a year ago
    assert average_sale(sales, today=TODAY) == AverageSale(
        Decimal("133.66"), 3, ago(80), Provenance.THIN
    )


def test_ten_sales_are_measured() -> None:
    found = average_sale([won(started=90, after=10)] * 10, today=TODAY)
    assert found == AverageSale(Decimal(1_000), 10, ago(80), Provenance.MEASURED)


@pytest.mark.parametrize(("closed", "counts"), [(-1, False), (0, True), (364, True), (365, False)])
def test_sales_count_for_a_year_and_never_ahead(closed: int, counts: bool) -> None:
    found = average_sale([won(started=closed + 10, after=10)], today=TODAY)
    assert (found is not None) is counts


def test_a_whole_amount_is_shown_whole() -> None:
    found = average_sale([won(started=90, after=10, amount=1)], today=TODAY)
    assert found is not None
    assert str(found.amount) == "1"


@pytest.mark.parametrize("sold", [[], [0], [None]])
def test_no_sale_no_average(sold: list[int | None]) -> None:
    sales = [won(started=90, after=10, amount=amount) for amount in sold]
    assert average_sale(sales, today=TODAY) is None


# Medians of a team


def measured(percent: int, *, trials: int = 100) -> dict[Step, Ratio]:
    return {
        step: ratio(step, hits=percent * trials // 100, trials=trials, since=TODAY) for step in Step
    }


def test_the_median_of_three_reps_and_how_many_they_are() -> None:
    found = medians([measured(10), measured(40), measured(20)])
    assert found[Step.FIRST] == Median(Decimal("20.0"), 3)


def test_of_four_it_lies_between_the_two_in_the_middle() -> None:
    reps = [measured(10), measured(21), measured(24), measured(90)]
    assert medians(reps)[Step.HOME] == Median(Decimal("22.5"), 4)


def test_a_median_is_rounded_down_to_a_tenth() -> None:
    reps = [
        {step: ratio(step, hits=hits, trials=1_000, since=TODAY) for step in Step}
        for hits in (103, 104, 50, 900)
    ]
    assert medians(reps)[Step.HOME] == Median(Decimal("10.3"), 4)


def test_thin_and_assumed_ratios_are_left_out_and_two_reps_give_no_median() -> None:
    reps = [measured(10), measured(40), measured(50, trials=10), ratios_of([])]
    assert medians(reps)[Step.SECOND] == Median(None, 2)
    assert ENOUGH_REPS == 3


def test_nobody_has_no_median() -> None:
    assert set(medians([]).values()) == {Median(None, 0)}


# The best weeks


def test_the_best_four_weeks_in_a_row_and_when_they_were() -> None:
    last = date(2026, 11, 16)
    counts = [9, 9, 0, 5, 6, 7, 8, 1]
    assert best_weeks(counts, last=last) == BestWeeks(
        Decimal("6.5"), date(2026, 10, 19), date(2026, 11, 9)
    )


def test_of_equal_ones_the_latest() -> None:
    last = date(2026, 11, 16)
    found = best_weeks([3] * 10, last=last)
    assert found == BestWeeks(Decimal(3), date(2026, 10, 26), last)


def test_three_weeks_are_too_few() -> None:
    assert best_weeks([9, 9, 9], last=date(2026, 11, 16)) is None
