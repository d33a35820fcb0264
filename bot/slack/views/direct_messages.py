"""Answers in the direct messages: lasting messages with the buttons that the commands' answers have."""

from __future__ import annotations

from bot.domain.shown.conversations import Question
from bot.domain.shown.direct_messages import DirectReply, ReplyKind
from bot.domain.shown.log import LogPage
from bot.slack.views import absences
from bot.slack.views.blocks import Element, Message, actions, button, message, section, sections
from bot.slack.views.checkins.midweek import choice_message
from bot.slack.views.conversations import listing
from bot.slack.views.conversations import messages as logs
from bot.slack.views.conversations.drafts import encode_form
from bot.slack.views.mrkdwn import Mrkdwn, escape, join, literal
from bot.slack.views.plans.buttons import OPEN as OPEN_PLAN

_LISTED = 20
"""The most conversations that a message lists; *My week* has all of them."""

HELP = literal(
    "Type a conversation and it is logged: *Acme 2nd*, *Acme won $12,500 yesterday*, *demo with Globex*.\n"
    "Type days and you are away: *sick today*, *away 3 Dec – 10 Dec*. "
    "*list*, *deals*, *undo*, *plan* and *back* work as well; *midweek on* brings a line on Thursdays "
    "about where your goals stand."
)
UNKNOWN = literal(
    "That reads neither as a conversation, like *Acme 2nd*, nor as days off, like *away today*: "
    "nothing was changed.\nType *help*, or press a button."
)


def direct_reply_message(shown: DirectReply) -> Message:
    """The answer to one line."""
    if shown.logged is not None:
        return logs.logged_message(shown.logged)
    if shown.saved is not None:
        return absences.saved_message(shown.saved)
    if shown.refused is not None:
        return logs.not_understood_message(shown.refused, request_key=shown.request_key)
    if shown.question is not None:
        return _question(shown.question, shown.request_key)
    if shown.log is not None:
        return _list(shown.log)
    if shown.midweek is not None:
        return choice_message(shown.midweek)
    if shown.kind is ReplyKind.SAID:
        text = escape(shown.sentence or "")
        return message(text, [section(text), actions(_log())])
    if shown.kind is ReplyKind.DEALS:
        return _with_buttons(literal("Your open deals, by base:"), _deals())
    if shown.kind is ReplyKind.PLAN:
        plan = button("My plan", action_id=OPEN_PLAN, style="primary")
        return _with_buttons(literal("Your plan, and where it stands:"), plan)
    text = HELP if shown.kind is ReplyKind.HELP else UNKNOWN
    return _with_buttons(text, _log(), _away(), _week(), _deals())


def _question(question: Question, request_key: str) -> Message:
    if question.doubt is not None:
        return logs.which_reading_message(question, request_key=request_key)
    if question.candidates:
        return logs.which_company_message(question, request_key=request_key)
    draft, base = question.draft, question.stands_on
    text = escape(
        f"{draft.company} stands on {base.label if base is not None else 'a later base'}: "
        "why did it go back? Nothing is logged yet."
    )
    form = button(
        "Open the form",
        action_id=logs.OPEN_FILLED,
        value=encode_form(draft, request_key=request_key),
    )
    return _with_buttons(text, form)


def _list(log: LogPage) -> Message:
    lines: list[Mrkdwn] = []
    for number, week in enumerate(log.weeks):
        name = literal("This week") if number == 0 else literal("Last week")
        lines.append(listing.week_title(week, log.reader, name))
        lines += [
            listing.conversation_line(line, log.reader)
            for line in log.lines[:_LISTED]
            if line.week == week.week
        ]
    if log.pages > 1 or len(log.lines) > _LISTED:
        lines.append(literal("My week has the others."))
    return message(join(lines, "\n"), [*sections(lines), actions(_week(), _deals(), _log())])


def _with_buttons(text: Mrkdwn, *buttons: Element) -> Message:
    return message(text, [section(text), actions(*buttons)])


def _log() -> Element:
    return button("Log a conversation", action_id=logs.OPEN_MODAL, style="primary")


def _away() -> Element:
    return button("I’m away", action_id=absences.OPEN)


def _week() -> Element:
    return button("My week", action_id=listing.WEEK)


def _deals() -> Element:
    return button("My deals", action_id=listing.DEALS)
