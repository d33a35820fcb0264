"""Logged conversations: the answer with Undo and Edit, and what is said instead of logging."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date

from bot.domain.shown.conversations import (
    Count,
    Draft,
    Logged,
    Question,
)
from bot.domain.shown.reader import Reader
from bot.rules.conversation import Base, Close, DealOutcome
from bot.rules.problems import NotUnderstood
from bot.rules.quick_log import USAGE
from bot.rules.weeks import WEEK
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    message,
    modal,
    quote,
    section,
    shorten,
)
from bot.slack.views.mrkdwn import escape, fill, join, literal

OPEN_MODAL = "conversation.open"
UNDO = "conversation.undo"
EDIT = "conversation.edit"
WHICH = "conversation.which."
"""Followed by what was chosen: the number of a candidate, or `new`."""

LOGGED_MODAL = "conversation.logged"

_QUOTED_LIMIT = 600
_VALUE_LIMIT = 2000


def logged_message(shown: Logged) -> Message:
    """The answer to a logged, edited or undone conversation, to the rep only."""
    return message(escape(" ".join(logged_lines(shown))), _logged(shown))


def logged_modal(shown: Logged) -> View:
    """The same answer where there is no message to put it in."""
    return modal(_done(shown).rstrip("."), _logged(shown), callback_id=LOGGED_MODAL, close="Close")


def _logged(shown: Logged) -> list[Block]:
    blocks = [section(join((escape(line) for line in logged_lines(shown)), "\n"))]
    if shown.undone:
        return blocks
    value = str(shown.conversation_id)
    undo = button(
        "Undo", action_id=UNDO, value=value, label=f"Undo the conversation with {shown.company}"
    )
    edit = button(
        "Edit", action_id=EDIT, value=value, label=f"Edit the conversation with {shown.company}"
    )
    return [*blocks, actions(*([undo] if shown.undoable else []), edit)]


def logged_lines(shown: Logged) -> list[str]:
    """What was done in plain sentences, not escaped yet."""
    conversations = so_far(shown.conversations, "count", shown.reader)
    many = shown.conversations.target is not None or shown.conversations.number != 1
    noun = "conversations" if many else "conversation"
    lines = [f"{_done(shown)} {conversations} {noun} {_when(shown)}."]
    if shown.late:
        lines.append("That week’s check-in has closed: this is marked late, and your answers stay.")
    if shown.undone:
        return lines
    if moved := _moved(shown):
        lines.append(moved)
    if shown.skipped_second:
        lines.append(
            f"2nd was skipped: has {shown.company} a need, a compelling reason to buy and an urgency, "
            "and do you stand out?"
        )
    lines += shown.notes
    return lines


def so_far(count: Count, unit: str, reader: Reader) -> str:
    """`18 of 20`, or `18` without a target."""
    if count.target is None:
        return words.number(count.number, unit, reader)
    number = words.bare_number(count.number, unit, reader)
    return f"{number} of {words.number(count.target, unit, reader)}"


def which_week(week: date, this_week: date, reader: Reader) -> str:
    """`this week`, `last week`, `in the week of 2 November`."""
    if week == this_week:
        return "this week"
    if week == this_week - WEEK:
        return "last week"
    return f"in the week of {format_date(week, 'd MMMM', locale=reader.locale)}"


def _done(shown: Logged) -> str:
    return "Undone." if shown.undone else "Saved." if shown.edited else "Logged."


def _when(shown: Logged) -> str:
    return which_week(shown.week, shown.this_week, shown.reader)


def _moved(shown: Logged) -> str | None:
    """What the conversation did to its opportunity; None when it did nothing worth a word."""
    reader, company = shown.reader, shown.company
    if shown.outcome is DealOutcome.LOST:
        return f"{company} is lost and closed: the next conversation with them starts afresh."
    base_moves = (
        f"{words.count(shown.moves, 'base move')}, "
        f"{so_far(shown.base_moves, 'count', reader)} {_when(shown)}"
    )
    if shown.outcome is DealOutcome.WON:
        sales = f"Sales: {so_far(shown.sales, 'money', reader)} {_when(shown)}."
        if shown.amount is None:
            return f"{company} is won: {base_moves}. Press Edit to add the amount. {sales}"
        amount = words.number(shown.amount, "money", reader)
        return f"{company} is won for {amount}: {base_moves}. {sales}"
    if shown.base is None:
        return None
    is_on = "is" if shown.latest else "was"
    if shown.went_back:
        return f"{company} {is_on} back on {shown.stands_on.label}: no base move."
    if not shown.moves:
        return f"{company} {is_on} on {shown.stands_on.label}: no new base move."
    return f"{company} {is_on} on {shown.stands_on.label}: {base_moves}."


# What is said instead of logging


def usage_message() -> Message:
    """What `/log-conversation help` answers."""
    return message(escape(USAGE), [section(escape(USAGE))])


def not_understood_message(problem: NotUnderstood) -> Message:
    """What was typed, what of it was not understood, and how it is done."""
    sentence = escape(problem.sentence)
    blocks = [section(fill("{sentence} Nothing was logged.", sentence=sentence))]
    if problem.text:
        blocks += [context(literal("You typed:")), quote(shorten(problem.text, _QUOTED_LIMIT))]
    blocks.append(section(escape(USAGE)))
    typed = escape(shorten(problem.text, _QUOTED_LIMIT))
    return message(
        fill(
            "{sentence} Nothing was logged. You typed: {typed}\n{usage}",
            sentence=sentence,
            typed=typed,
            usage=escape(USAGE),
        ),
        blocks,
    )


def form_lost_message() -> Message:
    """The form could not be opened in the few seconds that Slack gives for it."""
    text = literal(
        "Slack did not open the form in time and nothing was logged: send the command once more."
    )
    return message(text, [section(text), section(escape(USAGE))])


def which_company_message(question: Question, *, request_key: str) -> Message:
    """Asks whether a near miss is a company that the rep knows; nothing is recorded before a press."""
    typed = question.draft.company
    known = " or ".join(question.candidates)
    text = escape(f"“{typed}” is new to your log. Is it {known}? Nothing is logged yet.")
    buttons = [
        button(
            f"It is {shorten(candidate, 60)}",
            action_id=f"{WHICH}{number}",
            value=encode_draft(question.draft, company=candidate, request_key=request_key),
        )
        for number, candidate in enumerate(question.candidates)
    ]
    new = button(
        f"New company “{shorten(typed, 55)}”",
        action_id=f"{WHICH}new",
        value=encode_draft(question.draft, company=typed, request_key=request_key),
    )
    return message(text, [section(text), actions(*buttons, new)])


def encode_draft(draft: Draft, *, company: str, request_key: str) -> str:
    """Everything a button needs to log the draft under that company's name."""
    said: dict[str, Any] = {"key": request_key, "company": company}
    said["on"] = draft.held_on.isoformat()
    said["base"] = draft.base
    said["close"] = draft.close
    said["outcome"] = draft.outcome
    said["amount"] = None if draft.amount is None else str(draft.amount)
    said["notes"] = list(draft.notes)
    value = _compact(said)
    return value if len(value) <= _VALUE_LIMIT else _compact({**said, "notes": []})


def decode_draft(value: str) -> tuple[Draft, str]:
    """The draft and the request key of a button's value.

    Raises ValueError, KeyError, TypeError or RecursionError for a value that no button here has.
    """
    said = json.loads(value)
    key, company, notes = said["key"], said["company"], said["notes"]
    if not all(isinstance(text, str) for text in (key, company, *notes)):
        raise TypeError("the request key, the company and the notes are texts")
    draft = Draft(
        company=company,
        base=None if said["base"] is None else Base(said["base"]),
        held_on=date.fromisoformat(said["on"]),
        close=None if said["close"] is None else Close(said["close"]),
        outcome=DealOutcome(said["outcome"]),
        amount=None if said["amount"] is None else _decimal(said["amount"]),
        notes=tuple(notes),
    )
    return draft, key


def _decimal(text: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,4})?", text):
        raise ValueError("not an amount")
    return Decimal(text)


def _compact(said: dict[str, Any]) -> str:
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False)
