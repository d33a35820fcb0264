"""Dates as files show them: what is read, and where the order of day and month comes from."""

from __future__ import annotations

from datetime import date

import pytest

from bot.rules.file_dates import DayOrder, MixedOrders, infer_order, read_file_date

NOVEMBER_3 = date(2026, 11, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03",
        "2026-11-03 14:05",
        "2026-11-03T14:05:09.000Z",
        "2026/11/3",
        "3 Nov 2026",
        "03-Nov-26",
        "November 3, 2026",
        "Nov 3rd, 2026",
        "3. November 2026",
        "3 novembre 2026",
        "3 de noviembre de 2026",
    ],
)
def test_a_date_that_can_be_read_in_one_way_needs_no_order(text: str) -> None:
    assert read_file_date(text, None) == NOVEMBER_3


@pytest.mark.parametrize(
    "text", ["3/11/2026", "03.11.2026", "3. 11. 2026", "03-11-26", "3/11/2026 2:05 PM"]
)
def test_numbers_are_read_in_the_order_of_the_file_and_never_without_one(text: str) -> None:
    assert read_file_date(text, DayOrder.DAY_FIRST) == NOVEMBER_3
    assert read_file_date(text, DayOrder.MONTH_FIRST) == date(2026, 3, 11)
    assert read_file_date(text, None) is None


@pytest.mark.parametrize("text", ["46349", "31/02/2026", "soon", "2026-13-01", "3 Foo 2026"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_file_date(text, DayOrder.DAY_FIRST) is None


@pytest.mark.parametrize(
    ("texts", "order", "doubt"),
    [
        (["03/04/2026", "13/04/2026"], DayOrder.DAY_FIRST, None),
        (["03/04/2026", "04/13/2026"], DayOrder.MONTH_FIRST, None),
        (["03/04/2026", "05/05/2026"], None, "03/04/2026"),
        (["05/05/2026", "2026-11-03", "", "soon"], None, None),
    ],
)
def test_the_order_comes_from_the_whole_file(
    texts: list[str], order: DayOrder | None, doubt: str | None
) -> None:
    found = infer_order(enumerate(texts, start=2))
    assert (found.order, found.doubt) == (order, doubt)


def test_a_file_with_both_orders_is_refused_with_both_lines() -> None:
    with pytest.raises(MixedOrders) as mixed:
        infer_order([(2, "13/04/2026"), (3, "01/02/2026"), (4, "04/13/2026")])
    assert (mixed.value.day_first, mixed.value.month_first) == (2, 4)
