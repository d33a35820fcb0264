"""What the buttons of a question carry: a conversation that is not logged yet, or a form to be filled in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.shown.conversations import Draft, Form
from bot.rules.conversation import Base, Close, DealOutcome
from bot.rules.quick_log import Understood
from bot.slack.views.blocks import shorten

VALUE_LIMIT = 2000

_LONGEST_NAME = 200
_LONGEST_AMOUNT = 60


@dataclass(frozen=True)
class Chosen:
    """What the rep chose by pressing a button."""

    draft: Draft
    request_key: str
    typed: str | None = None
    """The name that was asked about; None where only a reading was chosen."""
    certain: bool = True


def encode_draft(
    draft: Draft,
    *,
    company: str,
    request_key: str,
    typed: str | None = None,
    certain: bool = True,
) -> str:
    """Return everything a button needs to log the draft under that company's name."""
    said: dict[str, Any] = {"key": request_key, "company": company}
    said["on"] = draft.held_on.isoformat()
    said["base"] = draft.base
    said["close"] = draft.close
    said["outcome"] = draft.outcome
    said["amount"] = None if draft.amount is None else str(draft.amount)
    said["typed"], said["certain"] = typed, certain
    said["notes"] = list(draft.notes)
    value = _compact(said)
    return value if len(value) <= VALUE_LIMIT else _compact({**said, "notes": []})


def decode_draft(value: str) -> Chosen:
    """Return what a button's value says.

    Raises ValueError, KeyError, TypeError or RecursionError for a value that no button here has.
    """
    said = json.loads(value)
    key, company, notes = said["key"], said["company"], said["notes"]
    typed = said.get("typed")
    if not all(isinstance(text, str) for text in (key, company, *notes, typed or "")):
        raise TypeError("the request key, the names and the notes are texts")
    draft = Draft(
        company=company,
        base=None if said["base"] is None else Base(said["base"]),
        held_on=date.fromisoformat(said["on"]),
        close=None if said["close"] is None else Close(said["close"]),
        outcome=DealOutcome(said["outcome"]),
        amount=None if said["amount"] is None else _decimal(said["amount"]),
        notes=tuple(notes),
    )
    return Chosen(draft, key, typed, certain=said.get("certain", True) is True)


def encode_form(understood: Understood | Draft | None, *, request_key: str = "") -> str:
    """Return what a button needs to open the form filled in with what was understood of a line.

    A conversation that is logged by the form has the key of the line, so that it is logged once.
    """
    if understood is None:
        return _compact({"key": request_key})
    amount = understood.amount
    return _compact(
        {
            "key": request_key,
            "company": shorten(understood.company, _LONGEST_NAME),
            "base": None if understood.base is None else int(understood.base),
            "on": None if understood.held_on is None else understood.held_on.isoformat(),
            "close": understood.close,
            "outcome": understood.outcome,
            "amount": shorten("" if amount is None else str(amount), _LONGEST_AMOUNT),
        }
    )


def decode_form(value: str) -> tuple[Form, str]:
    """Return the form, and the key of the line, empty if there is none.

    Raises ValueError, KeyError, TypeError or RecursionError for a value that no button here has.
    """
    said = json.loads(value)
    key = said["key"]
    if not isinstance(key, str):
        raise TypeError("the request key is a text")
    if "company" not in said:
        return Form(), key
    if not isinstance(said["company"], str) or not isinstance(said["amount"], str):
        raise TypeError("the name and the amount are texts")
    base = Base.NONE if said["base"] is None else Base(said["base"])
    form = Form(
        company=said["company"],
        base=base.label,
        held_on=None if said["on"] is None else date.fromisoformat(said["on"]),
        close=None if said["close"] is None else Close(said["close"]),
        outcome=DealOutcome.WON if base is Base.HOME else DealOutcome(said["outcome"]),
        amount=said["amount"],
    )
    return form, key


def _decimal(text: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,4})?", text):
        raise ValueError("not an amount")
    return Decimal(text)


def _compact(said: dict[str, Any]) -> str:
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False)
