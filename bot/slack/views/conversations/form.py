"""The form of a conversation: as a modal, and what it says when it is sent."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from bot.domain.shown.conversations import (
    AMOUNT,
    BACK_REASON,
    BASE,
    CLOSE,
    COMPANY,
    HELD_ON,
    NEW_COMPANY,
    OUTCOME,
    WHICH_COMPANY,
    Form,
)
from bot.rules.conversation import Base, Close, DealOutcome
from bot.slack.views.blocks import (
    Block,
    View,
    actions,
    button,
    confirmation,
    datepicker,
    input_block,
    modal,
    option,
    radio_buttons,
    shorten,
    static_select,
    text_input,
)

FORM_MODAL = "conversation.form"
REMOVE = "conversation.remove"
INPUT = "value"
"""The action_id of every input of the form; the block_id says which one it is."""


def form_modal(form: Form, *, metadata: dict[str, Any]) -> View:
    """The form, with what stands in it and what is asked besides; `metadata` is the listener's own."""
    editing = form.conversation_id is not None
    return modal(
        "Edit conversation" if editing else "Log a conversation",
        [*_what_was_reached(form), *_how_it_went(form), *_removing(form)],
        callback_id=FORM_MODAL,
        submit="Save" if editing else "Log",
        metadata={
            **metadata,
            "conversation": form.conversation_id,
            "asked_about": form.asked_about,
            "stands_on": form.stands_on,
        },
    )


def _what_was_reached(form: Form) -> list[Block]:
    """The company and the base, and what the form has to ask about either of them."""
    company = text_input(
        action_id=INPUT, initial=form.company, placeholder="Acme", focus=not form.company
    )
    bases = [option(text, value) for value, text in _BASES.items()]
    base = static_select(bases, action_id=INPUT, initial=form.base)
    return [
        input_block("Company", company, block_id=COMPANY),
        *([_which_company(form)] if form.candidates else []),
        input_block("Base reached", base, block_id=BASE),
        *([_back_reason(form)] if form.stands_on is not None else []),
    ]


def _how_it_went(form: Form) -> list[Block]:
    """The day, the close, the outcome and the amount."""
    close = static_select(
        [option(close.label.capitalize(), close.value) for close in _CLOSES],
        action_id=INPUT,
        initial=form.close,
        placeholder="Choose, or leave it out",
    )
    outcomes = [
        option("Open", DealOutcome.OPEN, description="It goes on"),
        option("Won", DealOutcome.WON, description="The same as home"),
        option("Lost", DealOutcome.LOST, description="Closes the opportunity"),
    ]
    amount = text_input(
        action_id=INPUT, initial=form.amount, placeholder="12,500 or 12.5k", max_length=60
    )
    return [
        input_block(
            "Day of the conversation",
            datepicker(action_id=INPUT, initial=form.held_on),
            block_id=HELD_ON,
        ),
        input_block("How did you close?", close, block_id=CLOSE, optional=True),
        input_block(
            "Outcome",
            radio_buttons(outcomes, action_id=INPUT, initial=form.outcome),
            block_id=OUTCOME,
        ),
        input_block("Amount", amount, block_id=AMOUNT, hint="Only when it is won.", optional=True),
    ]


def _removing(form: Form) -> list[Block]:
    """The button that takes a logged conversation out of the log."""
    if form.conversation_id is None:
        return []
    ask = confirmation(
        "Remove it?",
        f"The conversation with {shorten(form.company, 90)} no longer counts for its week, or for your plan.",
        yes="Remove",
    )
    remove = button(
        "Remove this conversation",
        action_id=REMOVE,
        value=str(form.conversation_id),
        style="danger",
        label=f"Remove the conversation with {form.company}",
        confirm=ask,
    )
    return [actions(remove)]


_BASES = {
    Base.NONE.label: "None, or no new base",
    Base.FIRST.label: "1st: first appointment booked",
    Base.SECOND.label: "2nd: need, reason, urgency, you stand out",
    Base.THIRD.label: "3rd: qualified in both directions",
    Base.HOME.label: "Home: presented and closed",
}
_CLOSES = (Close.NOT_ASKED, Close.ASKED, Close.INOFFENSIVE)


def _which_company(form: Form) -> Block:
    known = [option(f"It is {shorten(candidate, 60)}", candidate) for candidate in form.candidates]
    new = option(f"New company “{shorten(form.asked_about, 55)}”", NEW_COMPANY)
    return input_block(
        "Which company is it?",
        radio_buttons([*known, new], action_id=INPUT, initial=form.choice),
        block_id=WHICH_COMPANY,
        hint=f"“{form.asked_about}” is new to your log and looks like one you know.",
    )


def _back_reason(form: Form) -> Block:
    stands_on = (form.stands_on or Base.NONE).label
    return input_block(
        "Why did it go back?",
        text_input(action_id=INPUT, initial=form.back_reason, max_length=300, multiline=True),
        block_id=BACK_REASON,
        hint=f"{form.company} stands on {stands_on}. Going back counts no base move.",
    )


def read_form(view: View) -> tuple[Form, dict[str, Any]]:
    """What a submitted form says, and the listener's own metadata.

    Raises ValueError, KeyError or TypeError for a view that is not this form.
    """
    metadata = json.loads(view["private_metadata"])
    typed = {
        block_id: inputs.get(INPUT, {}) for block_id, inputs in view["state"]["values"].items()
    }
    close = _chosen(typed, CLOSE)
    form = Form(
        company=_text(typed, COMPANY),
        base=_chosen(typed, BASE) or Base.NONE.label,
        held_on=_day(typed, HELD_ON),
        close=Close(close) if close else None,
        outcome=DealOutcome(_chosen(typed, OUTCOME) or DealOutcome.OPEN),
        amount=_text(typed, AMOUNT),
        back_reason=_text(typed, BACK_REASON),
        stands_on=None if metadata["stands_on"] is None else Base(metadata["stands_on"]),
        asked_about=metadata["asked_about"],
        candidates=_candidates(view),
        choice=_chosen(typed, WHICH_COMPANY),
        conversation_id=metadata["conversation"],
    )
    return form, metadata


def _candidates(view: View) -> tuple[str, ...]:
    """The companies that the form names, as it carries them itself."""
    return tuple(
        option["value"]
        for block in view["blocks"]
        if block.get("block_id") == WHICH_COMPANY
        for option in block["element"]["options"]
        if option["value"] != NEW_COMPANY
    )


def _text(typed: dict[str, Any], block_id: str) -> str:
    return str(typed.get(block_id, {}).get("value") or "")


def _chosen(typed: dict[str, Any], block_id: str) -> str | None:
    option = typed.get(block_id, {}).get("selected_option")
    return str(option["value"]) if option else None


def _day(typed: dict[str, Any], block_id: str) -> date | None:
    day = typed.get(block_id, {}).get("selected_date")
    return date.fromisoformat(day) if day else None
