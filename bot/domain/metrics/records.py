"""Reads the results of a rep's past weeks, for trends, streaks and Home."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import any_of, columns, rows, table
from bot.domain.shown.alerts import TrendWeek
from bot.domain.shown.reader import Reader
from bot.domain.tables import Answer, CheckIn, CheckInState, Member, Team, Verdict
from bot.rules import verdicts
from bot.rules.weeks import WEEK

LONGEST_STREAK = 53
"""The longest streak that is counted, in weeks, including the last."""


def reader_of(member: Member, team: Team | None) -> Reader:
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
    return _result(check_in.state, all(a.verdict == Verdict.YES for a in answers))


def _result(state: str, met_all: bool) -> str:
    if state == CheckInState.ANSWERED:
        return "met" if met_all else "missed"
    return {
        CheckInState.UNANSWERED: "silent",
        CheckInState.AWAY: "away",
        CheckInState.SKIPPED: "skipped",
    }.get(CheckInState(state), "open")


def trend(session: Session, *, member_id: int, last: date, weeks: int) -> tuple[TrendWeek, ...]:
    """Return the rep's `weeks` weeks up to and including `last`, oldest first; weeks never asked are `none`."""
    first = last - (weeks - 1) * WEEK
    check_ins = session.exec(
        select(CheckIn).where(
            CheckIn.member_id == member_id, CheckIn.week >= first, CheckIn.week <= last
        )
    ).all()
    answers: dict[int, list[Answer]] = {check_in.id: [] for check_in in check_ins}
    for answer in session.exec(
        select(Answer).where(col(Answer.check_in_id).in_(answers)).order_by(col(Answer.position))
    ):
        answers[answer.check_in_id].append(answer)
    by_week = {check_in.week: check_in for check_in in check_ins}
    shown = []
    for number in range(weeks):
        week = first + number * WEEK
        check_in = by_week.get(week)
        given = answers[check_in.id] if check_in else []
        shown.append(
            TrendWeek(
                week=week,
                result=result_of(check_in, given) if check_in else "none",
                numbers=tuple((a.name, a.number, a.target) for a in given),
            )
        )
    return tuple(shown)


def streak(session: Session, *, member_id: int, last: date) -> int:
    """Return how many weeks in a row, including `last`, the rep met every goal; at most LONGEST_STREAK."""
    return streaks(session, [(member_id, last)])[member_id, last]


def streaks(session: Session, lasts: Collection[tuple[int, date]]) -> dict[tuple[int, date], int]:
    """Return the streaks of many reps, each given as member id and last week, with one query."""
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
    results = {
        (member_id, week): _result(state, unmet == 0) for member_id, week, state, unmet in found
    }
    # A week that was never asked is treated like a week away: it neither extends nor breaks a streak.
    results = {key: "away" if result == "skipped" else result for key, result in results.items()}
    return {
        (member_id, last): verdicts.streak(
            [results.get((member_id, last - n * WEEK), "none") for n in range(LONGEST_STREAK)]
        )
        for member_id, last in lasts
    }


_CHECK_IN, _ANSWER = columns(CheckIn), columns(Answer)

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
