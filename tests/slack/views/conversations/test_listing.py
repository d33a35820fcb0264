"""*My week* and *My deals*: sound whatever companies are called, and full pages fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.domain.shown.log import ConversationLine, DealPage, LogPage, OpenDeal, WeekOfLog
from bot.domain.shown.reader import Reader
from bot.rules.conversation import Base, Close, DealOutcome
from bot.slack.views.conversations.listing import deals_modal, week_modal
from tests.slack.views.sound import ODD, ODD_TEXTS, check_sound, text_of

MONDAY = date(2026, 11, 16)
READER = Reader("Europe/London", "en_US", "USD")
LINE = ConversationLine(
    conversation_id=1,
    company="Acme",
    held_on=date(2026, 11, 19),
    week=MONDAY,
    base=Base.SECOND,
    moves=2,
    close=Close.ASKED,
    outcome=DealOutcome.OPEN,
    amount=None,
    late=False,
    edited=False,
)
THIS = WeekOfLog(MONDAY, 1, 2, Decimal(0), editable=True)
LAST = WeekOfLog(MONDAY - timedelta(days=7), 0, 0, Decimal(0), editable=False)
PAGE = LogPage((THIS, LAST), (LINE,), 0, 1, READER)
DEAL = OpenDeal("Acme", Base.SECOND, MONDAY, date(2026, 11, 19))
DEALS = DealPage((DEAL,), ((Base.SECOND, 1),), date(2026, 11, 20), 0, 1, READER)


def test_a_week_says_what_was_logged_and_offers_to_edit_it() -> None:
    view = week_modal(PAGE)
    said = text_of(view)
    assert "*This week*, 16–22 November\n1 conversation · 2 base moves · $0 sold" in said
    assert "*Acme*   2nd\nThu 19 Nov · 2 base moves · close asked" in said
    assert "*Last week*, 9–15 November\nNothing is logged." in said
    assert str(view).count("conversation.edit_listed") == 1
    won = replace(LINE, outcome=DealOutcome.WON, amount=Decimal(500), late=True, edited=True)
    said = text_of(week_modal(replace(PAGE, lines=(won,))))
    assert "*Acme*   won $500" in said
    assert said.count("logged late · changed") == 1


def test_a_closed_week_has_nothing_to_press() -> None:
    closed = replace(THIS, editable=False)
    view = week_modal(replace(PAGE, weeks=(closed, LAST)))
    assert "edit_listed" not in str(view)
    assert "what is logged stays as it is" in text_of(view)


@pytest.mark.parametrize("company", [ODD, *ODD_TEXTS])
def test_full_pages_fit_whatever_companies_are_called(company: str) -> None:
    lines = tuple(replace(LINE, conversation_id=n, company=company[:80]) for n in range(40))
    check_sound(week_modal(replace(PAGE, lines=lines, page=1, pages=3)))
    deals = tuple(replace(DEAL, company=company[:80]) for _ in range(40))
    view = deals_modal(replace(DEALS, deals=deals, page=1, pages=3))
    check_sound(view)
    assert "Page 2 of 3" in text_of(view)
    assert {"conversation.deals_page.back", "conversation.deals_page.more"} <= {
        element["action_id"]
        for block in view["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    }


def test_deals_stand_under_their_base_with_their_days() -> None:
    today = replace(DEAL, company="Northwind", base=Base.NONE, last_held_on=date(2026, 11, 20))
    counts = ((Base.SECOND, 1), (Base.NONE, 1))
    said = text_of(deals_modal(replace(DEALS, deals=(DEAL, today), counts=counts)))
    assert "*On 2nd: need, reason, urgency, you stand out* (1)" in said
    assert "• *Acme*: 4 days, last spoken 1 day ago" in said
    assert "• *Northwind*: 4 days, last spoken today" in said
    silent = replace(DEAL, last_held_on=MONDAY)
    assert "• *Acme*: 4 days" in text_of(deals_modal(replace(DEALS, deals=(silent,)))).split("\n")
    assert "No deal is open." in text_of(deals_modal(replace(DEALS, deals=())))
