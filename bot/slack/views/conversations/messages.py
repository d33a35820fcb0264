"""Logged conversations: the answer with Undo and Edit, and what is said instead of logging."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from bot.domain.shown.conversations import (
    Count,
    Draft,
    Logged,
    Question,
)
from bot.domain.shown.reader import Reader
from bot.rules.conversation import Base, DealOutcome
from bot.rules.days import show_day
from bot.rules.problems import NotUnderstood
from bot.rules.quick_log import USAGE
from bot.rules.weeks import WEEK
from bot.slack.views import words
from bot.slack.views.blocks import (
    BUTTON_LIMIT,
    Block,
    Element,
    Message,
    View,
    actions,
    button,
    context,
    message,
    modal,
    section,
    shorten,
)
from bot.slack.views.conversations.drafts import encode_draft, encode_form
from bot.slack.views.mrkdwn import escape, fill, join, literal

OPEN_MODAL = "conversation.open"
OPEN_FILLED = "conversation.fill"
UNDO = "conversation.undo"
EDIT = "conversation.edit"
WHICH = "conversation.which."
"""Followed by what was chosen: the number of a candidate, `new`, or `reading.` and its number."""

LOGGED_MODAL = "conversation.logged"

_QUOTED_LIMIT = 600


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
    lines = [f"{_done(shown)} {conversations} {noun} {_when(shown)}.", _understood(shown)]
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


def _understood(shown: Logged) -> str:
    """`Acme: 2nd base, asked, no amount, Wednesday 25 November.`: always all five, said or not."""
    lost = ["lost"] if shown.outcome is DealOutcome.LOST else []
    if shown.base is Base.HOME:
        base = "home (won)"
    else:
        base = "no new base" if shown.base is None else f"{shown.base.label} base"
    close = "close not said" if shown.close is None else f"close: {shown.close.label}"
    amount = "no amount"
    if shown.amount is not None:
        amount = words.number(shown.amount, "money", shown.reader)
    day = show_day(shown.held_on, today=shown.this_week)
    return f"{shown.company}: {', '.join([*lost, base, close, amount, day])}."


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


def not_understood_message(problem: NotUnderstood, *, request_key: str = "") -> Message:
    """What of the line was not understood, the line, and the form with what was."""
    sentence = escape(problem.sentence)
    typed = escape(shorten(problem.text, _QUOTED_LIMIT))
    said = fill("{sentence} Nothing was logged.", sentence=sentence)
    blocks = [section(said)]
    if problem.text:
        blocks.append(context(fill("You typed: {typed}", typed=typed)))
    blocks.append(actions(_open_form(encode_form(problem.understood, request_key=request_key))))
    return message(fill("{said} You typed: {typed}", said=said, typed=typed), blocks)


def which_reading_message(question: Question, *, request_key: str) -> Message:
    """Asks which company is meant, or whether the name is one; nothing is recorded before a press."""
    text = escape(f"{question.doubt} Nothing is logged yet.")
    last = len(question.readings) - 1
    buttons = [
        button(
            shorten(
                f"New company “{shorten(reading.company, 40)}”"
                if number == last
                else ", ".join((reading.company, *_what_was_said(reading))),
                BUTTON_LIMIT,
            ),
            action_id=f"{WHICH}reading.{number}",
            value=encode_draft(
                reading,
                company=reading.company,
                request_key=request_key,
                typed=reading.company if number == last else None,
                certain=number == last,
            ),
        )
        for number, reading in enumerate(question.readings)
    ]
    form = encode_form(question.draft, request_key=request_key)
    return message(text, [section(text), actions(*buttons, _open_form(form))])


def _open_form(value: str) -> Element:
    return button("Open the form", action_id=OPEN_FILLED, value=value)


def _what_was_said(reading: Draft) -> list[str]:
    """`2nd base`, `lost`, `asked`: what a reading says besides its company and its day."""
    said = []
    if reading.base is not None:
        said.append("home" if reading.base is Base.HOME else f"{reading.base.label} base")
    if reading.outcome is DealOutcome.LOST:
        said.append("lost")
    return [*said, *([reading.close.label] if reading.close is not None else [])]


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
            value=encode_draft(
                question.draft, company=candidate, request_key=request_key, typed=typed
            ),
        )
        for number, candidate in enumerate(question.candidates)
    ]
    new = button(
        f"New company “{shorten(typed, 55)}”",
        action_id=f"{WHICH}new",
        value=encode_draft(question.draft, company=typed, request_key=request_key, typed=typed),
    )
    return message(text, [section(text), actions(*buttons, new)])
