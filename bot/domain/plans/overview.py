"""The overview of a rep's plans: the one that counts, those in progress, and all versions."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.domain.access import Caller
from bot.domain.calendars.open_weeks import today_of
from bot.domain.metrics import targets
from bot.domain.metrics.records import reader_of
from bot.domain.plans.access import subject
from bot.domain.plans.in_force import in_force as in_force
from bot.domain.plans.rows import draft_of, span_of, waiting_of
from bot.domain.plans.showing import compare as compare
from bot.domain.plans.showing import show as show
from bot.domain.plans.showing import version as version
from bot.domain.shown.plans import PlanOverview, VersionRow, Versions
from bot.domain.tables import Plan, PlanState
from bot.rules.weeks import monday_of

VERSIONS_SHOWN = 20


def overview(
    session: Session, *, caller: Caller, now: datetime, slack_user_id: str | None = None
) -> PlanOverview:
    """Return the overview for `/plan`, of the caller or of a rep whom they coach; raises Refusal otherwise."""
    found = subject(session, caller, slack_user_id)
    rep, viewer = found.rep, found.viewer
    week = monday_of(today_of(rep, now))
    signed, waiting = _latest_signed(session, rep.id), waiting_of(session, rep.id)
    draft = draft_of(session, rep.id) if found.own else None
    newest = session.exec(
        select(Plan)
        .where(Plan.member_id == rep.id, col(Plan.version).is_not(None))
        .order_by(col(Plan.version).desc())
        .limit(1)
    ).first()
    sent_back = newest if newest is not None and newest.state == PlanState.SENT_BACK else None
    counted = targets.in_force(session, [rep.id], week)
    return PlanOverview(
        rep=rep.slack_user_id,
        rep_name=rep.name,
        own=found.own,
        in_force=show(session, signed.id, now=now, viewer=viewer) if signed else None,
        waiting=show(session, waiting.id, now=now, viewer=viewer) if waiting else None,
        draft_id=draft.id if draft else None,
        sent_back=show(session, sent_back.id, now=now, viewer=viewer) if sent_back else None,
        versions=newest.version or 0 if newest else 0,
        targets_now={metric.key: amount for metric, amount in counted.get(rep.id, [])},
        reader=reader_of(viewer, found.team),
    )


def _latest_signed(session: Session, member_id: int) -> Plan | None:
    return session.exec(
        select(Plan)
        .where(Plan.member_id == member_id, Plan.state == PlanState.APPROVED)
        .order_by(col(Plan.version).desc())
        .limit(1)
    ).first()


def versions(
    session: Session, *, caller: Caller, now: datetime, slack_user_id: str | None = None
) -> Versions:
    """Return the versions of the caller's plan or of a rep's whom they coach, newest first; else raise Refusal.

    A draft is not a version yet.
    """
    found = subject(session, caller, slack_user_id)
    of_rep = Plan.member_id == found.rep.id, col(Plan.version).is_not(None)
    rows = session.exec(
        select(Plan).where(*of_rep).order_by(col(Plan.version).desc()).limit(VERSIONS_SHOWN)
    ).all()
    count = session.exec(select(func.count()).select_from(Plan).where(*of_rep)).one()
    return Versions(
        rep=found.rep.slack_user_id,
        rep_name=found.rep.name,
        own=found.own,
        rows=tuple(
            VersionRow(
                plan_id=plan.id,
                version=plan.version,
                state=plan.state,
                origin=plan.origin,
                span=span_of(plan),
                goal=plan.goal,
                conversations=plan.conversations,
                base_moves=plan.base_moves,
                sales=plan.sales,
                from_week=plan.from_week,
                at=plan.decided_at or plan.proposed_at or plan.created_at,
            )
            for plan in rows
        ),
        more=count - len(rows),
        reader=reader_of(found.viewer, found.team),
    )
