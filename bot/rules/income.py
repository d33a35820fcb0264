"""Whether the sales of a plan can earn an income goal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from bot.rules.days import show_date
from bot.rules.goals import PlanFacts
from bot.rules.numbers import show_number
from bot.rules.periods import Span


@dataclass(frozen=True)
class Shortfall:
    """In sentences: what the income takes against what the plan sells, and what would close the gap."""

    arithmetic: str
    resolve: str


def shortfall(
    plan: PlanFacts, *, amount: Decimal, commission: Decimal, span: Span | None
) -> Shortfall | None:
    """What is missing for `amount` of income at `commission` percent of what is sold; None if nothing is.

    Where the income's time (`span`) is not the plan's, both are taken in proportion to the days that they
    share: what is closed is spread evenly over the plan's days before its first week, what is still to come
    over those after. Without a shared day nothing can be said.
    """
    time = span or plan.span
    shared = time.shared(plan.span)
    if shared is None:
        return None
    needed = Fraction(amount) * 100 / Fraction(commission)
    needed_then = needed * shared.days / time.days
    before = Span(plan.span.first, max(plan.first_week - timedelta(days=1), plan.span.first))
    ahead = Span(plan.first_week, plan.span.last)
    share_ahead = _share(ahead, of=shared)
    sold_then = Fraction(plan.closed) * _share(before, of=shared)
    sold_then += Fraction(plan.goal - plan.closed) * share_ahead
    if sold_then >= needed_then:
        return None

    def money(value: Decimal | int) -> str:
        return show_number(Decimal(value), unit="money", currency=plan.currency, locale=plan.locale)

    first, last = (show_date(day, today=plan.today) for day in (time.first, time.last))
    dates = "" if time == plan.span else f" from {first} to {last}"
    takes = (
        f"{money(amount)}{dates} at {show_number(commission, locale=plan.locale)} % commission takes sales of "
        f"{money(ceil(needed))}"
    )
    earns = f"which earns {money(floor(sold_then * Fraction(commission) / 100))}"
    sells = money(floor(sold_then))
    if time == plan.span:
        arithmetic = f"{takes}. The sales goal is {money(plan.goal)}, {earns}."
    elif shared == time:
        arithmetic = f"{takes}. Of the sales goal {sells} falls into that time, {earns}."
    else:
        arithmetic = (
            f"{takes}, {money(ceil(needed_then))} of it in the plan's own time. "
            f"Of the sales goal {sells} falls into that, {earns}."
        )
    ways = []
    if share_ahead:
        missing = (needed_then - sold_then) / share_ahead
        ways.append(f"raise the sales goal to {money(ceil(Fraction(plan.goal) + missing))}")
    if (less := floor(Fraction(amount) * sold_then / needed_then)) > 0:
        ways.append(f"lower the income goal to {money(less)}")
    resolve = " or ".join(ways) or "give the income goal a later time"
    return Shortfall(arithmetic, f"{resolve[0].upper()}{resolve[1:]}.")


def _share(part: Span, *, of: Span) -> Fraction:
    """How much of `part` lies in `of`."""
    both = part.shared(of)
    return Fraction(both.days, part.days) if both else Fraction(0)
