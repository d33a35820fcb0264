"""Numbers logged by hand: the form and the answer with Undo."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain.shown.entries import METRIC, NUMBER, WEEK_CHOICE, EntryForm, EntryLogged
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    input_block,
    message,
    modal,
    option,
    section,
    static_select,
    text_input,
)
from bot.slack.views.conversations.messages import so_far, which_week
from bot.slack.views.mrkdwn import escape

OPEN = "entry.open"
UNDO = "entry.undo"

FORM_MODAL = "entry.form"
LOGGED_MODAL = "entry.logged"
INPUT = "value"
"""The action_id of every input of the form; the block_id says which one it is."""


def logged_message(shown: EntryLogged) -> Message:
    """The answer to a number that was logged or undone, to the rep only."""
    return message(escape(logged_words(shown)), _logged(shown))


def logged_modal(shown: EntryLogged) -> View:
    """The same answer where there is no message to put it in."""
    title = "Undone" if shown.undone else "Logged"
    return modal(title, _logged(shown), callback_id=LOGGED_MODAL, close="Close")


def logged_words(shown: EntryLogged) -> str:
    """`Logged 3. Proposals: 8 of 10 this week.`, not escaped yet."""
    reader = shown.reader
    amount = words.number(shown.amount, shown.unit, reader)
    done = f"{amount} taken back." if shown.undone else f"Logged {amount}."
    total = so_far(shown.total, shown.unit, reader)
    note = f" {shown.note}" if shown.note else ""
    when = which_week(shown.week, shown.this_week, reader)
    return f"{done} {shown.metric}: {total} {when}.{note}"


def _logged(shown: EntryLogged) -> list[Block]:
    blocks = [section(escape(logged_words(shown)))]
    if shown.undoable:
        undo = button(
            "Undo",
            action_id=UNDO,
            value=str(shown.entry_id),
            label=f"Undo this number of {shown.metric}",
        )
        blocks.append(actions(undo))
    return blocks


def form_modal(form: EntryForm) -> View:
    """Which number, how much, and for which week where more than this one is open."""
    chosen = str(form.metrics[0][0]) if len(form.metrics) == 1 else None
    blocks = [
        input_block(
            "What do you log?",
            static_select(
                [
                    option(_named(name, unit), str(identity))
                    for identity, name, unit in form.metrics
                ],
                action_id=INPUT,
                initial=chosen,
            ),
            block_id=METRIC,
        ),
        input_block(
            "How many?",
            text_input(action_id=INPUT, max_length=60, focus=chosen is not None),
            block_id=NUMBER,
            hint="It is added to what the week has so far.",
        ),
    ]
    if len(form.weeks) > 1:
        weeks = [
            option(
                f"{which_week(week, form.weeks[0], form.reader).capitalize()}, "
                f"{words.week(week, form.reader)}",
                week.isoformat(),
            )
            for week in form.weeks
        ]
        blocks.append(
            input_block(
                "Week",
                static_select(weeks, action_id=INPUT, initial=form.weeks[0].isoformat()),
                block_id=WEEK_CHOICE,
            )
        )
    return modal("Log a number", blocks, callback_id=FORM_MODAL, submit="Log")


def read_form(view: View) -> tuple[str, str, date | None]:
    """The metric's id as it was sent, the number as it was typed, and the week if it was asked.

    Raises ValueError, KeyError or TypeError for a view that is not this form.
    """
    typed: dict[str, Any] = {
        block_id: inputs[INPUT] for block_id, inputs in view["state"]["values"].items()
    }
    metric = typed[METRIC].get("selected_option") or {}
    week = typed.get(WEEK_CHOICE, {}).get("selected_option") or {}
    return (
        str(metric.get("value", "")),
        str(typed[NUMBER].get("value") or ""),
        date.fromisoformat(week["value"]) if week else None,
    )


def _named(name: str, unit: str) -> str:
    return name if unit in {"count", "money"} or unit == name.lower() else f"{name} ({unit})"
