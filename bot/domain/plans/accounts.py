"""The account of a plan's period: what was planned, and what happened in the weeks that were asked about."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from bot.database import columns, rows, table
from bot.domain.calendars.open_weeks import today_of
from bot.domain.metrics import metrics, records
from bot.domain.plans.history import closed_by
from bot.domain.plans.in_force import beginning_after, signed_of
from bot.domain.plans.places import coach_of
from bot.domain.plans.rows import span_of
from bot.domain.plans.showing import reader_for
from bot.domain.shown.plan_accounts import AccountShown, Sum
from bot.domain.tables import Answer, CheckIn, Member, Metric, Plan, PlanState, Team, Verdict
from bot.rules.weeks import monday_of

COUNTED = (metrics.CONVERSATIONS, metrics.BASE_MOVES)
"""The weekly numbers that an account adds up; sales are its goal."""

BEGUN = (PlanState.PROPOSED, PlanState.SUGGESTED, PlanState.SENT_BACK, PlanState.APPROVED)
"""The states in which a later version shows that the next plan is on its way."""


def account(
    session: Session, plan_id: int, *, now: datetime, viewer: Member | None = None
) -> AccountShown:
    """Return the account for `viewer`, or for the rep's coach, up to today or to the end of the period."""
    plan = session.get_one(Plan, plan_id)
    member, team = session.get_one(Member, plan.member_id), session.get_one(Team, plan.team_id)
    coach = coach_of(session, plan) or session.get_one(Member, team.coach_id)
    today = today_of(member, now)
    weeks = _weeks(session, plan)
    later = _later_signed(session, plan)
    return AccountShown(
        plan_id=plan.id,
        version=plan.version,
        rep=member.slack_user_id,
        rep_name=member.name,
        reader=reader_for(viewer or coach, team, plan),
        span=span_of(plan),
        goal=plan.goal,
        closed=closed_by(session, plan, today=today),
        sums=_sums(session, plan, weeks),
        weeks=_results(weeks),
        weeks_left=max((monday_of(plan.ends_on) - monday_of(today)).days // 7, 0),
        targets_until=plan.targets_until,
        next_version=later.version if later else None,
        next_from=later.from_week if later else None,
        can_start=not _has_begun(session, plan),
    )


class _Week(NamedTuple):
    """An answer of a week that was asked about, or the week alone where nothing was asked."""

    week: date
    state: str
    key: str | None
    is_of_all: bool | None
    name: str | None
    number: Decimal | None
    target: Decimal | None
    verdict: str | None


def _weeks(session: Session, plan: Plan) -> list[_Week]:
    found = rows(
        session,
        _ASKED,
        member=plan.member_id,
        first=monday_of(plan.begins_on),
        last=monday_of(plan.ends_on),
    )
    return [_Week(*row) for row in found]


def _results(weeks: list[_Week]) -> Counter[str]:
    """Count the weeks by their results, those that are still open left out."""
    met: dict[date, bool] = {}
    states: dict[date, str] = {}
    for one in weeks:
        states[one.week] = one.state
        is_yes = one.verdict in {None, Verdict.YES} and (one.key is None or one.verdict is not None)
        met[one.week] = met.get(one.week, True) and is_yes
    found = Counter(records.result_from(states[week], met[week]) for week in states)
    del found["open"]
    return found


def _sums(session: Session, plan: Plan, weeks: list[_Week]) -> tuple[Sum, ...]:
    """Add up what the weeks asked for, and the greater of answer and log for each of them."""
    asked = [one for one in weeks if one.is_of_all and one.key in COUNTED]
    known = session.exec(
        select(Metric).where(
            Metric.workspace_id == plan.workspace_id,
            col(Metric.team_id).is_(None),
            col(Metric.key).in_(COUNTED),
        )
    ).all()
    logged = metrics.logged_numbers(
        session, [plan.member_id], sorted({one.week for one in asked}), known
    )
    sums = []
    for metric in sorted(known, key=lambda metric: metric.position):
        mine = [one for one in asked if one.key == metric.key]
        if not mine:
            continue
        done = [
            max(one.number or metrics.ZERO, logged[plan.member_id, one.week, metric.id])
            for one in mine
        ]
        targets = [one.target or metrics.ZERO for one in mine]
        sums.append(Sum(metric.name, sum(targets, metrics.ZERO), sum(done, metrics.ZERO)))
    return tuple(sums)


def _later_signed(session: Session, plan: Plan) -> Plan | None:
    """Return the signed version that counts next after this one."""
    signed = signed_of(session, [plan.member_id]).get(plan.member_id, [])
    return next(iter(beginning_after(signed, plan.ends_on)), None)


def _has_begun(session: Session, plan: Plan) -> bool:
    later = session.exec(
        select(func.count())
        .select_from(Plan)
        .where(
            Plan.member_id == plan.member_id,
            col(Plan.version) > (plan.version or 0),
            col(Plan.state).in_(BEGUN),
            col(Plan.ends_on) > plan.ends_on,
        )
    ).one()
    return later > 0


_CHECK_IN, _ANSWER, _METRIC = columns(CheckIn), columns(Answer), columns(Metric)

_ASKED = (
    sa.select(
        _CHECK_IN.week,
        _CHECK_IN.state,
        _METRIC.key,
        _METRIC.team_id.is_(None),
        _ANSWER.name,
        _ANSWER.number,
        _ANSWER.target,
        _ANSWER.verdict,
    )
    .join_from(table(CheckIn), table(Answer), _ANSWER.check_in_id == _CHECK_IN.id, isouter=True)
    .join(table(Metric), _METRIC.id == _ANSWER.metric_id, isouter=True)
    .where(
        _CHECK_IN.member_id == sa.bindparam("member"),
        _CHECK_IN.week.between(sa.bindparam("first"), sa.bindparam("last")),
    )
)
