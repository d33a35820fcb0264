"""Which conversations belong to one deal, and where it stands."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.shown.conversations import Count, Logged
from bot.rules.conversation import Base, DealOutcome
from tests.domain.conversations.rep import LAST_WEEK, THIS_WEEK, Rep


def test_first_to_third_counts_two_and_flags_the_skipped_second(rep: Rep) -> None:
    rep.log("Acme 1st")
    third = rep.log("Acme 3rd")
    assert (third.moves, third.skipped_second) == (2, True)


@pytest.mark.parametrize("again", ["acme", "ACME", "  Acme ", "A cme", "Acme."])
def test_a_company_is_recognised_whatever_the_case_and_spacing(rep: Rep, again: str) -> None:
    rep.log("Acme 1st")
    assert rep.log(f'"{again}" 2nd').company == "Acme"
    assert rep.opportunities() == [("Acme", 2, "open")]


def test_each_rep_has_companies_of_their_own(rep: Rep) -> None:
    rep.log("Acme 2nd")
    sam = Rep(rep.database, rep.clock, "U0SAM")
    assert sam.log("ACME 1st").company == "ACME"
    assert rep.opportunities() == [("Acme", 2, "open"), ("ACME", 1, "open")]


def test_a_company_that_was_undone_is_no_longer_known(rep: Rep) -> None:
    rep.undo(rep.log("ACMEE 1st"))
    assert rep.log("Acme 1st").company == "Acme"
    assert rep.undo(rep.log("NORTHWIND 1st")).undone
    assert rep.log("Northwind 1st").company == "Northwind"


def test_after_a_win_the_next_conversation_starts_a_new_opportunity(rep: Rep) -> None:
    rep.log("Acme home 12k")
    assert rep.log("Acme 1st").moves == 1
    assert rep.opportunities() == [("Acme", 4, "won"), ("Acme", 1, "open")]


def test_lost_closes_the_opportunity(rep: Rep) -> None:
    rep.log("Acme 2nd")
    lost = rep.log("Acme lost")
    assert (lost.outcome, lost.moves, lost.stands_on) == (DealOutcome.LOST, 0, Base.SECOND)
    assert rep.opportunities() == [("Acme", 2, "lost")]
    assert rep.log("Acme 1st").moves == 1


def test_a_first_conversation_may_end_in_a_no(rep: Rep) -> None:
    assert rep.log("Acme lost").conversations.number == 1
    assert rep.opportunities() == [("Acme", 0, "lost")]


def test_a_backdated_conversation_goes_into_its_place(rep: Rep) -> None:
    second = rep.log("Acme 2nd")
    assert second.moves == 2
    first = rep.log("Acme 1st wednesday")
    assert (first.moves, first.stands_on, first.latest) == (1, Base.FIRST, False)
    assert first.base_moves.number == 2
    assert rep.opportunities() == [("Acme", 2, "open")]


def test_backdated_into_last_week_it_takes_the_move_with_it(rep: Rep) -> None:
    rep.log("Acme 2nd")
    first = rep.log("Acme 1st 2026-11-12")
    assert (first.week, first.this_week) == (LAST_WEEK, THIS_WEEK)
    assert first.conversations.number == 1
    assert first.base_moves.number == 1
    assert rep.log("Acme").base_moves.number == 1


def test_a_conversation_held_before_the_win_belongs_to_the_deal_that_was_won(rep: Rep) -> None:
    rep.log("Acme home 12k")
    rep.log("Acme 2nd wednesday")
    assert rep.opportunities() == [("Acme", 4, "won")]
    assert rep.log("Acme 1st").moves == 1
    assert rep.opportunities() == [("Acme", 4, "won"), ("Acme", 1, "open")]


def test_undo_takes_the_conversation_out_and_replays_the_opportunity(rep: Rep) -> None:
    rep.log("Acme 1st")
    second = rep.log("Acme 2nd")
    third = rep.log("Acme 3rd")
    undone = rep.undo(second)
    assert undone.undone
    assert undone.conversations == Count(Decimal(2), Decimal(20))
    assert undone.base_moves.number == 3
    assert rep.undo(second) == undone
    assert rep.opportunities() == [("Acme", 3, "open")]
    rep.undo(third)
    assert rep.opportunities() == [("Acme", 1, "open")]


def test_undoing_a_win_joins_what_came_after_to_the_deal(rep: Rep) -> None:
    rep.log("Acme 2nd")
    won = rep.log("Acme home 12k")
    rep.log("Acme 3rd")
    assert rep.opportunities() == [("Acme", 4, "won"), ("Acme", 3, "open")]
    assert rep.undo(won).sales.number == 0
    assert rep.opportunities() == [("Acme", 3, "open")]


def test_edit_can_move_a_conversation_to_another_company(rep: Rep) -> None:
    rep.log("Northwind 1st")
    logged = rep.log("Acme 2nd")
    edited = rep.edit(logged, company="northwind")
    assert (edited.company, edited.moves) == ("Northwind", 1)
    assert rep.opportunities() == [("Northwind", 2, "open")]


def test_edit_mends_the_spelling_of_a_company_logged_once(rep: Rep) -> None:
    logged = rep.log("acme 2nd")
    assert rep.edit(logged, company="ACME").company == "ACME"
    rep.log("Acme 3rd")
    assert rep.edit(logged, company="Acme").company == "ACME"  # two know it by this name now


def test_edit_keeps_the_place_among_the_conversations_of_a_day(rep: Rep) -> None:
    first = rep.log("Acme 1st")
    rep.log("Acme 3rd")
    edited = rep.edit(first, base="2nd")
    assert isinstance(edited, Logged)
    assert (edited.moves, edited.base_moves.number) == (2, 3)
