"""What a plan asks for against what the rep has done: findings for the coach, each with its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from bot.rules.days import show_date
from bot.rules.numbers import show_number
from bot.rules.ratios import SMALLEST, Provenance, Ratio, Step

MORE_THAN_BEST = Decimal(10)
"""By more than so many percent above the rep's best four weeks the conversations are doubtful."""

POINTS_ABOVE_TEAM = Decimal(10)
"""By more than so many points above the team's median a ratio is doubtful, unless the rep's own history has it."""


@dataclass(frozen=True)
class Finding:
    """One comparison in a plain sentence with its numbers; `doubtful` where the plan asks for more."""

    sentence: str
    doubtful: bool


@dataclass(frozen=True)
class Asked:
    """What the plan asks for: conversations a week, and the ratios that it counts on, own numbers beside them."""

    conversations: int
    ratios: Sequence[Ratio]


@dataclass(frozen=True)
class Done:
    """What it is held against.

    `best_average` is the rep's best average of conversations a week, over the four weeks that begin with the
    Monday `best_first`; both None without four weeks of history. `medians` are the team's, in percent, of
    the steps for which enough other reps are measured.
    """

    best_average: Decimal | None
    best_first: date | None
    medians: Mapping[Step, Decimal]
    conversation_minutes: int
    weekly_hours: int


def findings(asked: Asked, done: Done, *, locale: str, today: date) -> tuple[Finding, ...]:
    """The best weeks, the hours, then each ratio against the rep's own history and the team's median.

    Doubtful are more conversations than MORE_THAN_BEST allows or than the week has time for, a ratio above
    the interval of the measured one, and one that is POINTS_ABOVE_TEAM higher than the team's median without
    being measured. A ratio that is just what the history says is no finding while the team has no median.
    """
    words = _Words(locale, today)
    found = [_best_weeks(asked, done, words), _capacity(asked, done, words)]
    in_order = sorted(asked.ratios, key=lambda ratio: ratio.step.base)
    found += [
        _ratio(ratio, done.medians.get(ratio.step), words)
        for ratio in in_order
        if ratio.step in done.medians or _parts_from_its_history(ratio)
    ]
    if not any(ratio.step in done.medians for ratio in asked.ratios):
        found.append(Finding("The team has no median yet to hold the ratios against.", False))
    return tuple(found)


@dataclass(frozen=True)
class _Words:
    locale: str
    today: date

    def number(self, value: Decimal | int) -> str:
        return show_number(Decimal(value), locale=self.locale)

    def conversations(self, count: int) -> str:
        return f"{self.number(count)} conversation{'' if count == 1 else 's'}"

    def counted(self, value: Decimal | int, unit: str) -> str:
        return show_number(Decimal(value), unit=unit, locale=self.locale)

    def percent(self, value: Decimal) -> str:
        return f"{self.number(value)} %"

    def since(self, day: date | None) -> str:
        return f" since {show_date(day, today=self.today)}" if day else ""


def _best_weeks(asked: Asked, done: Done, words: _Words) -> Finding:
    plan = f"{words.conversations(asked.conversations)} a week"
    best = done.best_average
    if best is None or done.best_first is None:
        return Finding(f"{plan}: there are no four weeks of history yet to compare.", False)
    average = best.quantize(Decimal("0.1"), ROUND_HALF_UP)
    weeks = (
        f"the best four weeks of the last year, from {show_date(done.best_first, today=words.today)} "
        f"on, had {words.number(average)} on average"
    )
    if asked.conversations <= best:
        return Finding(f"{plan} is what was done before: {weeks}.", False)
    doubtful = asked.conversations * 100 > best * (100 + MORE_THAN_BEST)
    more = "more" if doubtful else "a little more"
    return Finding(f"{plan} is {more} than was ever done: {weeks}.", doubtful)


def _capacity(asked: Asked, done: Done, words: _Words) -> Finding:
    needed = asked.conversations * done.conversation_minutes
    hours = (Decimal(needed) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Finding(
        f"{words.conversations(asked.conversations)} at {words.counted(done.conversation_minutes, 'minutes')}: "
        f"that is {words.number(hours)} of the {words.counted(done.weekly_hours, 'hours')} of a week.",
        needed > done.weekly_hours * 60,
    )


def _parts_from_its_history(ratio: Ratio) -> bool:
    """Whether the rep's own history says another ratio; where it says this one there is nothing to compare."""
    return bool(ratio.trials) and ratio.provenance in {Provenance.OVERRULED, Provenance.ASSUMED}


def _ratio(ratio: Ratio, median: Decimal | None, words: _Words) -> Finding:
    sentence = f"{ratio.step.label} at {words.percent(ratio.percent)} is {_origin(ratio, words)}"
    doubtful = (
        ratio.provenance in {Provenance.OVERRULED, Provenance.ASSUMED}
        and ratio.high is not None
        and ratio.percent > ratio.high
    )
    if median is not None:
        sentence += f"; the team's median is {words.percent(median)}"
        above = ratio.percent - median
        if above > POINTS_ABOVE_TEAM and ratio.provenance is not Provenance.MEASURED:
            sentence += f", {words.counted(above, 'points')} less"
            doubtful = True
    return Finding(f"{sentence}.", doubtful)


def _origin(ratio: Ratio, words: _Words) -> str:
    if ratio.trials is None or ratio.hits is None:
        by = "assumed" if ratio.provenance is Provenance.ASSUMED else "set by hand"
        return f"{by}, there is no history yet"
    of = f"{words.number(ratio.hits)} of {words.number(ratio.trials)}{words.since(ratio.since)}"
    if ratio.provenance is Provenance.MEASURED:
        return f"measured: {of}"
    if ratio.provenance is Provenance.THIN:
        return f"measured on few: {of}"
    by = "assumed" if ratio.provenance is Provenance.ASSUMED else "set by hand"
    measured = (Decimal(ratio.hits) * 100 / ratio.trials).quantize(SMALLEST, ROUND_DOWN)
    sentence = f"{by}; measured at {words.percent(measured)}, {of}"
    if ratio.high is not None and ratio.percent > measured:
        sentence += f", and more than {words.percent(ratio.high)} is unlikely"
    return sentence
