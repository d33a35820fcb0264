"""What a rep's history says for a plan: the four ratios, the sales cycle, the average sale, the best weeks.

Ratios are measured by cohort: of the opportunities that *began* in a period, how many got how far by now. And
only of those that had time to mature, which is to say that they began at least one sales cycle ago. An
opportunity of last week has hardly had a second conversation, let alone a sale; counted, it would press every
ratio down, most of all in a week with many new ones. Dividing this month's sales by this month's firsts errs
the other way round: they are not the same opportunities. For the idea see D. Kellogg, “Win Rates, Close Rates
and Milestone vs. Cohort Analysis” (kellblog.com), who wants to wait until most of a cohort's deals are
resolved, and the documentation of `rt_get_cohorted_conversion_rates` (R package rtools), which shows a cohort
only once every record in it had enough time to convert.

The sales cycle is the **median** of the days from an opportunity's first conversation to home. Such days are
lopsided: most deals take weeks, a few take a year, and one of those moves a mean by more than ten ordinary
deals do. Half of the sales take longer than the median, so the youngest of the mature opportunities may still
bring some; over a window of a year that is little, and it errs on the side of asking for more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from math import ceil
from statistics import median

from bot.rules.conversation import Base
from bot.rules.ratios import SMALLEST, Provenance, Ratio, Step, ratio

WINDOW = timedelta(days=365)
"""How far back is counted: what somebody did years ago says little of what they do now."""

ENOUGH_WINS = 5
"""From so many wins on the rep's own sales cycle is used."""

LONGEST_CYCLE = 730
"""Days; the longest sales cycle that is reckoned with."""

ENOUGH_SALES = 10
"""With fewer sales than this an average sale is thin."""

ENOUGH_REPS = 3
"""From so many reps on a median is one: of one or two it would give away what each of them does."""

BEST_OF = 4
"""The weeks in a row whose average is looked for."""


@dataclass(frozen=True)
class Deal:
    """An opportunity, as far as the ratios need it.

    `reached` is the highest base it was ever on: skipping one counts as having reached it. `won_on` is None
    unless it got home, and `amount` is None also where a sale was logged without one.
    """

    started_on: date
    conversations: int
    reached: Base
    won_on: date | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class SalesCycle:
    """How many days a sale takes: measured from `wins`, or assumed, which is the team's number."""

    days: int
    wins: int
    provenance: Provenance


@dataclass(frozen=True)
class AverageSale:
    """What one sale brings, rounded down to the cent: of so many sales, the first on the day `since`."""

    amount: Decimal
    sales: int
    since: date
    provenance: Provenance


@dataclass(frozen=True)
class Median:
    """The middle of the measured ratios of `reps`, in percent; None where there are too few."""

    percent: Decimal | None
    reps: int


@dataclass(frozen=True)
class BestWeeks:
    """The four weeks in a row with the most conversations: a week on average, and their first and last Monday."""

    average: Decimal
    first: date
    last: date


def sales_cycle(deals: Iterable[Deal], *, default: int, today: date) -> SalesCycle:
    """The median of the days from first conversation to home, of the wins of the window up to today.

    The team's `default` where there are fewer than ENOUGH_WINS. Half a day counts as a whole one.
    """
    days = [
        (deal.won_on - deal.started_on).days
        for deal in deals
        if deal.won_on is not None and today - WINDOW < deal.won_on <= today
    ]
    if len(days) < ENOUGH_WINS:
        return SalesCycle(default, len(days), Provenance.ASSUMED)
    return SalesCycle(min(ceil(median(days)), LONGEST_CYCLE), len(days), Provenance.MEASURED)


def mature(deals: Iterable[Deal], *, cycle_days: int, today: date) -> list[Deal]:
    """The opportunities that began at least `cycle_days` ago, and within the window before that day."""
    newest = today - timedelta(days=cycle_days)
    return [deal for deal in deals if newest - WINDOW < deal.started_on <= newest]


def ratios_of(counted: Sequence[Deal]) -> Mapping[Step, Ratio]:
    """The four ratios of mature opportunities.

    The first one divides by all of their conversations, the later ones with a company included, for that is
    what a weekly target counts. Each other one divides by the opportunities that reached the base before.
    """
    since = min((deal.started_on for deal in counted), default=None)
    trials = sum(deal.conversations for deal in counted)
    found: dict[Step, Ratio] = {}
    for step in Step:
        hits = sum(deal.reached >= step.base for deal in counted)
        found[step] = ratio(step, hits=hits, trials=trials, since=since if trials else None)
        trials = hits
    return found


def average_sale(deals: Iterable[Deal], *, today: date) -> AverageSale | None:
    """What the sales of the window up to today brought on average; None if they brought nothing.

    Sales without an amount are left out: they would make the others look smaller.
    """
    sold = [
        (deal.won_on, deal.amount)
        for deal in deals
        if deal.won_on is not None
        and deal.amount is not None
        and today - WINDOW < deal.won_on <= today
    ]
    total = sum((amount for _, amount in sold), Decimal(0))
    amount = (total / len(sold)).quantize(Decimal("0.01"), ROUND_DOWN) if sold else Decimal(0)
    if amount <= 0:
        return None
    return AverageSale(
        amount=amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount,
        sales=len(sold),
        since=min(won_on for won_on, _ in sold),
        provenance=Provenance.THIN if len(sold) < ENOUGH_SALES else Provenance.MEASURED,
    )


def medians(reps: Collection[Mapping[Step, Ratio]]) -> Mapping[Step, Median]:
    """The median of each step over the reps in whom it is measured: a thin ratio is left out."""
    found: dict[Step, Median] = {}
    for step in Step:
        measured = [
            ratios[step].percent
            for ratios in reps
            if ratios[step].provenance is Provenance.MEASURED
        ]
        percent = None
        if len(measured) >= ENOUGH_REPS:
            percent = median(measured).quantize(SMALLEST, ROUND_DOWN)
        found[step] = Median(percent, len(measured))
    return found


def best_weeks(counts: Sequence[int], *, last: date) -> BestWeeks | None:
    """The best four weeks in a row of a history, oldest week first; of equal ones the latest.

    `last` is the Monday of the last week. None where there are fewer than four.
    """
    best: BestWeeks | None = None
    for end in range(BEST_OF, len(counts) + 1):
        average = Decimal(sum(counts[end - BEST_OF : end])) / BEST_OF
        if best is None or average >= best.average:
            monday = last - timedelta(weeks=len(counts) - end)
            best = BestWeeks(average, monday - timedelta(weeks=BEST_OF - 1), monday)
    return best
