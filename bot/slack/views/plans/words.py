"""How the numbers of a plan are said: where each comes from, what follows from it, what it is worth.

Every text here is mrkdwn that is already escaped, except where a function says that it is plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from babel.dates import format_date

from bot.domain.shown.plans import Figure, PlanShown
from bot.domain.shown.reader import Reader
from bot.rules import ratios
from bot.rules.measures import ENOUGH_SALES
from bot.rules.numbers import unit_word
from bot.rules.periods import Span
from bot.rules.ratios import Provenance, Ratio, Step
from bot.slack.views import words
from bot.slack.views.blocks import Block, context, section
from bot.slack.views.mrkdwn import Mrkdwn, capitalized, escape, fill, join, literal

CONVERSATIONS, BASE_MOVES, SALES = "conversations", "base_moves", "sales"
"""The keys of the metrics that a plan sets targets for."""

YOURS = "yours"
BY_HAND = "by hand"
"""A number that was typed over is "yours" in the draft of the person who typed it, and "by hand" to others."""


def money(amount: Decimal, reader: Reader) -> Mrkdwn:
    """`$600,000`."""
    return escape(words.number(amount, "money", reader))


def count(amount: Decimal | int, reader: Reader) -> Mrkdwn:
    """`1,000`."""
    return escape(words.number(Decimal(amount), "count", reader))


def percent(amount: Decimal, reader: Reader) -> Mrkdwn:
    """`38.7 %`."""
    return fill("{count} %", count=count(amount, reader))


def day(when: date, reader: Reader) -> Mrkdwn:
    """`31 December 2026`."""
    return escape(format_date(when, "d MMMM y", locale=reader.locale))


def span(dates: Span, reader: Reader) -> Mrkdwn:
    """`1 January – 31 December 2026`."""
    first = _day_beside(dates.last.year, dates.first, reader)
    return fill("{first} – {last}", first=first, last=day(dates.last, reader))


def _day_beside(year: int, when: date, reader: Reader) -> Mrkdwn:
    """`3 March`, with the year where it is not `year`."""
    pattern = "d MMMM" if when.year == year else "d MMMM y"
    return escape(format_date(when, pattern, locale=reader.locale))


def version(number: int | None) -> Mrkdwn:
    """`version 3`, or `the draft` before there is a number."""
    return literal("the draft") if number is None else fill("version {number}", number=number)


def since(when: date | None, reader: Reader, year: int) -> Mrkdwn:
    """` since 3 March`, with the year where it is not `year`; nothing without a day."""
    if when is None:
        return literal("")
    return fill(" since {day}", day=_day_beside(year, when, reader))


# Where a number comes from, in plain text


def ratio_origin(ratio: Ratio, reader: Reader, year: int, *, typed: str = YOURS) -> str:
    """`measured: 12 of 31 since 3 March`, and the like for thin, assumed and overruled ratios.

    `typed` says of an overruled one who had it otherwise.
    """
    if ratio.provenance is Provenance.OVERRULED:
        return f"{typed}; {_overruled(ratio, reader, year)}"
    if not ratio.trials:
        return "assumed: nothing is logged yet"
    tried = _tried(ratio, reader, year)
    if ratio.provenance is Provenance.ASSUMED:
        return f"assumed: {tried} got there"
    is_wide = ratio.provenance is Provenance.THIN or not ratio.hits
    if is_wide and ratio.low is not None and ratio.high is not None:
        low = count(ratio.low.to_integral_value(ROUND_FLOOR), reader)
        high = count(ratio.high.to_integral_value(ROUND_CEILING), reader)
        said = f"{ratio.provenance}: {tried}, somewhere between {low} and {high} %"
        return said if ratio.hits else f"{said}; the middle of it is taken"
    return f"{ratio.provenance}: {tried}"


def _overruled(ratio: Ratio, reader: Reader, year: int) -> str:
    if not ratio.trials:
        return "nothing is logged yet"
    tried = _tried(ratio, reader, year)
    if not ratio.hits:
        return f"{tried} got there"
    found = ratios.ratio(ratio.step, hits=ratio.hits, trials=ratio.trials, since=ratio.since)
    kind = "thin" if found.provenance is Provenance.THIN else "measured"
    return f"{kind} {percent(found.percent, reader)}, {tried}"


def _tried(ratio: Ratio, reader: Reader, year: int) -> str:
    hits = count(ratio.hits, reader) if ratio.hits else "none"
    return f"{hits} of {count(ratio.trials or 0, reader)}{since(ratio.since, reader, year)}"


def average_origin(figure: Figure, reader: Reader, year: int, *, typed: str = YOURS) -> str:
    """`measured: $14,300 over 40 sales since 3 March`, and the like."""
    if figure.logged is None or not figure.sales:
        if figure.value is None:
            return "nothing is logged yet: type what one sale usually brings"
        return f"{typed}; nothing is logged yet"
    thin = figure.sales < ENOUGH_SALES
    logged = (
        f"{money(figure.logged, reader)} over {'only ' if thin else ''}"
        f"{words.count(figure.sales, 'sale')}{since(figure.since, reader, year)}"
    )
    kind = "thin" if thin else "measured"
    if figure.provenance is Provenance.OVERRULED:
        return f"{typed}; {kind} {logged}"
    return f"{kind}: {logged}"


def closed_origin(figure: Figure, reader: Reader, year: int, *, typed: str = YOURS) -> str:
    """`log and answers say $12,400 since 1 October`, and the like.

    Of an opening balance it says from which day it is, and what was added since: `yours, $40,000 on 3 October,
    and $12,400 since then`.
    """
    if not figure.logged:
        logged = "nothing is logged in this time yet"
    else:
        logged = (
            f"log and answers say {money(figure.logged, reader)}{since(figure.since, reader, year)}"
        )
    if figure.opening is None or figure.opening_on is None:
        return f"{typed}; {logged}" if figure.provenance is Provenance.OVERRULED else logged
    day_of = _day_beside(year, figure.opening_on, reader)
    added = (figure.value or Decimal(0)) - figure.opening
    if not added:
        return f"{typed}, of {day_of}; {logged}"
    return (
        f"{typed}, {money(figure.opening, reader)} on {day_of}, and {money(added, reader)} since then; "
        f"{logged}"
    )


def weeks_origin(working: Decimal, counted: Decimal, reader: Reader, *, typed: str = YOURS) -> str:
    """`counted in the calendar`, or `yours; the calendar gives 44.2`."""
    if working == counted:
        return "counted in the calendar"
    return f"{typed}; the calendar gives {count(counted, reader)}"


def origin_blocks(shown: PlanShown) -> list[Block]:
    """`origins` under their title, in small print."""
    return [section(literal("*Where the numbers come from*")), context(join(origins(shown), "\n"))]


def origins(shown: PlanShown) -> list[Mrkdwn]:
    """A line for each number behind the plan: what it is, and where it comes from."""
    reader, year = shown.reader, shown.span.first.year
    typed = YOURS if shown.state == "draft" else BY_HAND
    lines = [
        fill(
            "*{step} {percent}*  {origin}",
            step=step_name(ratio.step),
            percent=percent(ratio.percent, reader),
            origin=escape(ratio_origin(ratio, reader, year, typed=typed)),
        )
        for ratio in shown.ratios
    ]
    if shown.average_sale.value is not None:
        origin = escape(average_origin(shown.average_sale, reader, year, typed=typed))
        value = money(shown.average_sale.value, reader)
        lines.append(fill("*Average sale {value}*  {origin}", value=value, origin=origin))
    if shown.closed.value is not None:
        origin = escape(closed_origin(shown.closed, reader, year, typed=typed))
        value = money(shown.closed.value, reader)
        lines.append(fill("*Closed already {value}*  {origin}", value=value, origin=origin))
    weeks = counted(shown.working_weeks, "working weeks", reader)
    origin = escape(weeks_origin(shown.working_weeks, shown.weeks_counted, reader, typed=typed))
    lines.append(fill("*{weeks}*  {origin}", weeks=weeks, origin=origin))
    return lines


def step_name(step: Step) -> Mrkdwn:
    return capitalized(escape(step.label))


# What follows


def weekly(shown: PlanShown, *, compared: bool = True) -> Mrkdwn:
    """The three weekly targets, a line each, beside what counts now where that is another number."""
    reader, week = shown.reader, shown.plan.weekly
    rows = (
        (CONVERSATIONS, literal("conversations"), Decimal(week.conversations), "count"),
        (BASE_MOVES, literal("base moves"), Decimal(week.base_moves), "count"),
        (SALES, literal("in sales"), week.sales, "money"),
    )
    lines = []
    for key, name, amount, unit in rows:
        line = fill(
            "*{amount}* {name}",
            amount=escape(words.number(amount, unit, reader)),
            name=_of(amount, name),
        )
        now = shown.targets_now.get(key)
        if compared and now is not None and now != amount:
            current = escape(words.number(now, unit, reader))
            line = fill("{line}  (now {current})", line=line, current=current)
        lines.append(line)
    return join(lines, "\n")


def in_short(conversations: int, base_moves: int, sales: Decimal, reader: Reader) -> Mrkdwn:
    """`22 conversations · 9 base moves · $13,044 a week`."""
    return fill(
        "{conversations} · {base_moves} · {sales} a week",
        conversations=counted(conversations, "conversations", reader),
        base_moves=counted(base_moves, "base moves", reader),
        sales=money(sales, reader),
    )


def _of(amount: Decimal | int, name: Mrkdwn) -> Mrkdwn:
    """What is counted, in the singular for one."""
    return escape(unit_word(amount, name))


def counted(amount: Decimal | int, name: str, reader: Reader) -> Mrkdwn:
    """`22 conversations`, `1 conversation`."""
    return escape(words.number(Decimal(amount), name, reader))


def weekly_in_short(shown: PlanShown) -> Mrkdwn:
    """`in_short` of the plan."""
    week = shown.plan.weekly
    return in_short(week.conversations, week.base_moves, week.sales, shown.reader)


def goal(shown: PlanShown) -> Mrkdwn:
    """`Goal $600,000, 1 January – 31 December 2026`."""
    return fill(
        "Goal *{goal}*, {span}",
        goal=money(shown.goal, shown.reader),
        span=span(shown.span, shown.reader),
    )


def chain(shown: PlanShown) -> Mrkdwn:
    """The whole arithmetic from revenue to a week: a line for each number, with what it follows from."""
    reader, links, weekly = shown.reader, shown.plan.chain, shown.plan.weekly
    rates = {ratio.step: percent(ratio.percent, reader) for ratio in shown.ratios}
    lines = fill(
        "*{sales}* {noun} = {revenue} ÷ {average}\n"
        "*{thirds}* on 3rd = {sales} ÷ {home_rate}\n"
        "*{seconds}* on 2nd = {thirds} ÷ {third_rate}\n"
        "*{firsts}* on 1st = {seconds} ÷ {second_rate}\n"
        "*{conversations}* {talks} = {firsts} ÷ {first_rate}\n"
        "*{weekly_conversations} a week* = {conversations} ÷ {weeks}\n"
        "*{base_moves}* {moves} = {firsts} + {seconds} + {thirds} + {sales}\n"
        "*{weekly_base_moves} a week* = {base_moves} ÷ {weeks}",
        talks=_of(links.conversations, literal("conversations")),
        moves=_of(links.base_moves, literal("base moves")),
        sales=count(links.sales, reader),
        noun=literal("sale") if links.sales == 1 else literal("sales"),
        revenue=money(links.revenue, reader),
        average=money(shown.average_sale.value or Decimal(0), reader),
        thirds=count(links.thirds, reader),
        home_rate=rates[Step.HOME],
        seconds=count(links.seconds, reader),
        third_rate=rates[Step.THIRD],
        firsts=count(links.firsts, reader),
        second_rate=rates[Step.SECOND],
        conversations=count(links.conversations, reader),
        first_rate=rates[Step.FIRST],
        weekly_conversations=count(weekly.conversations, reader),
        weeks=counted(shown.working_weeks, "weeks", reader),
        base_moves=count(links.base_moves, reader),
        weekly_base_moves=count(weekly.base_moves, reader),
    )
    if not shown.closed.value:
        return lines
    still_to_sell = fill(
        "*{revenue}* to sell = {goal} − {closed} closed",
        revenue=money(links.revenue, reader),
        goal=money(shown.goal, reader),
        closed=money(shown.closed.value, reader),
    )
    return join([still_to_sell, lines], "\n")


def targets_now(targets: Mapping[str, Decimal], reader: Reader) -> Mrkdwn:
    """`20 conversations · 9 base moves · $10,000`, of what counts at the moment."""
    names = ((CONVERSATIONS, literal("conversations")), (BASE_MOVES, literal("base moves")))
    parts = [
        fill("{count} {name}", count=count(targets[key], reader), name=_of(targets[key], name))
        for key, name in names
        if key in targets
    ]
    if SALES in targets:
        parts.append(fill("{sales} in sales", sales=money(targets[SALES], reader)))
    return join(parts, " · ")
