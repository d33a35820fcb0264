"""A rep's log as modals: the conversations of two weeks, the open deals, and what was removed."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from babel.dates import format_date

from bot.domain.shown.conversations import Logged
from bot.domain.shown.log import ConversationLine, DealPage, LogPage, OpenDeal, WeekOfLog
from bot.domain.shown.reader import Reader
from bot.rules.conversation import Base, Close, DealOutcome
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    context,
    divider,
    modal,
    section,
    sections,
)
from bot.slack.views.conversations.messages import OPEN_MODAL, so_far, which_week
from bot.slack.views.mrkdwn import Mrkdwn, escape, fill, join, literal

WEEK = "conversation.week"
DEALS = "conversation.deals"
WEEK_PAGE = "conversation.week_page."
DEALS_PAGE = "conversation.deals_page."
"""Followed by the direction; the button's value is the number of the page."""
EDIT_LISTED = "conversation.edit_listed"

WEEK_MODAL = "conversation.week"
DEALS_MODAL = "conversation.deals"
REMOVED_MODAL = "conversation.removed"

_CLOSES = {
    Close.NOT_ASKED: literal("close not asked"),
    Close.ASKED: literal("close asked"),
    Close.INOFFENSIVE: literal("Inoffensive Close"),
}

_ON_BASE = {
    Base.NONE: literal("On no base yet"),
    Base.FIRST: literal("On 1st: first appointment booked"),
    Base.SECOND: literal("On 2nd: need, reason, urgency, you stand out"),
    Base.THIRD: literal("On 3rd: qualified in both directions"),
    Base.HOME: literal("Home"),
}


def log_buttons(*others: Element) -> Block:
    """The buttons of Home that open a rep's own log, and others beside them."""
    return actions(
        button("My week", action_id=WEEK, label="My week: the conversations that I logged"),
        button("My deals", action_id=DEALS, label="My deals: what is open, by base"),
        *others,
    )


def week_modal(shown: LogPage) -> View:
    """The conversations of this week and the one before, each with *Edit* while its week is open."""
    blocks: list[Block] = []
    for number, week in enumerate(shown.weeks):
        lines = [line for line in shown.lines if line.week == week.week]
        if lines or shown.page == 0:
            blocks += [divider()] if blocks else []
            blocks += _week(week, lines, shown.reader, is_this=number == 0)
    log = button("Log a conversation", action_id=OPEN_MODAL, style="primary")
    blocks.append(actions(log, *turning(WEEK_PAGE, shown.page, shown.pages)))
    if shown.pages > 1:
        blocks.append(context(page_of(shown.page, shown.pages)))
    return modal(
        "My week",
        blocks,
        callback_id=WEEK_MODAL,
        close="Close",
        metadata={"page": shown.page},
    )


def week_title(week: WeekOfLog, reader: Reader, name: Mrkdwn | None = None) -> Mrkdwn:
    """The week with its numbers, below its `name` if it has one."""
    days = words.week(week.week, reader)
    title = (
        fill("*{days}*", days=days)
        if name is None
        else fill("*{name}*, {days}", name=name, days=days)
    )
    if not week.conversations:
        return fill("{title}\nNothing is logged.", title=title)
    return fill(
        "{title}\n{conversations} · {moves} · {sales} sold",
        title=title,
        conversations=words.count(week.conversations, "conversation"),
        moves=words.count(week.base_moves, "base move"),
        sales=escape(words.number(week.sales, "money", reader)),
    )


def _week(
    week: WeekOfLog, lines: list[ConversationLine], reader: Reader, *, is_this: bool
) -> list[Block]:
    name = literal("This week") if is_this else literal("Last week")
    text = week_title(week, reader, name)
    blocks = [section(text)]
    if week.conversations and not week.editable:
        blocks.append(context(literal("This week is closed: what is logged stays as it is.")))
    for line in lines:
        edit = button(
            "Edit",
            action_id=EDIT_LISTED,
            value=str(line.conversation_id),
            label=f"Edit the conversation with {line.company}",
        )
        blocks.append(
            section(conversation_line(line, reader), accessory=edit if week.editable else None)
        )
    return blocks


def conversation_line(line: ConversationLine, reader: Reader) -> Mrkdwn:
    """`*Acme*  2nd`, and below it the day, the close and what else there is to say."""
    reached = ""
    if line.outcome is DealOutcome.WON:
        amount = "" if line.amount is None else f" {words.number(line.amount, 'money', reader)}"
        reached = f"won{amount}"
    elif line.outcome is DealOutcome.LOST:
        reached = "lost"
    elif line.base is not None:
        reached = line.base.label
    small = [short_day(line.held_on, reader)]
    if line.moves:
        small.append(words.count(line.moves, "base move"))
    if line.close is not None:
        small.append(_CLOSES[line.close])
    if line.late:
        small.append(literal("logged late"))
    if line.edited:
        small.append(literal("changed"))
    return fill(
        "*{company}*   {reached}\n{small}",
        company=escape(line.company),
        reached=escape(reached),
        small=join(small, " · "),
    )


def deals_modal(shown: DealPage) -> View:
    """The open deals by base, each with the days that it stands there."""
    if not shown.deals:
        text = literal(
            "No deal is open. A deal begins with the first conversation that you log with a company: "
            "`/log-conversation Acme 1st`."
        )
        return modal("My deals", [section(text)], callback_id=DEALS_MODAL, close="Close")
    counts = dict(shown.counts)
    said = literal("How long each deal has stood on its base; the longest first.")
    blocks: list[Block] = [context(said)]
    for base, deals in groupby(shown.deals, key=lambda deal: deal.base):
        title = fill("*{base}* ({count})", base=_ON_BASE[base], count=counts[base])
        blocks += [divider()] if len(blocks) > 1 else []
        blocks += sections((_deal(deal, shown.today) for deal in deals), title=title)
    buttons = turning(DEALS_PAGE, shown.page, shown.pages)
    if buttons:
        blocks += [actions(*buttons), context(page_of(shown.page, shown.pages))]
    return modal("My deals", blocks, callback_id=DEALS_MODAL, close="Close")


def _deal(deal: OpenDeal, today: date) -> Mrkdwn:
    """`• *Acme*: 12 days`, and when it was last spoken about, if that was later."""
    company, since = escape(deal.company), deal.on_base_since
    days = words.count(max((today - since).days, 0), "day")
    if deal.last_held_on <= since:
        return fill("• *{company}*: {days}", company=company, days=days)
    silent = (today - deal.last_held_on).days
    spoken = literal("today") if silent <= 0 else fill("{ago} ago", ago=words.count(silent, "day"))
    return fill(
        "• *{company}*: {days}, last spoken {spoken}", company=company, days=days, spoken=spoken
    )


def removed_modal(shown: Logged) -> View:
    """What stands in the place of the form once its conversation was removed."""
    left = so_far(shown.conversations, "conversations", shown.reader)
    week = which_week(shown.week, shown.this_week, shown.reader)
    lines = [f"{shown.company} was removed. That leaves {left} {week}."]
    if shown.late:
        lines.append("That week’s check-in has closed, so your answers stay as they are.")
    text = join((escape(line) for line in lines), "\n")
    return modal("Removed", [section(text)], callback_id=REMOVED_MODAL, close="Close")


def turning(action_id: str, page: int, pages: int) -> list[Block]:
    """The buttons that turn the pages of a list; none for a list of one page."""
    buttons = []
    if page > 0:
        buttons.append(
            button("Back", action_id=f"{action_id}back", value=str(page - 1), label="Previous page")
        )
    if page + 1 < pages:
        buttons.append(
            button("More", action_id=f"{action_id}more", value=str(page + 1), label="Next page")
        )
    return buttons


def page_of(page: int, pages: int) -> Mrkdwn:
    """`Page 2 of 3`."""
    return fill("Page {page} of {pages}", page=page + 1, pages=pages)


def short_day(day: date, reader: Reader) -> Mrkdwn:
    """`Thu 19 Nov`."""
    return escape(format_date(day, "EEE d MMM", locale=reader.locale))
