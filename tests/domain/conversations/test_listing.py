"""A rep's own log: the conversations of two weeks page by page, and the deals by base."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.conversations import listing
from bot.domain.refusals import Refusal
from bot.domain.shown.log import DealPage, LogPage
from bot.rules.conversation import Base
from tests.counting import counted
from tests.domain.conversations.rep import LAST_WEEK, THIS_WEEK, TODAY, Rep


def my_week(rep: Rep, page: int = 0) -> LogPage:
    shown: LogPage = rep.do(listing.my_week, page=page)
    return shown


def my_deals(rep: Rep, page: int = 0) -> DealPage:
    shown: DealPage = rep.do(listing.my_deals, page=page)
    return shown


def test_my_week_has_the_conversations_of_two_weeks_the_newest_first(rep: Rep) -> None:
    rep.log("Acme 2nd 2026-11-12")
    rep.log("Acme home 5k asked")
    rep.log("Northwind 1st yesterday")
    gone = rep.log("Umbra")
    rep.undo(gone)
    Rep(rep.database, rep.clock, "U0SAM").log("Hooli")
    shown = my_week(rep)
    assert [(line.company, line.held_on.day) for line in shown.lines] == [
        ("Acme", 20),
        ("Northwind", 19),
        ("Acme", 12),
    ]
    assert [(w.week, w.conversations, w.base_moves, w.sales, w.editable) for w in shown.weeks] == [
        (THIS_WEEK, 2, 3, Decimal(5_000), True),
        (LAST_WEEK, 1, 2, Decimal(0), True),
    ]


def test_pages_have_all_of_it_and_one_too_far_is_the_last(rep: Rep) -> None:
    for number in range(listing.LINES + 1):
        rep.log(f"Company{number:03}Quay")
    first, second = my_week(rep), my_week(rep, 1)
    assert (len(first.lines), len(second.lines), first.pages) == (listing.LINES, 1, 2)
    assert {line.conversation_id for line in first.lines} & {
        second.lines[0].conversation_id
    } == set()
    assert my_week(rep, 7) == second
    assert [len(my_deals(rep, page).deals) for page in (0, 1, 2)] == [listing.LINES, 1, 1]
    assert my_deals(rep, 1).counts == ((Base.NONE, listing.LINES + 1),)


def test_a_deal_stands_on_its_base_since_it_reached_it_last(rep: Rep) -> None:
    rep.log("Acme 1st 2026-11-09")
    rep.log("Acme 2nd 2026-11-11")
    rep.log("Acme 2026-11-16")
    rep.log("Northwind 3rd 2026-11-10")
    rep.log("Hooli 2nd 2026-11-10")
    rep.log("Umbra 1st 2026-11-10")
    rep.log("Umbra lost")
    shown = my_deals(rep)
    assert [(d.company, d.base, d.on_base_since.day, d.last_held_on.day) for d in shown.deals] == [
        ("Northwind", Base.THIRD, 10, 10),
        ("Hooli", Base.SECOND, 10, 10),
        ("Acme", Base.SECOND, 11, 16),
    ]
    assert (shown.counts, shown.today) == (((Base.THIRD, 1), (Base.SECOND, 2)), TODAY)
    assert shown.today == date(2026, 11, 20)


def test_the_lists_take_as_many_statements_for_a_long_log_as_for_a_short_one(rep: Rep) -> None:
    def statements() -> int:
        with counted(rep.database) as found:
            rep.database.read_now(listing.my_week, caller=rep.caller, now=rep.clock.now())
            rep.database.read_now(listing.my_deals, caller=rep.caller, now=rep.clock.now())
        return len(found)

    rep.log("Acme 1st")
    few = statements()
    for number in range(6):
        rep.log(f"Company{number}Quay 1st")
    assert statements() == few


def test_only_a_rep_has_a_log(rep: Rep) -> None:
    for use_case in (listing.my_week, listing.my_deals):
        with pytest.raises(Refusal, match="not in a sales team"):
            Rep(rep.database, rep.clock, "U0ALEX").do(use_case)
