"""Reads the results of a rep's past weeks, for trends, streaks and Home."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.shown.alerts import TrendWeek
from bot.domain.shown.reader import Reader
from bot.domain.tables import Answer, CheckIn, CheckInState, Verdict
from bot.rules import verdicts
from bot.rules.weeks import WEEK

LONGEST_STREAK = 53
"""The longest streak that is counted, in weeks, including the last."""


class Reading(Protocol):
    """A Member, or a row with its reading settings."""

    @property
    def timezone(self) -> str: ...
    @property
    def locale(self) -> str: ...


class Priced(Protocol):
    """A Team, or a row with its `currency` column."""

    @property
    def currency(self) -> str: ...


def reader_of(member: Reading, team: Priced | None) -> Reader:
    """Return the member's reading settings, with the currency of the team that is shown."""
    return Reader(
        timezone=member.timezone,
        locale=member.locale,
        currency=team.currency if team is not None else "USD",
    )


class Stated(Protocol):
    """A CheckIn, or a row with its state."""

    @property
    def state(self) -> str: ...


class Given(Protocol):
    """An Answer, or a row with its verdict."""

    @property
    def verdict(self) -> str | None: ...


def result_of(check_in: Stated, answers: Sequence[Given]) -> str:
    """Return the week's result: `met`, `missed`, `silent`, `away`, `skipped`, or `open` while it is asked."""
    return result_from(check_in.state, all(a.verdict == Verdict.YES for a in answers))


def result_from(state: str, met_all: bool) -> str:
    """Do what `result_of` does, from the check-in's state and whether every answer is a yes."""
    if state == CheckInState.ANSWERED:
        return "met" if met_all else "missed"
    return {
        CheckInState.UNANSWERED: "silent",
        CheckInState.AWAY: "away",
        CheckInState.SKIPPED: "skipped",
    }.get(CheckInState(state), "open")


def trend(session: Session, *, member_id: int, last: date, weeks: int) -> tuple[TrendWeek, ...]:
    """Return the rep's `weeks` weeks up to and including `last`, oldest first; weeks never asked are `none`."""
    return trends(session, [(member_id, last)], weeks=weeks)[member_id, last]


def trends(
    session: Session, lasts: Collection[tuple[int, date]], *, weeks: int
) -> dict[tuple[int, date], tuple[TrendWeek, ...]]:
    """Return the trends of many reps, each given as member id and last week, with one statement."""
    if not lasts:
        return {}
    before = (weeks - 1) * WEEK
    known: dict[tuple[int, date], tuple[str, list[tuple[Any, ...]]]] = {}
    for member_id, week, state, *answer in rows(
        session,
        _WEEKS,
        members=list({member_id for member_id, _ in lasts}),
        since=min(week for _, week in lasts) - before,
        until=max(week for _, week in lasts),
    ):
        _, answers = known.setdefault((member_id, week), (state, []))
        if answer[0] is not None:  # a check-in without a question has a row without an answer
            answers.append(tuple(answer))
    return {
        (member_id, last): tuple(
            _trend_week(week, known.get((member_id, week)))
            for week in (last - before + n * WEEK for n in range(weeks))
        )
        for member_id, last in lasts
    }


def _trend_week(week: date, found: tuple[str, list[tuple[Any, ...]]] | None) -> TrendWeek:
    if found is None:
        return TrendWeek(week, "none", ())
    state, answers = found
    return TrendWeek(
        week,
        result_from(state, all(verdict == Verdict.YES for *_, verdict in answers)),
        tuple((name, number, target) for name, number, target, _ in answers),
    )


def streak(session: Session, *, member_id: int, last: date) -> int:
    """Return how many weeks in a row, including `last`, the rep met every goal; at most LONGEST_STREAK."""
    return streaks(session, [(member_id, last)])[member_id, last]


def streaks(session: Session, lasts: Collection[tuple[int, date]]) -> dict[tuple[int, date], int]:
    """Return the streaks of many reps, each given as member id and last week, with one statement."""
    if not lasts:
        return {}
    weeks = [week for _, week in lasts]
    found = rows(
        session,
        _RESULTS,
        members=list({member_id for member_id, _ in lasts}),
        since=min(weeks) - (LONGEST_STREAK - 1) * WEEK,
        until=max(weeks),
    )
    results: dict[int, dict[date, str]] = {}
    for member_id, week, state, unmet in found:
        results.setdefault(member_id, {})[week] = result_from(state, unmet == 0)
    return {
        (member_id, last): streak_of(results.get(member_id, {}), last) for member_id, last in lasts
    }


def streak_of(results: Mapping[date, str], last: date) -> int:
    """Return the streak that ends with `last`, from the results of a rep's weeks."""
    return verdicts.streak([results.get(last - n * WEEK, "none") for n in range(LONGEST_STREAK)])


_CHECK_IN, _ANSWER = columns(CheckIn), columns(Answer)

_WEEKS = (
    sa.select(
        _CHECK_IN.member_id,
        _CHECK_IN.week,
        _CHECK_IN.state,
        _ANSWER.name,
        _ANSWER.number,
        _ANSWER.target,
        _ANSWER.verdict,
    )
    .join_from(table(CheckIn), table(Answer), _ANSWER.check_in_id == _CHECK_IN.id, isouter=True)
    .where(
        _CHECK_IN.member_id.in_(any_of("members")),
        _CHECK_IN.week.between(sa.bindparam("since"), sa.bindparam("until")),
    )
    .order_by(_ANSWER.position)
)

_RESULTS = (
    sa.select(
        _CHECK_IN.member_id,
        _CHECK_IN.week,
        _CHECK_IN.state,
        sa.func.count(
            sa.case((sa.func.coalesce(_ANSWER.verdict, "") != Verdict.YES.value, _ANSWER.id))
        ),
    )
    .join_from(table(CheckIn), table(Answer), _ANSWER.check_in_id == _CHECK_IN.id, isouter=True)
    .where(
        _CHECK_IN.member_id.in_(any_of("members")),
        _CHECK_IN.week.between(sa.bindparam("since"), sa.bindparam("until")),
    )
    .group_by(_CHECK_IN.id, _CHECK_IN.member_id, _CHECK_IN.week, _CHECK_IN.state)
)
"""Selects each week with the number of its goals that were not met."""
