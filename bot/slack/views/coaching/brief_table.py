"""The brief's table: a row for each rep with result, numbers and steps; and the same in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.shown.briefs import Number, RepShown
from bot.domain.shown.reader import Reader
from bot.rules.briefs import Result
from bot.slack.views import words
from bot.slack.views.blocks import TABLE_COLUMNS, Block, Element, cell, table
from bot.slack.views.mrkdwn import Mrkdwn, escape, fill, join

ROWS = 20
"""How many reps one page of the table shows."""

_OTHER_COLUMNS = 4
"""Rep, week and step; and one for the goals that have no column of their own."""


def reps_table(reps: Sequence[RepShown], reader: Reader) -> Block:
    """A row for each of these reps. Goals that were missed are bold."""
    names = list(dict.fromkeys(number.name for rep in reps for number in rep.numbers))
    own, others = names[: TABLE_COLUMNS - _OTHER_COLUMNS], names[TABLE_COLUMNS - _OTHER_COLUMNS :]
    has_steps = any(rep.steps for rep in reps)
    head = ["Rep", "Week", *own]
    head += ["Other goals"] if others else []
    head += ["Step"] if has_steps else []
    rows = [[cell(name, bold=True) for name in head]]
    for rep in reps:
        of = {number.name: number for number in rep.numbers}
        row = [cell(rep.week.name), _result(rep)]
        row += [_number(of.get(name), rep, reader) for name in own]
        if others:
            listed = [f"{name}: {_said(of[name], reader)}" for name in others if name in of]
            row.append(cell("; ".join(listed)))
        if has_steps:
            row.append(cell(_steps(rep, reader)))
        rows.append(row)
    return table(rows)


def rep_in_words(rep: RepShown, reader: Reader) -> Mrkdwn:
    """`Priya Nair missed: Conversations 14 of 20, Base moves 9 of 9.`"""
    numbers = ", ".join(f"{one.name} {_said(one, reader)}" for one in rep.numbers)
    said = fill("{name}: {result}", name=escape(rep.week.name), result=escape(_label(rep).lower()))
    parts = [said]
    if numbers:
        parts.append(escape(numbers))
    if rep.steps:
        parts.append(fill("step: {steps}", steps=escape(_steps(rep, reader))))
    return fill("{said}.", said=join(parts, "; "))


def _label(rep: RepShown) -> str:
    return f"{rep.week.result.label}, late" if rep.late else rep.week.result.label


def _result(rep: RepShown) -> Element:
    return cell(_label(rep), bold=rep.week.result in {Result.MISSED, Result.SILENT})


def _number(number: Number | None, rep: RepShown, reader: Reader) -> Element:
    if number is None:
        return cell("")
    missed = number.number is not None and not number.met
    return cell(_said(number, reader), bold=missed)


def _said(number: Number, reader: Reader) -> str:
    """`18 of 20`, `20 of 20 (log: 0)`, or without an answer what the log has: `log: 11 of 20`."""
    target = words.number(number.target, number.unit, reader)
    if number.number is None:
        if number.logged is None:
            return f"– of {target}"
        return f"log: {words.bare_number(number.logged, number.unit, reader)} of {target}"
    said = f"{words.bare_number(number.number, number.unit, reader)} of {target}"
    if number.logged is not None:
        said += f" (log: {words.bare_number(number.logged, number.unit, reader)})"
    return said


def _steps(rep: RepShown, reader: Reader) -> str:
    """`Three plans, by Friday 27 November`, with what became of it."""
    said = []
    for step in rep.steps:
        became = {"yes": "done", "no": "not done"}.get(step.kept or "")
        said.append(
            f"{step.step}: {became}"
            if became
            else f"{step.step}, by {words.day(step.due_on, reader)}"
        )
    return "; ".join(said)
