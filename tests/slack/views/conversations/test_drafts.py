"""What the buttons of a question carry: it comes back as it was, and nothing else is taken."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.shown.conversations import Draft, Form
from bot.rules.conversation import Base, Close, DealOutcome
from bot.rules.quick_log import Understood
from bot.slack.views.conversations.drafts import (
    VALUE_LIMIT,
    Chosen,
    decode_draft,
    decode_form,
    encode_draft,
    encode_form,
)

DAY = date(2026, 11, 18)
DRAFT = Draft(
    company="Acme",
    base=Base.HOME,
    held_on=DAY,
    close=Close.ASKED,
    outcome=DealOutcome.WON,
    amount=Decimal("12500.5"),
    notes=("I read “signed” as home: the deal is won.",),
)


@pytest.mark.parametrize("certain", [True, False])
@pytest.mark.parametrize("typed", [None, "Acme Inc"])
def test_a_draft_comes_back(typed: str | None, certain: bool) -> None:
    value = encode_draft(DRAFT, company="Acme", request_key="1.2", typed=typed, certain=certain)
    assert decode_draft(value) == Chosen(DRAFT, "1.2", typed, certain)


@pytest.mark.parametrize("change", [{"typed": 7}, {"on": "x"}, {"amount": "-1"}, {"base": 9}])
def test_a_draft_that_no_button_has_is_not_taken(change: dict[str, object]) -> None:
    said = json.loads(encode_draft(DRAFT, company="Acme", request_key="1.2"))
    with pytest.raises((ValueError, TypeError)):
        decode_draft(json.dumps(said | change))


def test_what_was_understood_fills_in_the_form() -> None:
    understood = Understood(
        company="Acme", base=Base.HOME, held_on=DAY, close=Close.ASKED, amount="$12k"
    )
    form, key = decode_form(encode_form(understood, request_key="1.2"))
    assert key == "1.2"
    assert form == Form(
        company="Acme",
        base="home",
        held_on=DAY,
        close=Close.ASKED,
        outcome=DealOutcome.WON,
        amount="$12k",
    )
    assert decode_form(encode_form(None)) == (Form(), "")


def test_a_form_always_fits_a_button() -> None:
    understood = Understood(company='"' * 5_000, amount="9" * 5_000)
    assert len(encode_form(understood, request_key="k" * 200)) <= VALUE_LIMIT


@pytest.mark.parametrize("value", ["", "{}", "[]", '{"key": 7}', '{"key": "", "company": 7}'])
def test_a_form_that_no_button_has_is_not_taken(value: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode_form(value)
