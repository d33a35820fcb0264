"""Creates drafts: empty ones, copies of the last version, or copies of it with later dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, col, or_, select

from bot.domain.metrics.metrics import metrics_for
from bot.domain.plans.history import fill_in
from bot.domain.plans.rows import (
    compute,
    copy_goals,
    copy_ratios,
    draft_of,
    goals_of,
    lock_member,
    new_version,
    span_of,
)
from bot.domain.refusals import Refusal
from bot.domain.shown.plans import BEGINS_ON, ENDS_ON, PERIOD, GoalForm
from bot.domain.tables import Member, Plan, PlanOrigin, PlanState, Team
from bot.rules.goals import GoalKind
from bot.rules.periods import Period, Span, following_span, span_problem
from bot.rules.periods import span_of as span_of_period
from bot.rules.problems import PlanProblems

ZERO = Decimal(0)


def last_version(session: Session, member_id: int) -> Plan | None:
    """Return the version that a new one is based on: the rep's own newest, or a newer one that both agreed on."""
    return session.exec(
        select(Plan)
        .where(
            Plan.member_id == member_id,
            col(Plan.version).is_not(None),
            or_(
                col(Plan.state).in_([PlanState.APPROVED, PlanState.PROPOSED, PlanState.SENT_BACK]),
                col(Plan.origin).in_([PlanOrigin.REP, PlanOrigin.FRESH_START]),
            ),
        )
        .order_by(col(Plan.version).desc())
        .limit(1)
    ).first()


def begin(session: Session, *, member: Member, team: Team, span: Span, now: datetime) -> Plan:
    """Create a draft from the last version, or an empty one. The caller has locked the member.

    The remaining weeks are never copied from a signed version, because time has passed. What the rep typed as
    closed is, as an opening balance of its day.
    """
    last = last_version(session, member.id)
    if last is None:
        draft = Plan(
            workspace_id=member.workspace_id,
            member_id=member.id,
            team_id=team.id,
            currency=team.currency,
            period=Period.DATES,
            begins_on=span.first,
            ends_on=span.last,
            goal=ZERO,
            closed=ZERO,
            created_at=now,
        )
        session.add(draft)
        session.flush()
        return draft
    draft = new_version(last, origin=PlanOrigin.REP, state=PlanState.DRAFT, now=now)
    if last.state == PlanState.APPROVED:
        forget_time(draft)
    session.add(draft)
    session.flush()
    copy_ratios(session, of=last, to=draft)
    copy_goals(session, of=last, to=draft, team=team)
    return draft


def start_afresh(
    session: Session, *, member: Member, team: Team, today: date, now: datetime
) -> Plan:
    """Create a draft from the last version with a later period, the same goals, and everything measured again.

    A second press changes nothing; raises Refusal if there is another draft, or no version yet.
    """
    lock_member(session, member.id)
    last, lying = last_version(session, member.id), draft_of(session, member.id)
    if last is None:
        raise Refusal("There is no plan to start from yet: write your first one with /plan.")
    if lying is not None:
        if (lying.origin, lying.based_on) == (PlanOrigin.FRESH_START, last.id):
            return lying
        raise Refusal("A plan lies half written: go on with it, or throw it away first.")
    draft = new_version(last, origin=PlanOrigin.FRESH_START, state=PlanState.DRAFT, now=now)
    period, span = following_span(Period(last.period), span_of(last), today=today)
    draft.period, draft.begins_on, draft.ends_on = period, span.first, span.last
    forget_time(draft)
    forget_opening(draft)
    draft.average_sale = (
        draft.average_logged
    )  # uses the measured value, even if the rep overruled it before
    session.add(draft)
    session.flush()
    copy_goals(session, of=last, to=draft, team=team)
    for goal in goals_of(session, draft.id):
        if goal.ends_on is not None and goal.ends_on < span.first:
            if goal.kind == GoalKind.LEAVE:
                session.delete(goal)
            goal.begins_on = goal.ends_on = None
    session.flush()
    bring_up_to_date(session, draft, member=member, team=team, today=today)
    return draft


def forget_time(draft: Plan) -> None:
    """Clear the closed amount and the remaining weeks, so that the log and the calendar fill them in again.

    An opening balance stays: what was won after its day is added to it.
    """
    draft.closed, draft.closed_logged = ZERO, None
    draft.working_weeks = draft.weeks_counted = None


def forget_opening(draft: Plan) -> None:
    """Clear the opening balance, because it is not about this period, or not in this currency."""
    draft.opening = draft.opening_on = None


def bring_up_to_date(
    session: Session, draft: Plan, *, member: Member, team: Team, today: date
) -> PlanProblems | None:
    """Measure a draft again for the rep's present team and compute it; return the problems if no plan results."""
    if draft.currency != team.currency:
        forget_opening(draft)
    draft.team_id, draft.currency = team.id, team.currency
    known = {None, *(metric.id for metric in metrics_for(session, team))}
    for goal in goals_of(session, draft.id):
        if goal.metric_id not in known:  # a metric of another team, or an archived one
            session.delete(goal)
    session.flush()
    fill_in(session, plan=draft, member=member, team=team, today=today)
    try:
        compute(session, draft)
    except PlanProblems as problems:
        return problems
    return None


def periods_on_offer(today: date) -> Mapping[Period, Span]:
    """Return the years and quarters that a plan can still be made for."""
    offered = (Period.THIS_YEAR, Period.THIS_QUARTER, Period.NEXT_YEAR, Period.NEXT_QUARTER)
    spans = {period: span_of_period(period, today=today) for period in offered}
    return {
        period: span for period, span in spans.items() if span_problem(span, today=today) is None
    }


def read_span(form: GoalForm, today: date, problems: dict[str, str]) -> tuple[Period, Span | None]:
    """Return the chosen period; problems with it are added to `problems`."""
    if form.period not in set(Period):
        problems[PERIOD] = "Choose a period."
        return Period.DATES, None
    period = Period(form.period)
    if period is not Period.DATES:
        span = span_of_period(period, today=today)
    elif form.begins_on is None or form.ends_on is None:
        if form.begins_on is None:
            problems[BEGINS_ON] = "Choose the first day."
        if form.ends_on is None:
            problems[ENDS_ON] = "Choose the last day."
        return period, None
    else:
        span = Span(form.begins_on, form.ends_on)
    sentence = span_problem(span, today=today)
    if sentence is not None:
        problems[ENDS_ON if period is Period.DATES else PERIOD] = sentence
        return period, None
    return period, span
