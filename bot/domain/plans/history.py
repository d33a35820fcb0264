"""Fills the numbers of the history into a plan, beside the numbers that the rep entered instead."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import Session

from bot.domain.calendars import working_days as calendars
from bot.domain.plans import measures
from bot.domain.plans.rows import goals_of, leave_days, new_ratio, ratio_rows, span_of, write_ratio
from bot.domain.shown.plans import Figure
from bot.domain.tables import Goal, Member, Plan, Team
from bot.rules import measures as measuring
from bot.rules import periods
from bot.rules.periods import Span
from bot.rules.ratios import Provenance, overruled

ZERO = Decimal(0)


def fill_in(
    session: Session, *, plan: Plan, member: Member, team: Team, today: date
) -> measures.Measured:
    """Measure again, and update every number that the rep did not overrule.

    An overruled ratio keeps its percentage; the measured one is stored beside it.
    """
    measured = measures.measure(session, member=member, team=team, today=today)
    goals = goals_of(session, plan.id)
    fill_in_time(session, plan=plan, goals=goals, member=member, team=team, today=today)
    _fill_average(plan, measured)
    session.flush()
    known = ratio_rows(session, plan.id)
    for step, found in measured.ratios.items():
        row = known.get(step)
        if row is None:
            session.add(new_ratio(plan, found))
        elif row.provenance == Provenance.OVERRULED:
            write_ratio(row, found=found, taken=overruled(found, row.percent))
        else:
            write_ratio(row, found=found, taken=found)
    session.flush()
    return measured


def fill_in_time(
    session: Session,
    *,
    plan: Plan,
    goals: list[Goal],
    member: Member,
    team: Team,
    today: date,
) -> None:
    """Update the numbers that change with time: the closed amount, and the weeks that these goals leave."""
    _fill_closed(session, plan, today)
    own = plan.working_weeks != plan.weeks_counted
    span = span_of(plan)
    away = days_away(session, member=member, team=team, span=span, goals=goals)
    plan.weeks_counted = periods.working_weeks(
        span, today=today, away=away, weekdays=calendars.of_team(team, span.first).working_days
    )
    if not own:
        plan.working_weeks = plan.weeks_counted


def _fill_closed(session: Session, plan: Plan, today: date) -> None:
    won = closed_since(session, plan, first=plan.begins_on, today=today)
    # Before the period begins nothing can have been sold in it, so zero is a known number.
    plan.closed_logged = won if won or plan.begins_on > today else None
    plan.closed = closed_by(session, plan, today=today)


def closed_by(session: Session, plan: Plan, *, today: date) -> Decimal:
    """Return what is closed of the plan's goal up to today: its opening balance, and what was won after its day.

    Without an opening balance it is what was won since the period began.
    """
    if plan.opening is None or plan.opening_on is None:
        return closed_since(session, plan, first=plan.begins_on, today=today)
    first = max(plan.opening_on + timedelta(days=1), plan.begins_on)
    return plan.opening + closed_since(session, plan, first=first, today=today)


def closed_since(session: Session, plan: Plan, *, first: date, today: date) -> Decimal:
    """Return what the rep won from the day `first` up to today, at most to the end of the plan's period."""
    return measures.closed_between(
        session, member_id=plan.member_id, first=first, last=min(today, plan.ends_on)
    )


def _fill_average(plan: Plan, measured: measures.Measured) -> None:
    own = plan.average_sale != plan.average_logged
    found = measured.average_sale
    plan.average_logged = found.amount if found else None
    plan.average_sales = found.sales if found else 0
    plan.average_since = found.since if found else None
    if not own:
        plan.average_sale = plan.average_logged


def days_away(
    session: Session, *, member: Member, team: Team, span: Span, goals: list[Goal]
) -> set[date]:
    """Return the team's working days in the span on which the rep does not work.

    The reason may be a goal of leave, a recorded absence or a public holiday.
    """
    calendar = calendars.of_rep(session, member.id, team, span.first)
    leave = leave_days(goals)
    days = periods.working_days(span, calendar.working_days)
    return {day for day in days if day in leave or calendar.is_off(day)}


def closed_figure(plan: Plan) -> Figure:
    """Return the amount that is closed already, and its source."""
    return Figure(
        plan.closed,
        _provenance(plan.closed, plan.closed_logged),
        plan.closed_logged,
        since=plan.begins_on if plan.closed_logged is not None else None,
        opening=plan.opening,
        opening_on=plan.opening_on,
    )


def average_figure(plan: Plan) -> Figure:
    """Return the average amount of a sale, and its source."""
    provenance = _provenance(plan.average_sale, plan.average_logged)
    if provenance is Provenance.MEASURED and plan.average_sales < measuring.ENOUGH_SALES:
        provenance = Provenance.THIN
    return Figure(
        plan.average_sale,
        provenance,
        plan.average_logged,
        sales=plan.average_sales,
        since=plan.average_since,
    )


def _provenance(value: Decimal | None, logged: Decimal | None) -> Provenance:
    if logged is None:
        return Provenance.OVERRULED if value else Provenance.ASSUMED
    return Provenance.MEASURED if value == logged else Provenance.OVERRULED
