"""What one deal of a CRM becomes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.domain.imports.crm_deals import CrmDeal, DealCells, kept_apart, read_deal
from bot.domain.refusals import FieldProblems
from bot.rules.crm_columns import Field
from bot.rules.crm_stages import read_stage


def day(number: int) -> date:
    return date(2026, 3, number)


def deal(line: int = 2, entered: dict[str, int] | None = None, **said: Any) -> CrmDeal:
    """A deal with Acme: words are cells, numbers are days of March."""
    text = {"company": "Acme", **{name: one for name, one in said.items() if isinstance(one, str)}}
    dates = {Field(name): day(one) for name, one in said.items() if isinstance(one, int)}
    stages = [(read_stage(name), day(on)) for name, on in (entered or {}).items()]
    cells = DealCells(line, "U0PRIYA", lambda field: text.get(field, ""), dates, stages)  # type: ignore[arg-type]
    return read_deal(cells, read_stage)


def events(found: CrmDeal) -> list[tuple[int, str, str]]:
    return [(event.on.day, event.base.label, event.outcome.value) for event in found.events]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            {"stage": "Closed Won", "created": 1, "closed": 9},
            [(1, "none", "open"), (9, "home", "won")],
        ),
        (
            {"stage": "Closed Lost", "created": 1, "closed": 9},
            [(1, "none", "open"), (9, "none", "lost")],
        ),
        ({"stage": "Demo", "status": "Lost", "lost": 9}, [(9, "2nd", "lost")]),
        ({"stage": "Demo", "status": "Won", "closed": 9, "won": 8}, [(8, "home", "won")]),
        ({"stage": "Demo", "created": 1, "closed": 9}, [(1, "2nd", "open")]),
        ({"stage": "Demo", "created": 1, "changed": 5}, [(1, "none", "open"), (5, "2nd", "open")]),
        ({"stage": "Prospecting", "created": 1, "changed": 5}, [(1, "none", "open")]),
        (
            {"stage": "Contract Sent", "created": 1, "changed": 7, "entered": {"1st": 1, "2nd": 3}},
            [(1, "1st", "open"), (3, "2nd", "open"), (7, "3rd", "open")],
        ),
        (  # the closing day was typed too early: the stage's day moves with it
            {"stage": "Closed Lost", "closed": 4, "entered": {"1st": 2, "2nd": 6}},
            [(2, "1st", "open"), (4, "2nd", "open"), (4, "none", "lost")],
        ),
        (
            {"stage": "Closed Won", "created": 1, "entered": {"Won": 6}},
            [(1, "none", "open"), (6, "home", "won")],
        ),
        (  # two stages are 2nd base: the earlier one counts
            {"stage": "Demo", "entered": {"Demo": 6, "Qualified to buy": 4}},
            [(4, "2nd", "open")],
        ),
    ],
)
def test_a_deal_is_its_beginning_its_bases_and_its_end(
    said: dict[str, Any], expected: list[tuple[int, str, str]]
) -> None:
    assert events(deal(**said)) == expected


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"stage": "Closed Won", "created": 1}, "needs the day"),
        ({"stage": "Demo"}, "needs the day on which it began"),
        ({"stage": "Odd", "created": 1}, "“Odd” is no stage that Basecoach knows"),
        ({"stage": "Demo", "status": "hot", "created": 1}, "“hot” is no status"),
    ],
)
def test_a_deal_that_cannot_be_taken_says_why(said: dict[str, Any], words: str) -> None:
    with pytest.raises(FieldProblems, match=words):
        deal(**said)


def test_only_a_won_deal_has_an_amount_and_its_currency() -> None:
    won = deal(stage="Won", closed=9, created=1, amount="12,500", currency="USD")
    assert [row["amount"] for row in won.rows()] == ["", "USD 12,500"]
    signed = deal(stage="Won", closed=9, amount="$12,500", currency="USD")
    assert [row["amount"] for row in signed.rows()] == ["$12,500"]


def test_deals_at_the_same_time_are_kept_apart_and_later_ones_are_not() -> None:
    first = deal(2, stage="Won", created=1, closed=9, deal="One")
    beside = deal(3, stage="Demo", created=9, deal="Two")
    later = deal(4, stage="Demo", created=10, deal="Three")
    names = [one.company for one in kept_apart([beside, later, first])]
    assert names == ["Acme (Two)", "Acme", "Acme"]
