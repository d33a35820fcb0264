"""Reads what a suggested act depends on, for many alerts at once, and asks `bot.rules.acts`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

import sqlalchemy as sa

from bot.database import columns
from bot.domain.coaching.history import History, Key, PastWeek
from bot.domain.metrics import metrics
from bot.domain.tables import CheckIn, Plan, PlanState
from bot.rules.acts import Cause, Facts, OwnGoal, Suggestion, Week
from bot.rules.acts import suggest as suggest_act


class Missed(Protocol):
    """A row about a missed week of one rep."""

    @property
    def id(self) -> int: ...
    @property
    def member_id(self) -> int: ...
    @property
    def week(self) -> date: ...
    @property
    def cause(self) -> str | None: ...
    @property
    def asked_advice(self) -> bool: ...
    @property
    def has_plan(self) -> bool:
        """Whether a signed plan set the week's targets."""

    @property
    def currency(self) -> str: ...
    @property
    def coach_locale(self) -> str: ...


def suggest(found: Collection[Missed], histories: Mapping[Key, History]) -> dict[int, Suggestion]:
    """Return the suggested acts, by the id of what was `found`; a week that is no miss any more has none.

    `histories` has that of each rep and week.
    """
    suggestions = {}
    for one in found:
        suggestion = suggest_act(_facts(one, histories[one.member_id, one.week]))
        if suggestion is not None:
            suggestions[one.id] = suggestion
    return suggestions


def _facts(one: Missed, history: History) -> Facts:
    return Facts(
        weeks=[_week(week) for week in history.weeks],
        sales=history.last.goal(metrics.SALES),
        own_goals=[
            OwnGoal(question.name, question.unit, question.counted)
            for question in history.last.asked
            if question.key is None
        ],
        cause=Cause(one.cause) if one.cause in set(Cause) else None,
        asked_advice=one.asked_advice,
        has_plan=one.has_plan,
        log=history.log,
        currency=one.currency,
        locale=one.coach_locale,
    )


def _week(week: PastWeek) -> Week:
    return Week(week.result, week.conversations, week.base_moves)


_CHECK_IN, _PLAN = columns(CheckIn), columns(Plan)

HAS_PLAN = sa.exists().where(
    _PLAN.member_id == _CHECK_IN.member_id,
    _PLAN.state == PlanState.APPROVED.value,
    _CHECK_IN.week.between(_PLAN.from_week, _PLAN.ends_on),
)
"""A column: whether a signed plan set the targets of a check-in's week; one that was replaced later counts too."""
