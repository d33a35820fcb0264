"""The card for a one-to-one, as a modal: the picture first, then what to talk about.

It is a modal and no message: it is there at once, it costs nobody a ping, and nothing of it stays in Slack. A
modal can't hold Slack's chart block, so the weeks stand there as bars of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.shown.alerts import TrendWeek
from bot.domain.shown.card import CardShown, DealStanding, PlanAgainst, RatioAgainst
from bot.domain.shown.reader import Reader
from bot.rules.conversation import Base
from bot.rules.ratios import Provenance
from bot.rules.reality import Disproof, Why
from bot.slack.views import words
from bot.slack.views.alert_trend import RESULT_MARKS
from bot.slack.views.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    modal,
    section,
    sections,
    shorten,
)
from bot.slack.views.charts import TextBar, text_bars
from bot.slack.views.coach_home import OPEN_RECORD
from bot.slack.views.coaching.momentum import alarm_line
from bot.slack.views.coaching.on_home import act_line, step_line
from bot.slack.views.mrkdwn import Mrkdwn, capitalized, escape, fill, join, literal, mention
from bot.slack.views.record import LOG, PLAN

CARD_MODAL = "card"

GOALS = 6
"""So many goals beside the drawn one have a line."""

STEPS = 5

NO_NUMBER = {"away": "away", "silent": "no answer", "skipped": "not asked", "open": "still open"}


def card_modal(shown: CardShown) -> View:
    """The whole card; it keeps within Slack's limits, whatever the rep's history is."""
    reader = shown.reader
    blocks = [*_weeks(shown)]
    if shown.momentum is not None:
        blocks.append(section(alarm_line(shown.momentum, reader)))
    blocks.append(section(_leak(shown)))
    blocks += _agreed(shown)
    blocks += _deals(shown)
    if shown.plan is not None:
        blocks += _plan(shown.plan, reader)
    blocks.append(
        actions(
            button("Record", action_id=OPEN_RECORD, value=shown.rep, label=f"{shown.name}’s weeks"),
            button("Log", action_id=LOG, value=shown.rep, label=f"See {shown.name}’s log"),
            button("Plan", action_id=PLAN, value=shown.rep, label=f"{shown.name}’s plan"),
        )
    )
    return modal("One-to-one", blocks, callback_id=CARD_MODAL, close="Close")


def _weeks(shown: CardShown) -> list[Block]:
    """The weeks as squares, the goal that is furthest away as bars, and a line for each other goal."""
    weeks = _asked(shown.trend)
    if not weeks:
        nothing = fill("{rep}: no week was asked about yet.", rep=mention(shown.rep))
        return [section(nothing)]
    squares = join(RESULT_MARKS.get(week.result, RESULT_MARKS["none"]) for week in weeks)
    until = words.week(weeks[-1].week, shown.reader)
    title = fill("*{rep}*, up to the week {until}", rep=mention(shown.rep), until=until)
    blocks = [section(join([title, squares], "\n"))]
    goals = _goals(weeks)
    if not goals:
        return blocks
    drawn = min(goals, key=lambda name: _share(weeks, name))
    blocks.append(_bars(drawn, weeks, shown))
    others = [_average(name, weeks, shown) for name in goals if name != drawn]
    return blocks + sections(others[:GOALS])


def _asked(trend: Sequence[TrendWeek]) -> Sequence[TrendWeek]:
    """The weeks from the first one that was asked about on."""
    first = next((n for n, week in enumerate(trend) if week.result != "none"), len(trend))
    return trend[first:]


def _goals(weeks: Sequence[TrendWeek]) -> list[str]:
    """The names of the goals of the last week that had any."""
    last = next((week for week in reversed(weeks) if week.numbers), None)
    return list(dict.fromkeys(name for name, *_ in last.numbers)) if last is not None else []


def _answered(weeks: Sequence[TrendWeek], name: str) -> list[tuple[Decimal, Decimal]]:
    found = [week.of(name) for week in weeks]
    return [(one[0], one[1]) for one in found if one is not None and one[0] is not None]


def _share(weeks: Sequence[TrendWeek], name: str) -> Decimal:
    """How much of the targets of the last four answered weeks was reached; 1 where nothing is known."""
    last = _answered(weeks, name)[-4:]
    asked = sum((target for _, target in last), Decimal(0))
    return sum((number for number, _ in last), Decimal(0)) / asked if asked > 0 else Decimal(1)


def _bars(name: str, weeks: Sequence[TrendWeek], shown: CardShown) -> Block:
    reader, unit = shown.reader, shown.units.get(name, "count")
    bars = []
    for week in weeks:
        label = str(words.short_week(week.week, reader))
        number, target = week.of(name) or (None, Decimal(0))
        if number is None:
            bars.append(TextBar(label, Decimal(0), NO_NUMBER.get(week.result, "–")))
            continue
        says = f"{_number(number, unit, reader)} of {_number(target, unit, reader)}"
        bars.append(TextBar(label, number, says))
    return text_bars(name, bars)


def _average(name: str, weeks: Sequence[TrendWeek], shown: CardShown) -> Mrkdwn:
    """`Base moves: 8 of 9, 7.5 a week on average`."""
    reader, unit = shown.reader, shown.units.get(name, "count")
    answered = _answered(weeks, name)
    if not answered:
        return fill("{name}: no answer yet", name=escape(name))
    number, target = answered[-1]
    average = sum((one for one, _ in answered), Decimal(0)) / len(answered)
    rounded = average.quantize(Decimal(1) if average >= 20 else Decimal("0.1"), ROUND_HALF_UP)
    return fill(
        "{name}: last {number} of {target}, {average} a week on average",
        name=escape(name),
        number=escape(_number(number, unit, reader)),
        target=escape(_number(target, unit, reader)),
        average=escape(_number(rounded.normalize() + 0, unit, reader)),
    )


def _number(value: Decimal, unit: str, reader: Reader) -> str:
    return words.bare_number(value, unit, reader)


def _leak(shown: CardShown) -> Mrkdwn:
    leak = shown.leak
    if leak is not None:
        return fill(
            ":dart: *The leak is {step}:* {lately} % ({hits} of {trials} in four weeks) "
            "against a usual {usually} %.",
            step=escape(leak.step.label),
            lately=leak.lately.percent,
            hits=leak.lately.hits,
            trials=leak.lately.trials,
            usually=leak.usually.percent,
        )
    if shown.has_deals:
        return literal(":dart: *No leak:* every step carries as much as usual.")
    return literal(":dart: *The leak:* too few deals are logged to say where they stop.")


def _agreed(shown: CardShown) -> list[Block]:
    lines = [step_line(step, shown.reader) for step in shown.steps[:STEPS]]
    lines += [capitalized(act_line(act, shown.reader)) for act in shown.acts]
    if not lines:
        return [section(literal("*Agreed:* nothing yet, and no act in twelve weeks."))]
    return sections(lines, title=literal("*Agreed, and what came of it*"))


def _deals(shown: CardShown) -> list[Block]:
    if not shown.deals:
        return [section(literal("*Deals:* none is open on a base."))]
    title = fill(
        "*Deals that stand longest* ({shown} of {all} open)",
        shown=len(shown.deals),
        all=shown.open_deals,
    )
    return sections([_deal(deal, shown.reader) for deal in shown.deals], title=title)


def _deal(deal: DealStanding, reader: Reader) -> Mrkdwn:
    return fill(
        "{company}: {base}, {days} (since {since})",
        company=escape(shorten(deal.company, 80)),
        base=escape(Base(deal.base).label),
        days=words.count(deal.days, "day"),
        since=words.short_week(deal.since, reader),
    )


def _plan(plan: PlanAgainst, reader: Reader) -> list[Block]:
    """Each ratio as planned and as it is; what has to be said once comes first."""
    news = []
    if plan.is_new and plan.disproof is not None:
        news.append(_disproof(plan.disproof))
    news += [_measured(ratio) for ratio in plan.ratios if ratio.is_new]
    title = fill("*Plan against reality* (until {day})", day=words.day(plan.ends_on, reader))
    blocks = [section(fill(":new: {text}", text=text)) for text in news]
    blocks += sections([_ratio(ratio) for ratio in plan.ratios], title=title)
    if plan.disproof is not None and not plan.is_new:
        blocks.append(context(_disproof(plan.disproof)))
    return blocks


def _ratio(ratio: RatioAgainst) -> Mrkdwn:
    """`conversation → 1st: 20 % planned (assumed), 14.2 % now (12 of 84)`."""
    planned = fill(
        "{step}: {planned} % planned ({provenance})",
        step=escape(ratio.step.label),
        planned=_percent(ratio.planned),
        provenance=escape(ratio.provenance),
    )
    if not ratio.now.trials:
        return fill("{planned}, nothing to measure yet", planned=planned)
    hits, trials = ratio.now.hits or 0, ratio.now.trials
    share = (Decimal(hits) * 100 / trials).quantize(Decimal("0.1"), ROUND_HALF_UP)
    thin = literal("") if ratio.now.provenance == Provenance.MEASURED else literal(", still thin")
    return fill(
        "{planned}, {now} % so far ({hits} of {trials}{thin})",
        planned=planned,
        now=_percent(share),
        hits=hits,
        trials=trials,
        thin=thin,
    )


def _measured(ratio: RatioAgainst) -> Mrkdwn:
    return fill(
        "*{step} is measured now:* {now} %, from {hits} of {trials}. The plan assumes {planned} %.",
        step=escape(ratio.step.label),
        now=_percent(ratio.now.percent),
        hits=ratio.now.hits or 0,
        trials=ratio.now.trials or 0,
        planned=_percent(ratio.planned),
    )


def _disproof(found: Disproof) -> Mrkdwn:
    held, asked = _percent(found.conversations), _percent(found.conversations_asked)
    if found.why is Why.PACE:
        return fill(
            "*{weeks} weeks disprove the plan’s pace:* {held} conversations of the {asked} that it "
            "asks for, and not one week reached its number. Talk about the plan, not about effort.",
            weeks=found.weeks,
            held=held,
            asked=asked,
        )
    return fill(
        "*{weeks} weeks disprove the plan’s ratios:* the conversations were held ({held} of {asked}), "
        "and brought {moves} base moves of {moves_asked}. A new version can start from what is measured.",
        weeks=found.weeks,
        held=held,
        asked=asked,
        moves=_percent(found.base_moves),
        moves_asked=_percent(found.base_moves_asked),
    )


def _percent(value: Decimal) -> Mrkdwn:
    return escape(f"{value.normalize():f}")
