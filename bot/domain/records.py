"""What the record says of a rep's weeks: the results behind trends, streaks and Home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from sqlmodel import Session, col, select

from bot.domain.shown.alerts import TrendWeek
from bot.domain.shown.reader import Reader
from bot.domain.tables import Answer, CheckIn, CheckInState, Member, Team, Verdict
from bot.rules import verdicts

WEEK = timedelta(days=7)


def reader_of(member: Member, team: Team | None) -> Reader:
    """How the member reads, with the currency of the team that it is about."""
    return Reader(
        timezone=member.timezone,
        locale=member.locale,
        currency=team.currency if team is not None else "USD",
    )


class Stated(Protocol):
    """What has a check-in's state."""

    @property
    def state(self) -> str: ...


class Given(Protocol):
    """What has an answer's verdict."""

    @property
    def verdict(self) -> str | None: ...


def result_of(check_in: Stated, answers: Sequence[Given]) -> str:
    """The week in one word: `met`, `missed`, `silent`, `away`, `skipped`, or `open` while it is asked."""
    if check_in.state == CheckInState.ANSWERED:
        return "met" if all(a.verdict == Verdict.YES for a in answers) else "missed"
    return {
        CheckInState.UNANSWERED: "silent",
        CheckInState.AWAY: "away",
        CheckInState.SKIPPED: "skipped",
    }.get(CheckInState(check_in.state), "open")


def trend(session: Session, *, member_id: int, last: date, weeks: int) -> tuple[TrendWeek, ...]:
    """The rep's `weeks` weeks up to and including `last`, oldest first; weeks never asked are `none`."""
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
    """How many weeks in a row, `last` included, the rep met everything; a year at the most."""
    results = [w.result for w in trend(session, member_id=member_id, last=last, weeks=53)]
    # A week that was never asked counts no more than one away: it neither adds nor breaks.
    return verdicts.streak(["away" if r == "skipped" else r for r in reversed(results)])
