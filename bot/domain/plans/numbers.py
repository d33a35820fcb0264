"""Reads the numbers of a plan as people type them; each unreadable one gets a sentence under its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_UP, Decimal

from bot.domain.refusals import FieldProblems
from bot.domain.shown.reader import Reader
from bot.rules import periods, plan
from bot.rules.numbers import parse_number, show_number
from bot.rules.periods import Span
from bot.rules.problems import NumberProblem, PlanProblems
from bot.rules.ratios import Step

PERCENT = "%"
WEEKS = "weeks"
_PERCENT_SIGNS = str.maketrans({"٪": "%", "﹪": "%"})


@dataclass
class Typed:
    """Reads typed numbers in the person's locale, and collects the problems by field."""

    reader: Reader
    problems: dict[str, str] = field(default_factory=dict)

    def number(
        self, text: str, name: str, *, unit: str, places: int | None = None
    ) -> Decimal | None:
        """Return the number, or None after adding its problem to `problems`.

        A number with two readings, like ``1.234``, is a problem too: nothing is saved that was read otherwise than
        it was meant, and the sentence says how it would be read.
        """
        try:
            reading = parse_number(
                text.translate(_PERCENT_SIGNS),
                locale=self.reader.locale,
                unit=unit,
                currency=self.reader.currency,
                places=places,
            )
        except NumberProblem as problem:
            self.problems[name] = str(problem)
            return None
        shown = show_number(reading.value, locale=self.reader.locale)
        if reading.note is not None and shown != text.strip():
            self.problems[name] = f"{reading.note} Type {shown} if that is right."
            return None
        return reading.value

    def money(self, text: str, name: str) -> Decimal | None:
        """Do what `number` does, for an amount in the team's currency."""
        return self.number(text, name, unit="money")

    def above_zero(
        self, text: str, name: str, *, unit: str, places: int | None = None
    ) -> Decimal | None:
        """Do what `number` does, and add a problem if the number is not above zero."""
        value = self.number(text, name, unit=unit, places=places)
        if value is not None and value <= 0:
            self.problems[name] = "A goal of 0 asks for nothing: type a number above 0."
        return value

    def percent(self, text: str, name: str) -> Decimal | None:
        """Return a percentage above 0 and up to 100 with at most one decimal; a % sign is allowed."""
        value = self.number(text, name, unit=PERCENT, places=1)
        if value is not None and value <= 0:
            self.problems[name] = (
                "With 0 % nothing would ever get there: type a percentage above 0."
            )
        elif value is not None and value > 100:
            self.problems[name] = "More than 100 % can't get on: type a percentage up to 100."
        return value

    def ratios(self, texts: Mapping[str, str]) -> dict[Step, Decimal | None]:
        """Return the four percentages; a missing text counts as empty."""
        return {step: self.percent(texts.get(step, ""), plan.RATIO + step) for step in Step}

    def weeks(self, text: str, span: Span, *, today: date) -> Decimal | None:
        """Return a number of working weeks, at most the weeks that remain of the period."""
        value = self.number(text, plan.WORKING_WEEKS, unit=WEEKS, places=1)
        if value is None:
            return None
        most = periods.working_weeks(span, today=today, away=()).quantize(Decimal(1), ROUND_UP)
        if value <= 0:
            self.problems[plan.WORKING_WEEKS] = (
                "A plan needs working weeks: type how many you will work until its end."
            )
        elif value > most:
            shown = show_number(most, locale=self.reader.locale)
            left = "1 week is" if most == 1 else f"{shown} weeks are"
            self.problems[plan.WORKING_WEEKS] = (
                f"Only {left} left until the end: type up to {shown}."
            )
        return value

    def check(self) -> None:
        """Raise FieldProblems if there are any problems."""
        if self.problems:
            raise FieldProblems(self.problems)


def computed(compute: Callable[[], None], *, fields: Mapping[str, str] | None = None) -> None:
    """Run the function that computes the plan, and raise its problems as FieldProblems.

    `fields` maps a field that the form does not have to the field that shows its sentence.
    """
    try:
        compute()
    except PlanProblems as found:
        moved = fields or {}
        raise FieldProblems(
            {moved.get(name, name): sentence for name, sentence in found.sentences.items()}
        ) from None
