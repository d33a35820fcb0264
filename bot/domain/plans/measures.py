"""Measures a rep's log for a plan: ratios, sales cycle, average sale, closed amount, best weeks.

`bot.rules.measures` explains how this is measured, and why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import columns, rows, table
from bot.domain.metrics import metrics
from bot.domain.tables import (
    Answer,
    CheckIn,
    Conversation,
    Enrolment,
    Member,
    Metric,
    OpportunityStatus,
    Team,
)
from bot.rules import measures as rules
from bot.rules.conversation import Base
from bot.rules.measures import AverageSale, BestWeeks, Deal, Median, SalesCycle
from bot.rules.ratios import Provenance, Ratio, Step
from bot.rules.weeks import WEEK, monday_of

READ = rules.WINDOW + timedelta(days=rules.LONGEST_CYCLE)
"""Opportunities without a conversation for this long can't count any more and are not read."""

YEAR = 52
"""The number of past weeks among which the best ones are searched."""


@dataclass(frozen=True)
class Measured:
    """The numbers of the history that a plan can use.

    `ratios` has all four steps. `from_team` has those whose assumed percentage is the median of the team's other
    reps, with how many they are. `average_sale` is None if nothing was sold in the last year.
    """

    ratios: Mapping[Step, Ratio]
    average_sale: AverageSale | None
    sales_cycle: SalesCycle
    from_team: Mapping[Step, Median]


def measure(session: Session, *, member: Member, team: Team, today: date) -> Measured:
    """Measure the rep's own log; `today` is the date in the rep's zone.

    Ratios come from the opportunities that began in the 365 days before maturity, maturity being one sales
    cycle ago: the one measured from the rep's wins of the last 365 days, or the team's `sales_cycle_days`
    where there are fewer than five. So last week's firsts don't depress a ratio. Conversation → 1st divides by
    all logged conversations of those opportunities, as the weekly target does; one that skipped 2nd counts as
    having reached it. `since` is the day on which the first of them began.

    If a step has no usable history, the median of the team's other reps is assumed, if there is one.
    """
    deals = _deals(session, [member.id], today=today)[member.id]
    ratios, cycle = _ratios(deals, team=team, today=today)
    from_team: dict[Step, Median] = {}
    if any(ratio.provenance is Provenance.ASSUMED for ratio in ratios.values()):
        medians = team_medians(session, team=team, without=member.id, today=today)
        for step, median in medians.items():
            if ratios[step].provenance is Provenance.ASSUMED and median.percent is not None:
                ratios[step] = replace(ratios[step], percent=median.percent)
                from_team[step] = median
    return Measured(
        ratios=ratios,
        average_sale=rules.average_sale(deals, today=today),
        sales_cycle=cycle,
        from_team=from_team,
    )


def team_medians(
    session: Session, *, team: Team, without: int | None, today: date
) -> Mapping[Step, Median]:
    """Return the median ratio of the team's present reps for each step; the rep `without` is left out.

    Each rep is measured with their own sales cycle, and counts for a step if their ratio is measured, not thin.
    The median is None for fewer than three such reps. It takes two queries, however many reps there are.
    """
    enrolment = Enrolment.__table__.c  # type: ignore[attr-defined]
    present = sa.select(enrolment.member_id).where(
        enrolment.team_id == team.id,
        enrolment.ended_on.is_(None),
        enrolment.member_id != (without or 0),
    )
    reps = [member_id for (member_id,) in rows(session, present)]
    deals = _deals(session, reps, today=today)
    return rules.medians([_ratios(deals[rep], team=team, today=today)[0] for rep in reps])


def closed_between(session: Session, *, member_id: int, first: date, last: date) -> Decimal:
    """Return the amount that the rep won on the days from `first` to `last`, both included.

    A whole week counts with what the log says or with what was answered about it on its Monday, whichever is more:
    the two are about the same sales. An answer has no days, so a week of which only a part lies between counts
    with its logged days.
    """
    logged = _logged()
    by_week = (
        sa.select(logged.week, sa.func.sum(logged.amount, type_=logged.amount.type))
        .where(
            logged.member_id == member_id,
            logged.held_on.between(first, last),
            logged.outcome == OpportunityStatus.WON,
            logged.undone_at.is_(None),
        )
        .group_by(logged.week)
    )
    closed: dict[date, Decimal] = {
        week: amount for week, amount in rows(session, by_week) if amount is not None
    }
    for week, answered in rows(
        session,
        _ANSWERED_SALES,
        member=member_id,
        first_week=first + timedelta(days=-first.weekday() % 7),
        last_week=monday_of(last + timedelta(days=1)) - WEEK,
    ):
        closed[week] = max(closed.get(week, Decimal(0)), answered)
    return sum(closed.values(), Decimal(0))


def weekly_conversations(session: Session, *, member_id: int, last: date, weeks: int) -> list[int]:
    """Return the rep's conversations per week, oldest first, up to the week of `last`; empty weeks are zeros."""
    logged, last = _logged(), monday_of(last)
    mondays = [last - timedelta(weeks=back) for back in reversed(range(weeks))]
    counts = (
        sa.select(logged.week, sa.func.count())
        .where(
            logged.member_id == member_id,
            logged.week.in_(mondays),
            logged.undone_at.is_(None),
        )
        .group_by(logged.week)
    )
    found: dict[date, int] = dict(rows(session, counts))
    return [found.get(monday, 0) for monday in mondays]


def best_four_weeks(session: Session, *, member_id: int, last: date) -> BestWeeks | None:
    """Return the rep's best average over four weeks in a row, of the 52 weeks up to the week of the day `last`.

    Weeks before the first logged conversation don't count. Returns None if fewer than four weeks are left.
    """
    logged, last = _logged(), monday_of(last)
    ((first,),) = rows(
        session,
        sa.select(sa.func.min(logged.week)).where(
            logged.member_id == member_id, logged.undone_at.is_(None)
        ),
    )
    if first is None or first > last:
        return None
    weeks = min((last - first).days // 7 + 1, YEAR)
    counts = weekly_conversations(session, member_id=member_id, last=last, weeks=weeks)
    return rules.best_weeks(counts, last=last)


def _ratios(deals: list[Deal], *, team: Team, today: date) -> tuple[dict[Step, Ratio], SalesCycle]:
    cycle = rules.sales_cycle(deals, default=team.sales_cycle_days, today=today)
    counted = rules.mature(deals, cycle_days=cycle.days, today=today)
    return dict(rules.ratios_of(counted)), cycle


def _deals(session: Session, member_ids: list[int], *, today: date) -> dict[int, list[Deal]]:
    """Return each rep's opportunities, with one query; the sum of an opportunity's moves is its highest base."""
    logged = _logged()
    won = logged.outcome == OpportunityStatus.WON
    each = (
        sa.select(
            logged.member_id,
            sa.func.min(logged.held_on),
            sa.func.count(),
            sa.func.sum(logged.moves),
            sa.func.max(sa.case((won, logged.held_on))),
            sa.func.sum(sa.case((won, logged.amount)), type_=logged.amount.type),
        )
        .where(logged.member_id.in_(member_ids), logged.undone_at.is_(None))
        .group_by(logged.member_id, logged.opportunity_id)
        .having(sa.func.max(logged.held_on) > today - READ)
    )
    found: dict[int, list[Deal]] = defaultdict(list)
    for member_id, started_on, conversations, moves, won_on, amount in rows(session, each):
        found[member_id].append(Deal(started_on, conversations, Base(moves), won_on, amount))
    return found


def _logged() -> Any:
    return Conversation.__table__.c  # type: ignore[attr-defined]


_CHECK_IN, _ANSWER, _METRIC = columns(CheckIn), columns(Answer), columns(Metric)

_ANSWERED_SALES = (
    sa.select(_CHECK_IN.week, _ANSWER.number)
    .join_from(table(CheckIn), table(Answer), _ANSWER.check_in_id == _CHECK_IN.id)
    .join(table(Metric), _METRIC.id == _ANSWER.metric_id)
    .where(
        _CHECK_IN.member_id == sa.bindparam("member"),
        _CHECK_IN.week.between(sa.bindparam("first_week"), sa.bindparam("last_week")),
        _METRIC.key == metrics.SALES,
        _METRIC.team_id.is_(None),
        _ANSWER.number.is_not(None),
    )
)
