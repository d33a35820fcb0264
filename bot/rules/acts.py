"""Which act a missed week asks of the coach: coach, mentor, motivate, or hold accountable.

`suggest` reads the table `ROWS` from the top, and the first row that matches decides. Each row gives a reason made
of the rep's own numbers. It is a suggestion: the coach takes it or picks another act.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from bot.rules.leaks import WEEKS, Log
from bot.rules.numbers import show_number

LOG_WEEKS = WEEKS
"""How many weeks of the record and of the log are looked at, including the missed one."""


class Act(enum.StrEnum):
    """What a coach does about a missed week."""

    HOLD_ACCOUNTABLE = "hold_accountable"
    MOTIVATE = "motivate"
    COACH = "coach"
    MENTOR = "mentor"

    @property
    def label(self) -> str:
        """``Hold accountable``, ``Motivate``, ``Coach``, ``Mentor``."""
        return self.value.replace("_", " ").capitalize()


class Cause(enum.StrEnum):
    """What a rep says was in the way."""

    NO_TIME = "no_time"
    EMPTY_PIPELINE = "empty_pipeline"
    DID_NOT_WORK = "did_not_work"
    NOT_MY_WEEK = "not_my_week"
    SOMETHING_ELSE = "something_else"

    @property
    def label(self) -> str:
        """``no time``, ``empty pipeline``, ``didn’t work``, ``not my week``, ``something else``."""
        return {"did_not_work": "didn’t work"}.get(self.value, self.value.replace("_", " "))


class Why(enum.StrEnum):
    """The row of the table that decided."""

    NO_ANSWER = "no_answer"
    NO_CAUSE = "no_cause"
    FALLING = "falling"
    ZEROS = "zeros"
    LEAK = "leak"
    CLOSE = "close"
    ADVICE = "advice"
    PLAN = "plan"
    CAUSE = "cause"
    OWN_GOAL = "own_goal"


@dataclass(frozen=True)
class Counted:
    """The number and the target of one goal in one week; no number where it was not answered."""

    number: Decimal | None
    target: Decimal

    @property
    def is_met(self) -> bool:
        return self.number is not None and self.number >= self.target

    @property
    def is_missed(self) -> bool:
        return not self.is_met

    @property
    def share(self) -> Decimal | None:
        """The number as a share of the target, so that a week with days off can be held against a whole one."""
        if self.number is None or self.target <= 0:
            return None
        return self.number / self.target


@dataclass(frozen=True)
class Week:
    """One week of the record: its result (see `bot.domain.shown.alerts.TrendWeek`) and the two counted goals.

    A goal is None if it was not asked about.
    """

    result: str
    conversations: Counted | None = None
    base_moves: Counted | None = None


@dataclass(frozen=True)
class OwnGoal:
    """A goal of the team's own, which the table has no row for."""

    name: str
    unit: str
    counted: Counted


@dataclass(frozen=True)
class Facts:
    """What is known of a missed week."""

    weeks: Sequence[Week]
    """Oldest first, at most LOG_WEEKS; the missed week comes last."""
    sales: Counted | None = None
    own_goals: Sequence[OwnGoal] = ()
    cause: Cause | None = None
    asked_advice: bool = False
    has_plan: bool = False
    """Whether a signed plan set the targets of the week."""
    log: Log | None = None
    """What the rep logged; None if that is not known."""
    currency: str = "USD"
    locale: str = "en_US"

    @property
    def week(self) -> Week:
        return self.weeks[-1]


@dataclass(frozen=True)
class Suggestion:
    """An act with its reason, which is plain text."""

    act: Act
    why: Why
    reason: str


def suggest(facts: Facts) -> Suggestion | None:
    """Return the act of the first row that matches; None for a week that is no miss."""
    if facts.week.result not in {"missed", "silent"}:
        return None
    for why, act, reason in ROWS:
        said = reason(facts)
        if said is not None:
            return Suggestion(act(facts) if callable(act) else act, why, said)
    return None


def _no_answer(facts: Facts) -> str | None:
    if facts.week.result != "silent":
        return None
    asked = [week for week in facts.weeks if week.result in {"met", "missed", "silent"}]
    silent = sum(week.result == "silent" for week in asked)
    if silent == 1:
        return f"no answer by the deadline, for the first time in {_weeks(len(asked))}"
    return f"no answer by the deadline, in {silent} of the last {_weeks(len(asked))}"


def _no_cause(facts: Facts) -> str | None:
    conversations = facts.week.conversations
    if conversations is None or conversations.is_met or facts.cause or facts.asked_advice:
        return None
    return f"conversations {_of(conversations, facts)}, and no word on what was in the way"


def _falling(facts: Facts) -> str | None:
    """The numbers fell for two weeks or more, from a week that met its goal to one that did not."""
    for name, weeks in _two_goals(facts):
        run = [weeks[-1]] if weeks else []
        for week in reversed(weeks[:-1]):
            if week.share is None or run[-1].share is None or week.share <= run[-1].share:
                break
            run.append(week)
        if len(run) > 2 and run[0].is_missed and run[-1].is_met:
            numbers = ", ".join(_count(week.number, facts) for week in reversed(run))
            return f"{name} {numbers} in {len(run)} weeks, the first of which met its goal"
    return None


def _zeros(facts: Facts) -> str | None:
    for name, weeks in _two_goals(facts):
        last = weeks[-2:]
        if len(last) == 2 and all(week.share == 0 for week in last):
            return (
                f"{name} 0 and 0 in the last two weeks, of {_count(last[-1].target, facts)} a week"
            )
    return None


def _leak(facts: Facts) -> str | None:
    week = facts.week
    if week.base_moves is None or week.base_moves.is_met or _is_missed(week.conversations):
        return None
    moves = [one.base_moves for one in facts.weeks if one.base_moves is not None]
    known = [_count(one.number, facts) for one in moves[-3:] if one.number is not None]
    said = f"base moves {_of(week.base_moves, facts)}"
    if len(known) > 1:
        said = f"base moves {', '.join(known)} in {_weeks(len(known))}"
    if week.conversations is not None:
        said += f"; conversations held at {_of(week.conversations, facts)}"
    leak = facts.log.leak() if facts.log is not None else None
    if leak is None:
        return f"{said}; too few deals are logged to say at which base they stop"
    lately, usually = leak.lately, leak.usually
    return (
        f"{said}: the leak is {leak.step.label}, {lately.percent} % ({lately.hits} of "
        f"{lately.trials} in four weeks) against a usual {usually.percent} %"
    )


def _close(facts: Facts) -> str | None:
    week, sales = facts.week, facts.sales
    if sales is None or sales.is_met:
        return None
    if _is_missed(week.conversations) or _is_missed(week.base_moves):
        return None
    held = [
        f"{name} {_of(goal, facts)}"
        for name, goal in (("conversations", week.conversations), ("base moves", week.base_moves))
        if goal is not None
    ]
    said = "; ".join([" and ".join(held), f"sales {_money(sales, facts)}"] if held else [])
    said = said or f"sales {_money(sales, facts)}"
    if facts.log is None:
        return said
    home, closes = facts.log.at_the_close()
    if home.trials:
        said += f"; {home.hits} of {home.trials} that reached 3rd in four weeks came home"
    if closes.trials:
        said += f"; {closes.hits} of {show_number(Decimal(closes.trials), unit='closes')} not asked"
    return said


def _advice(facts: Facts) -> str | None:
    return f"asked for advice; {_missed(facts)}" if facts.asked_advice else None


def _plan(facts: Facts) -> str | None:
    """The plan's conversations don't bring its base moves at the rate at which the rep moves deals on."""
    week = facts.week
    if not facts.has_plan or facts.log is None:
        return None
    if week.conversations is None or week.base_moves is None:
        return None
    brought = facts.log.moves_of(week.conversations.target)
    asked = week.base_moves.target
    if brought is None or brought.quantize(Decimal(1), ROUND_HALF_UP) >= asked:
        return None
    return (
        f"the plan asks for {_counted(asked, 'base moves', facts)} from "
        f"{_counted(week.conversations.target, 'conversations', facts)}; "
        f"at the rate of the last {_weeks(LOG_WEEKS)} they bring "
        f"{_count(brought.quantize(Decimal(1), ROUND_HALF_UP), facts)}"
    )


def _cause(facts: Facts) -> str | None:
    return f"“{facts.cause.label}”; {_missed(facts)}" if facts.cause is not None else None


def _own_goal(facts: Facts) -> str | None:
    return _missed(facts)


_ACT_OF_CAUSE = {
    Cause.NO_TIME: Act.MENTOR,
    Cause.EMPTY_PIPELINE: Act.COACH,
    Cause.DID_NOT_WORK: Act.COACH,
    Cause.NOT_MY_WEEK: Act.MOTIVATE,
    Cause.SOMETHING_ELSE: Act.MENTOR,
}
"""Time is a matter of how others arrange it; a pipeline and a talk that fails are a matter of skill."""


def _by_cause(facts: Facts) -> Act:
    return _ACT_OF_CAUSE[facts.cause or Cause.SOMETHING_ELSE]


Reason = Callable[[Facts], str | None]
"""Gives the reason of a row, or None where the row does not match."""

ROWS: Sequence[tuple[Why, Act | Callable[[Facts], Act], Reason]] = (
    (Why.NO_ANSWER, Act.HOLD_ACCOUNTABLE, _no_answer),
    (Why.NO_CAUSE, Act.HOLD_ACCOUNTABLE, _no_cause),
    (Why.FALLING, Act.MOTIVATE, _falling),
    (Why.ZEROS, Act.MOTIVATE, _zeros),
    (Why.LEAK, Act.COACH, _leak),
    (Why.CLOSE, Act.COACH, _close),
    (Why.ADVICE, Act.MENTOR, _advice),
    (Why.PLAN, Act.MENTOR, _plan),
    # The method's table ends here. What is left: conversations missed with a cause, and a team's own goals.
    (Why.CAUSE, _by_cause, _cause),
    (Why.OWN_GOAL, Act.COACH, _own_goal),
)


def _two_goals(facts: Facts) -> list[tuple[str, list[Counted]]]:
    """Return the weeks of both counted goals; weeks away and weeks that were not asked are left out."""
    counted = [week for week in facts.weeks if week.result in {"met", "missed", "silent"}]
    found = []
    for name, key in (("conversations", "conversations"), ("base moves", "base_moves")):
        goals = [getattr(week, key) for week in counted]
        if getattr(facts.week, key) is not None:
            found.append((name, [goal for goal in goals if goal is not None]))
    return found


def _is_missed(goal: Counted | None) -> bool:
    return goal is not None and goal.is_missed


def _missed(facts: Facts) -> str:
    """`conversations 12 of 20, sales $3,000 of $5,000`: everything that was missed."""
    week = facts.week
    said = [
        f"{name} {_of(goal, facts)}"
        for name, goal in (("conversations", week.conversations), ("base moves", week.base_moves))
        if goal is not None and goal.is_missed
    ]
    if facts.sales is not None and facts.sales.is_missed:
        said.append(f"sales {_money(facts.sales, facts)}")
    for goal in facts.own_goals:
        if goal.counted.is_missed:
            shown = _shown(goal.counted, goal.unit, facts)
            said.append(f"{goal.name} {shown}")
    return ", ".join(said)


def _of(goal: Counted, facts: Facts) -> str:
    return _shown(goal, "count", facts)


def _money(goal: Counted, facts: Facts) -> str:
    return _shown(goal, "money", facts)


def _shown(goal: Counted, unit: str, facts: Facts) -> str:
    show = partial(show_number, unit=unit, currency=facts.currency, locale=facts.locale)
    number = show(goal.number) if goal.number is not None else "no answer"
    return f"{number} of {show(goal.target)}"


def _count(number: Decimal | None, facts: Facts) -> str:
    return show_number(number, locale=facts.locale) if number is not None else "no answer"


def _counted(number: Decimal, unit: str, facts: Facts) -> str:
    return show_number(number, unit=unit, locale=facts.locale)


def _weeks(number: int) -> str:
    return "1 week" if number == 1 else f"{number} weeks"
