"""How the numbers of a plan are said: where each comes from, what follows from it, what it is worth.

Every text here is mrkdwn that is already escaped, except where a function says that it is plain text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from babel.dates import format_date

from bot.domain.shown.plans import Figure, GoalShown, PlanShown
from bot.domain.shown.reader import Reader
from bot.rules import ratios
from bot.rules.conflicts import Conflict
from bot.rules.measures import ENOUGH_SALES
from bot.rules.periods import Span
from bot.rules.plan import Worth
from bot.rules.ratios import Provenance, Ratio, Step
from bot.rules.validity import Finding
from bot.slack.views import words
from bot.slack.views.blocks import Block, context, escape, section

CONVERSATIONS, BASE_MOVES, SALES = "conversations", "base_moves", "sales"
"""The keys of the metrics that a plan sets targets for."""

YOURS = "yours"
BY_HAND = "by hand"
"""Of a number that was typed over: to whoever typed it in their draft, and to everybody else."""


def money(amount: Decimal, reader: Reader) -> str:
    """`$600,000`; plain text."""
    return words.number(amount, "money", reader)


def count(amount: Decimal | int, reader: Reader) -> str:
    """`1,000`; plain text."""
    return words.number(Decimal(amount), "count", reader)


def percent(amount: Decimal, reader: Reader) -> str:
    """`38.7 %`; plain text."""
    return f"{count(amount, reader)} %"


def day(when: date, reader: Reader) -> str:
    """`31 December 2026`; plain text."""
    return format_date(when, "d MMMM y", locale=reader.locale)


def span(dates: Span, reader: Reader) -> str:
    """`1 January – 31 December 2026`; plain text."""
    pattern = "d MMMM" if dates.first.year == dates.last.year else "d MMMM y"
    first = format_date(dates.first, pattern, locale=reader.locale)
    return f"{first} – {day(dates.last, reader)}"


def since(when: date | None, reader: Reader, year: int) -> str:
    """` since 3 March`, with the year where it is not `year`; nothing without a day. Plain text."""
    if when is None:
        return ""
    pattern = "d MMMM" if when.year == year else "d MMMM y"
    return f" since {format_date(when, pattern, locale=reader.locale)}"


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
    if ratio.provenance is Provenance.THIN and ratio.low is not None and ratio.high is not None:
        low = count(ratio.low.to_integral_value(ROUND_FLOOR), reader)
        high = count(ratio.high.to_integral_value(ROUND_CEILING), reader)
        return f"thin: {tried}, somewhere between {low} and {high} %"
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
    """`the log says $12,400 since 1 October`, and the like."""
    if not figure.logged:
        logged = "nothing is logged in this time yet"
    else:
        logged = f"the log says {money(figure.logged, reader)}{since(figure.since, reader, year)}"
    return f"{typed}; {logged}" if figure.provenance is Provenance.OVERRULED else logged


def weeks_origin(working: Decimal, counted: Decimal, reader: Reader, *, typed: str = YOURS) -> str:
    """`counted in the calendar`, or `yours; the calendar gives 44.2`."""
    if working == counted:
        return "counted in the calendar"
    return f"{typed}; the calendar gives {count(counted, reader)}"


def origin_blocks(shown: PlanShown) -> list[Block]:
    """`origins` under their title, in small print."""
    return [section("*Where the numbers come from*"), context("\n".join(origins(shown)))]


def origins(shown: PlanShown) -> list[str]:
    """A line for each number behind the plan: what it is, and where it comes from."""
    reader, year = shown.reader, shown.span.first.year
    typed = YOURS if shown.state == "draft" else BY_HAND
    lines = [
        f"*{_step(ratio.step)} {percent(ratio.percent, reader)}*  "
        f"{ratio_origin(ratio, reader, year, typed=typed)}"
        for ratio in shown.ratios
    ]
    if shown.average_sale.value is not None:
        lines.append(
            f"*Average sale {escape(money(shown.average_sale.value, reader))}*  "
            f"{escape(average_origin(shown.average_sale, reader, year, typed=typed))}"
        )
    if shown.closed.value is not None:
        lines.append(
            f"*Closed already {escape(money(shown.closed.value, reader))}*  "
            f"{escape(closed_origin(shown.closed, reader, year, typed=typed))}"
        )
    lines.append(
        f"*{count(shown.working_weeks, reader)} working weeks*  "
        f"{weeks_origin(shown.working_weeks, shown.weeks_counted, reader, typed=typed)}"
    )
    return lines


def _step(step: Step) -> str:
    return step.label[0].upper() + step.label[1:]


# What follows


def weekly(shown: PlanShown, *, compared: bool = True) -> str:
    """The three weekly targets, a line each, beside what counts now where that is another number."""
    reader, week = shown.reader, shown.plan.weekly
    rows = (
        (CONVERSATIONS, "conversations", Decimal(week.conversations), "count"),
        (BASE_MOVES, "base moves", Decimal(week.base_moves), "count"),
        (SALES, "in sales", week.sales, "money"),
    )
    lines = []
    for key, name, amount, unit in rows:
        line = f"*{escape(words.number(amount, unit, reader))}* {name}"
        now = shown.targets_now.get(key)
        if compared and now is not None and now != amount:
            line += f"  (now {escape(words.number(now, unit, reader))})"
        lines.append(line)
    return "\n".join(lines)


def in_short(conversations: int, base_moves: int, sales: Decimal, reader: Reader) -> str:
    """`22 conversations · 9 base moves · $13,044 a week`."""
    return (
        f"{count(conversations, reader)} conversations · {count(base_moves, reader)} base moves · "
        f"{escape(money(sales, reader))} a week"
    )


def weekly_in_short(shown: PlanShown) -> str:
    """`in_short` of the plan."""
    week = shown.plan.weekly
    return in_short(week.conversations, week.base_moves, week.sales, shown.reader)


def goal(shown: PlanShown) -> str:
    """`Goal $600,000, 1 January – 31 December 2026`."""
    return f"Goal *{escape(money(shown.goal, shown.reader))}*, {span(shown.span, shown.reader)}"


def chain(shown: PlanShown) -> str:
    """The whole arithmetic from revenue to a week: a line for each number, with what it follows from."""
    reader, links = shown.reader, shown.plan.chain
    rates = {ratio.step: percent(ratio.percent, reader) for ratio in shown.ratios}
    weeks = f"{count(shown.working_weeks, reader)} weeks"
    sales, thirds, seconds, firsts, conversations = (
        count(number, reader)
        for number in (
            links.sales,
            links.thirds,
            links.seconds,
            links.firsts,
            links.conversations,
        )
    )
    revenue = escape(money(links.revenue, reader))
    lines = []
    if shown.closed.value:
        closed = escape(money(shown.closed.value, reader))
        lines.append(f"*{revenue}* to sell = {escape(money(shown.goal, reader))} − {closed} closed")
    average = escape(money(shown.average_sale.value or Decimal(0), reader))
    lines += [
        f"*{sales}* {'sale' if links.sales == 1 else 'sales'} = {revenue} ÷ {average}",
        f"*{thirds}* on 3rd = {sales} ÷ {rates[Step.HOME]}",
        f"*{seconds}* on 2nd = {thirds} ÷ {rates[Step.THIRD]}",
        f"*{firsts}* on 1st = {seconds} ÷ {rates[Step.SECOND]}",
        f"*{conversations}* conversations = {firsts} ÷ {rates[Step.FIRST]}",
        f"*{count(shown.plan.weekly.conversations, reader)} a week* = {conversations} ÷ {weeks}",
        f"*{count(links.base_moves, reader)}* base moves = {firsts} + {seconds} + {thirds} + {sales}",
        f"*{count(shown.plan.weekly.base_moves, reader)} a week* = "
        f"{count(links.base_moves, reader)} ÷ {weeks}",
    ]
    return "\n".join(lines)


def worth(found: Sequence[Worth], reader: Reader) -> str:
    """What a better ratio would save, the best first; nothing for a ratio that can't get better."""
    lines = []
    for each in sorted(found, key=lambda one: (-one.fewer, -one.a_point)):
        if each.raised <= each.percent:
            continue
        fewer = f"*{each.fewer} fewer*" if each.fewer else "not one fewer"
        lines.append(
            f"{_step(each.step)} at {percent(each.raised, reader)}: {fewer}, "
            f"{count(each.a_point, reader)} a point"
        )
    return "\n".join(lines)


# Goals, conflicts, findings


def goal_line(found: GoalShown, reader: Reader) -> str:
    """`*Income* $90,000, at 15 % commission`: one goal beside the sales goal."""
    facts = [fact for fact in (_amount(found, reader), *_facts(found, reader)) if fact]
    line = f"*{escape(found.words)}*"
    return f"{line}  {escape(', '.join(facts))}" if facts else line


def _amount(found: GoalShown, reader: Reader) -> str:
    if found.amount is None:
        return ""
    amount = words.number(found.amount, found.unit or "count", reader)
    return f"{amount} a week" if found.kind == "metric" else amount


def _facts(found: GoalShown, reader: Reader) -> list[str]:
    facts = []
    if found.commission is not None:
        facts.append(f"at {percent(found.commission, reader)} commission")
    if found.hours is not None:
        facts.append(f"{count(found.hours, reader)} hours a week")
    if found.begins_on is not None and found.ends_on is not None:
        facts.append(span(Span(found.begins_on, found.ends_on), reader))
    elif found.begins_on is not None:
        facts.append(f"from {day(found.begins_on, reader)}")
    elif found.ends_on is not None:
        facts.append(f"by {day(found.ends_on, reader)}")
    return facts


def conflict(found: Conflict) -> str:
    """The two goals, the arithmetic, and what would resolve it."""
    return (
        f":warning: *{escape(found.first)}* against *{escape(found.second)}*\n"
        f"{escape(found.arithmetic)}\n{escape(found.resolve)}"
    )


def finding(found: Finding) -> str:
    """One comparison with what the rep has done; a doubtful one is marked."""
    mark = ":warning:" if found.doubtful else "•"
    return f"{mark} {escape(found.sentence)}"


def targets_now(targets: Mapping[str, Decimal], reader: Reader) -> str:
    """`20 conversations · 9 base moves · $10,000`, of what counts at the moment."""
    names = ((CONVERSATIONS, "conversations"), (BASE_MOVES, "base moves"))
    parts = [f"{count(targets[key], reader)} {name}" for key, name in names if key in targets]
    if SALES in targets:
        parts.append(f"{escape(money(targets[SALES], reader))} in sales")
    return " · ".join(parts)
