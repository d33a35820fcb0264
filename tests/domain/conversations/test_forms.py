"""The form of a conversation, who may use it, and what is wrong with what stands in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.domain.access import NOT_ENROLLED
from bot.domain.conversations import forms as conversation_forms
from bot.domain.conversations import logging as conversations
from bot.domain.refusals import Refusal
from bot.domain.shown.conversations import NEW_COMPANY, Form, Question
from bot.domain.tables import (
    Member,
)
from bot.rules.conversation import Close, DealOutcome
from tests.domain.conversations.rep import TODAY, Rep


def test_what_was_undone_cannot_be_edited(rep: Rep) -> None:
    logged = rep.log("Acme 2nd")
    rep.undo(logged)
    with pytest.raises(Refusal, match="was undone: log it again"):
        rep.edit(logged, base="1st")


@pytest.mark.parametrize("use_case", [conversations.undo, conversation_forms.edit_form])
def test_nobody_touches_somebody_elses_conversation(rep: Rep, use_case: Any) -> None:
    logged = rep.log("Acme 2nd")
    sam = Rep(rep.database, rep.clock, "U0SAM")
    with pytest.raises(Refusal, match="not in your log"):
        sam.do(use_case, conversation_id=logged.conversation_id)
    with pytest.raises(Refusal, match="not in your log"):
        sam.do(
            conversations.edit,
            conversation_id=logged.conversation_id,
            form=Form(company="Acme", held_on=TODAY),
        )
    assert rep.count() == 1


@pytest.mark.parametrize("user", ["U0ALEX", "U0DANA", "U0NOBODY"])
def test_somebody_without_a_team_is_told_whom_to_ask(rep: Rep, user: str) -> None:
    stranger = Rep(rep.database, rep.clock, user)
    for attempt in (
        lambda: stranger.line("Acme 2nd"),
        lambda: stranger.do(conversation_forms.empty_form),
    ):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.sentence == NOT_ENROLLED
    assert rep.count() == 0


def test_a_deactivated_member_is_refused(rep: Rep) -> None:
    def deactivate(session: Session) -> None:
        member = session.exec(select(Member).where(Member.slack_user_id == "U0PRIYA")).one()
        member.inactive_because = "deactivated"

    rep.database.write_now(deactivate)
    with pytest.raises(Refusal, match=r"switched off.*enrol you again"):
        rep.line("Acme 2nd")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"company": ""}, "company", "Type the name"),
        ({"company": "x" * 500}, "company", "at most 80"),
        ({"company": "🎉🎉"}, "company", "a letter or a digit"),
        ({"company": "<!channel>"}, "company", "A mention is not a company"),
        ({"held_on": None}, "held_on", "Choose the day"),
        ({"held_on": date(2026, 11, 21)}, "held_on", "Saturday 21 November is still to come"),
        ({"held_on": date(2026, 11, 8)}, "held_on", "closed: choose a day from Monday 9 November"),
        ({"amount": "12k"}, "amount", "goes with home"),
        ({"base": "home", "amount": "many"}, "amount", "not a number"),
        ({"base": "home", "amount": "-5"}, "amount", "below zero"),
        ({"base": "home", "amount": "1" + "0" * 12}, "amount", "too large"),
        ({"base": "home", "outcome": DealOutcome.LOST}, "base", "Home means that it was won"),
    ],
)
def test_a_form_names_the_input_that_is_wrong(
    rep: Rep, changes: dict[str, Any], field: str, words: str
) -> None:
    form = replace(Form(company="Acme", base="2nd", held_on=TODAY), **changes)
    with pytest.raises(Refusal, match=words) as refused:
        rep.form(form)
    assert refused.value.field == field
    assert rep.count() == 0


def test_a_form_asks_about_a_near_miss_and_keeps_what_was_typed(rep: Rep) -> None:
    rep.log("Northwind 1st")
    form = Form(company="Northwnd", base="2nd", held_on=TODAY, close=Close.ASKED)
    question = rep.form(form, key="V1")
    asked = conversation_forms.ask(form, question)
    assert asked == replace(form, asked_about="Northwnd", candidates=("Northwind",))
    with pytest.raises(Refusal, match="Choose which") as refused:
        rep.form(asked, key="V1")
    assert refused.value.field == "which_company"
    # A choice about another name than the one typed by now counts for nothing.
    other = rep.form(replace(asked, company="Northwin", choice=NEW_COMPANY), key="V1")
    assert isinstance(other, Question)
    assert rep.form(replace(asked, choice="Northwind"), key="V1").company == "Northwind"
    assert rep.form(replace(asked, choice=NEW_COMPANY), key="V2").company == "Northwnd"
